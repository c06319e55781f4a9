"""What an artefact says about itself."""

import json
import stat
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from dnn_tf.data import ImageFormat
from dnn_tf.saving.contents import CARD, as_path, check_contents
from dnn_tf.storage import seal
from dnn_tf.storage.sealing import read_seal
from dnn_tf.types import InputError

FORMAT = 2
"""Since 2 the card lists every file of the artefact with its SHA-256, itself too."""


@dataclass(frozen=True)
class Card:
    """The card of an artefact.

    Args:
        class_names: the name of class 0, 1, ...
        source: where the training data came from.
        image_format: how an image becomes features, if it was trained on images.
        settings: what it was trained with.
        metrics: what was measured on it.
        parameters: how many weights it has.
        versions: of the packages that made it.
        created: when, in ISO 8601, UTC.
    """

    class_names: tuple[str, ...]
    source: str
    image_format: ImageFormat | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    parameters: int = 0
    versions: dict[str, str] = field(default_factory=dict)
    created: str = ""

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> "Card":
        """The card that `asdict` made these of, once through JSON.

        Raises:
            ValueError, TypeError, KeyError: they are none.
        """
        image_format = fields["image_format"]
        if image_format is not None:
            image_format = ImageFormat(**image_format)
        if not all(isinstance(name, str) for name in fields["class_names"]):
            raise TypeError("a class name is no text")
        return cls(
            **{**fields, "class_names": (*fields["class_names"],), "image_format": image_format}
        )


def plain(value: Any, field: str) -> Any:
    """A value as JSON can hold it: numbers of NumPy and paths become plain ones.

    >>> plain({"lr": np.float32(0.5), "to": Path("a")}, "settings")
    {'lr': 0.5, 'to': 'a'}

    Raises:
        InputError: it cannot; the message names the field.
    """
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist(), field)
    if isinstance(value, Path):
        return plain(str(value), field)
    if isinstance(value, str):
        if not _is_unicode(value):
            raise InputError(
                f"{field} of the card is {value!a:.120}, which is no Unicode text: rename the file "
                "or folder that it was read from"
            )
        return value
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {plain(_name(name, field), field): plain(one, f"{field}[{name!a:.40}]")
                for name, one in value.items()}  # fmt: skip
    if isinstance(value, list | tuple):
        return [plain(one, f"{field}[{number}]") for number, one in enumerate(value)]
    raise InputError(
        f"{field} of the card is {type(value).__name__} {value!a:.80}, and a number, a text, or a "
        "list or dict of them was expected"
    )


def _name(name: Any, field: str) -> str:
    if not isinstance(name, str):
        raise InputError(f"{field} of the card has the key {name!a:.80}, and a text was expected")
    return name


def _is_unicode(text: str) -> bool:
    """Whether it has no half of a surrogate pair, as names of files in Latin-1 have."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def write_card(folder: Path, card: Card) -> None:
    """The card as the last file of an artefact: it lists all that are there."""
    seal(folder, CARD, {"format": FORMAT, **asdict(card)})


def read_card(path: str | Path) -> Card:
    """The card of the artefact in that folder.

    The card is checked against its own checksum, and the folder against its list of files; the
    other files are not read.

    Raises:
        InputError: the folder is no artefact of this package, or is damaged.
    """
    return read_listed(as_path(path))[0]


def read_listed(folder: Path) -> tuple[Card, dict[str, str]]:
    """The same, and `{file: SHA-256}` of the files that the card lists.

    Raises:
        InputError: see `read_card`.
    """
    try:
        return _read_listed(folder)
    except OSError as error:
        raise InputError(
            f"{folder} cannot be read ({error.strerror}), and a folder written by "
            "dnn_tf.save was expected"
        ) from error


def _read_listed(folder: Path) -> tuple[Card, dict[str, str]]:
    file = folder / CARD
    if not folder.is_dir():
        raise InputError(
            f"{folder}: no such folder; one written by dnn_tf.save, or a .keras file, was expected"
        )
    if not file.is_file():
        raise InputError(f"{folder}: not a model saved by dnn_tf.save, for it has no {CARD}")
    try:
        fields, listed = read_seal(folder, CARD)
    except InputError:
        _refuse_format_1(file)
        raise
    if (version := fields.pop("format", None)) != FORMAT:
        raise InputError(
            f"{file} has format {version!r:.20}, and {FORMAT} was expected: load it with the "
            "version of dnn_tf that made it"
        )
    try:
        card = Card.from_fields(fields)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputError(
            f"{file}: the card is damaged ({str(error)[:120]!r}); save the model again"
        ) from error
    check_contents(folder, listed)
    return card, listed


def _refuse_format_1(file: Path) -> None:
    """A card of the first format has no checksums: it says so itself, if it is a plain file."""
    if not stat.S_ISREG(file.lstat().st_mode) or file.stat().st_size > 2**20:
        return
    try:
        fields = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        return
    if isinstance(fields, dict) and fields.get("format") == 1 and "sha256" not in fields:
        raise InputError(
            f"{file} has format 1, which knows no checksums, and format {FORMAT} was expected: "
            "train and save the model again"
        )
