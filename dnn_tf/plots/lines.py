"""Curves side by side: each panel a question, each curve an answer to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatter, MaxNLocator

from dnn_tf.plots.dots import Dots
from dnn_tf.plots.lettering import drawable, in_fonts
from dnn_tf.plots.style import STROKES, figure, light

Numbers: TypeAlias = Sequence[float] | np.ndarray
Curve: TypeAlias = Numbers | tuple[Numbers, Numbers]
"""Heights at 1, 2, 3, ...; or places and heights."""

_POINTS_WITH_MARKS = 12


@dataclass(frozen=True)
class Panel:
    """One pair of axes.

    Args:
        curves: by their names. What has fewer than 12 points shows them.
        x, y: what the axes measure, with the unit.
        title: above it.
        log_x, log_y: whether an axis is logarithmic.
        levels: horizontal lines to compare with, by their names.
        marks: curves of which only points are shown: those that would hide another.
    """

    curves: Mapping[str, Curve]
    x: str
    y: str
    title: str = ""
    log_x: bool = False
    log_y: bool = False
    levels: Mapping[str, float] = field(default_factory=dict)
    marks: Mapping[str, Curve] = field(default_factory=dict)


def lines(*panels: Panel | Dots, title: str = "") -> Figure:
    """The panels in a row, each with the names of its curves below it.

    Args:
        panels: one or more.
        title: above all.
    """
    drawing = figure(max(6.4, 4.4 * len(panels)), 4.4)
    all_axes = drawing.subplots(1, len(panels), squeeze=False).ravel()
    for axes, panel in zip(all_axes, panels, strict=True):
        panel.draw(axes) if isinstance(panel, Dots) else _draw(axes, panel)
    drawing.suptitle(drawable(title), **in_fonts())
    return drawing


def _draw(axes: Axes, panel: Panel) -> None:
    for number, (name, curve) in enumerate(panel.curves.items()):
        x, y = curve if isinstance(curve, tuple) else (np.arange(1, len(curve) + 1), curve)
        colour, line = STROKES[number % len(STROKES)]
        axes.plot(
            x, y, color=colour, linestyle=line, linewidth=1.8, label=drawable(name),
            marker="o" if len(x) < _POINTS_WITH_MARKS else None, markersize=4,
        )  # fmt: skip
    for (name, curve), shape in zip(panel.marks.items(), "sD^vP", strict=False):
        x, y = curve if isinstance(curve, tuple) else (np.arange(1, len(curve) + 1), curve)
        axes.plot(
            x, y, shape, color="#000000", markerfacecolor="none", markersize=8,
            label=drawable(name),
        )  # fmt: skip
    for name, height in panel.levels.items():
        axes.axhline(height, color="#777777", linewidth=1)
        axes.annotate(
            drawable(name), (1, height), xycoords=("axes fraction", "data"), ha="right",
            va="bottom", fontsize=8, color="#555555", zorder=3, **in_fonts(),
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.5},
        )  # fmt: skip
    if panel.log_x:
        axes.set_xscale("log")
        _plain(axes.xaxis)
    elif _counts(panel):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))  # no epoch is the 1.5th
    if panel.log_y:
        axes.set_yscale("log")
        _plain(axes.yaxis)
    axes.set_xlabel(drawable(panel.x), **in_fonts())
    axes.set_ylabel(drawable(panel.y), **in_fonts())
    axes.set_title(drawable(panel.title), fontsize=10, **in_fonts())
    light(axes)
    if len(panel.curves) + len(panel.marks) > 1:
        axes.legend(
            loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=2, frameon=False,
            handlelength=3.2, fontsize=8,
        )  # fmt: skip


def _counts(panel: Panel) -> bool:
    """Whether all places are whole numbers."""
    both = (*panel.curves.values(), *panel.marks.values())
    places = [curve[0] for curve in both if isinstance(curve, tuple)]
    return all(np.all(np.mod(x, 1) == 0) for x in places)


def _plain(axis: Axis) -> None:
    """10 and 30, not powers of ten, where no number on a logarithmic axis is long."""
    low, high = axis.get_view_interval()
    if low >= 0.1 and high < 100_000:
        axis.set_major_formatter(lambda value, _: f"{value:,g}")
        axis.set_minor_formatter(LogFormatter())
