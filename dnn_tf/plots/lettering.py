"""Names and titles in letters that the fonts of this machine have."""

import functools
from collections.abc import Sequence
from typing import Any

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

_FAMILIES = (
    "DejaVu Sans",
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "SimHei",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Arial Unicode MS",
)
"""Matplotlib's own, then what systems have for Chinese; the first that has a letter draws it."""


@functools.cache
def families() -> tuple[str, ...]:
    """Those of the families that are installed."""
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    return tuple(family for family in _FAMILIES if family in known)


@functools.cache
def _fonts() -> tuple[FT2Font, ...]:
    return tuple(font_manager.get_font(font_manager.findfont(family)) for family in families())


def can_draw(text: str) -> bool:
    """Whether there is a font for each of its letters.

    >>> can_draw("größe, собака")
    True
    """
    return all(any(font.get_char_index(ord(letter)) for font in _fonts()) for letter in text)


def drawable(text: str) -> str:
    """The text, with a question mark for every letter that no font has.

    >>> drawable("größe")
    'größe'
    """
    return "".join(letter if letter == "\n" or can_draw(letter) else "?" for letter in text)


def names_or_numbers(names: Sequence[str]) -> list[str]:
    """Each name, or its number in the row where it cannot be drawn.

    >>> names_or_numbers(["cat", "dog"])
    ['cat', 'dog']
    """
    return [name if can_draw(name) else f"class {i}" for i, name in enumerate(names)]


def in_fonts() -> dict[str, Any]:
    """The word that tells matplotlib's functions for text to take these fonts."""
    return {"fontfamily": list(families())}
