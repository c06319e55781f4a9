"""What the layers of a network do with the signal and with the gradient."""

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from dnn_tf.plots.lettering import can_draw, drawable, in_fonts
from dnn_tf.plots.style import figure, light

_WELL, _ILL = "#0072b2", "#d55e00"
"""Blue and vermilion of Okabe & Ito (2008)."""

_LETTERS_AN_INCH = 13
"""Of the title."""

_LONGEST = 24
"""Letters of the name of a layer; of a longer one the end is left out."""

_WIDTH = 12.0
"""Inches."""

_PANELS = {
    "signal": ("Signal forward", "size of outputs / size of input", 1.0),
    "silent": ("Units out of action", "% dead or saturated", None),
    "gradient": ("Gradient backward", "size of gradient / that at the last layer", 1.0),
    "update": ("Next step", "size of step / size of weights", 1e-3),
}
"""The heading, the unit, and the ideal."""


def layer_health(
    layers: Sequence[str],
    *,
    signal: Sequence[float],
    silent: Sequence[float],
    gradient: Sequence[float],
    update: Sequence[float],
    problems: Sequence[str],
    shown_in: Sequence[str],
    limits: Mapping[str, tuple[float, float]],
    title: str = "",
) -> Figure:
    """A line a layer, from the input at the top to the output; NaN where there is no such number.

    Four panels: how large the outputs are, how many units take no part, how much of the gradient
    arrives, and how far a step moves the weights. The grey zones are unhealthy; a dashed line is
    the ideal. A layer with a problem has the problem beside it, and a cross for a dot in the panel
    that shows it, and wherever it lies in a grey zone.

    Args:
        layers: their names.
        signal: size of the outputs, over that of the input.
        silent: share of the units that are dead, or of the outputs that are saturated.
        gradient: size of the gradient at the layer, over that at the last one.
        update: size of the next step, over that of the weights.
        problems: of each layer in a word or two; empty for none.
        shown_in: the panel of each problem, one of the four words above; empty for none.
        limits: of a panel, between which a layer is healthy there; none is drawn where it is not
            named.
        title: above it.
    """
    values = {"signal": signal, "silent": silent, "gradient": gradient, "update": update}
    lines = [
        line
        for part in title.splitlines()
        for line in textwrap.wrap(drawable(part), int(_LETTERS_AN_INCH * _WIDTH))
    ]
    tall = 0.24 if len(layers) > 12 else 0.34
    drawing = figure(_WIDTH, 1.6 + tall * max(len(layers), 3) + 0.2 * len(lines))
    panels = drawing.subplots(1, len(_PANELS), sharey=True)
    for axes, (word, (heading, unit, ideal)) in zip(panels, _PANELS.items(), strict=True):
        numbers = np.array(values[word], "float64")
        low, high = limits.get(word, (-np.inf, np.inf))
        outside = (numbers < low) | (numbers > high)
        ill = np.array([where == word for where in shown_in])
        ill |= outside & np.array([bool(problem) for problem in problems])
        if ideal is None:
            _prepare_share(axes)
        else:
            numbers = _on_axis(axes, numbers, ideal)
            _draw_limits(axes, limits.get(word), ideal)
        _draw_points(axes, numbers, ill, bars=ideal is None)
        axes.set_title(heading, fontsize=10, loc="left", pad=16)
        axes.set_xlabel(unit, fontsize=8)
        axes.tick_params(labelsize=8)
        light(axes)
    panels[0].set_yticks(range(len(layers)), _names(layers), fontsize=8, **in_fonts())
    panels[0].set_ylim(len(layers) - 0.4, -0.6)
    panels[0].set_ylabel(
        "from the input down to the output  →", fontsize=8, rotation=270, labelpad=12
    )
    _write_problems(panels[-1], problems)
    drawing.suptitle("\n".join(lines), fontsize=10, x=0.01, ha="left", **in_fonts())
    return drawing


def _names(layers: Sequence[str]) -> list[str]:
    """Of the layers; one that no font has letters for gets its number."""
    return [
        (name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…")
        if can_draw(name)
        else f"layer {number}"
        for number, name in enumerate(layers, start=1)
    ]


def _prepare_share(axes: Axes) -> None:
    axes.set_xlim(-0.04, 1.06)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:.0%}"))


def _on_axis(axes: Axes, numbers: np.ndarray, ideal: float) -> np.ndarray:
    """A logarithmic axis with all that is there and the ideal; where on it the numbers are.

    0 has no place on it: it is drawn at the left end, and named.
    """
    sized = np.abs(numbers[np.isfinite(numbers) & (numbers != 0)])
    smallest = min([*sized, ideal]) / 10
    largest = max([*sized, ideal]) * 10
    axes.set_xscale("log")
    axes.set_xlim(smallest, largest)
    axes.xaxis.set_major_locator(LogLocator(numticks=6))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(_times))
    left = smallest * (largest / smallest) ** 0.03
    for row in np.flatnonzero(numbers == 0):
        axes.annotate(
            "0", (left, row), xytext=(7, 0), textcoords="offset points", va="center", fontsize=8
        )
    return np.where(numbers == 0, left, np.where(np.isinf(numbers), largest, numbers))


def _times(value: float, _: int) -> str:
    return f"{value:g}" if 1e-3 <= value <= 1e4 else f"$10^{{{round(np.log10(value))}}}$"


def _draw_limits(axes: Axes, limits: tuple[float, float] | None, ideal: float) -> None:
    low, high = axes.get_xlim()
    axes.axvline(ideal, color="black", linestyle="--", linewidth=1)
    _write_above(axes, ideal, "ideal")
    zones = (
        () if limits is None else ((low, limits[0], "too small"), (limits[1], high, "too large"))
    )
    for start, end, words in zones:
        if start < end:
            axes.axvspan(start, end, color="#bbbbbb", alpha=0.45, lw=0)
            if np.log(end / start) > 0.15 * np.log(high / low):  # else there is no room
                _write_above(axes, float(np.sqrt(start * end)), words)
    axes.set_xlim(low, high)


def _write_above(axes: Axes, place: float, words: str) -> None:
    axes.annotate(
        words, (place, 1), xycoords=axes.get_xaxis_transform(), xytext=(0, 3),
        textcoords="offset points", ha="center", fontsize=7.5, color="#333333",
    )  # fmt: skip


def _draw_points(axes: Axes, numbers: np.ndarray, ill: np.ndarray, bars: bool) -> None:
    """A dot a layer, a cross where there is a problem; a share as a bar, sizes joined by a line."""
    rows = np.arange(len(numbers))
    known = np.isfinite(numbers)
    if bars:
        axes.hlines(rows[known], 0, numbers[known], color="#888888", linewidth=2)
    else:
        axes.plot(numbers[known], rows[known], color="#888888", linewidth=1)
    well, sick = known & ~ill, known & ill
    axes.plot(numbers[well], rows[well], "o", color=_WELL, markersize=4.5)
    axes.plot(
        numbers[sick], rows[sick], "X", color=_ILL, markersize=8, markeredgecolor="black",
        markeredgewidth=0.6,
    )  # fmt: skip


def _write_problems(axes: Axes, problems: Sequence[str]) -> None:
    """Beside the rows."""
    for row, words in enumerate(problems):
        if words:
            axes.annotate(
                words, (1, row), xycoords=axes.get_yaxis_transform(), xytext=(8, 0),
                textcoords="offset points", va="center", fontsize=8, color="#a04000",
                fontweight="bold", annotation_clip=False,
            )  # fmt: skip
