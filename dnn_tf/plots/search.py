"""What a search for hyperparameters tried, and what came of it."""

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dnn_tf.plots.lettering import drawable, in_fonts
from dnn_tf.plots.style import figure, light

_COLUMNS = 4

_LETTERS_AN_INCH = 11
"""Of the title."""

_LETTERS = 10
"""Of a line below a tick."""

_WIDE = 20
"""Times the smallest that the largest value is, for a logarithmic axis."""

_FEW = 6
"""Different numbers that stand side by side, each with its tick, and not to scale."""

_TRIED, _BEST = "#0072b2", "#d55e00"
"""Blue and vermilion of Okabe & Ito (2008)."""


def search(
    values: Sequence[Mapping[str, Any]],
    scores: Sequence[float | None],
    ended: Sequence[float],
    objective: str = "val_accuracy",
    title: str = "",
) -> Figure:
    """The best score so far against time, and each score against each hyperparameter.

    Words, and up to six different numbers, stand side by side; more numbers are to scale.

    Args:
        values: of the hyperparameters of each trial; one that was not active is left out.
        scores: `None` where a trial failed.
        ended: seconds after which each trial had.
        objective: what was compared: the smallest, if it ends in `loss`, else the largest.
        title: above it.
    """
    lowest = objective.endswith("loss")
    order = min if lowest else max
    done = [
        (score, given, seconds)
        for given, score, seconds in zip(values, scores, ended, strict=True)
        if score is not None
    ]
    best = order(done, key=lambda one: one[0], default=None)
    names = list(dict.fromkeys(name for given in values for name in given))
    rows = math.ceil((len(names) + 1) / _COLUMNS)
    drawing = figure(3.1 * _COLUMNS, 2.6 * rows + 0.6)
    panels = drawing.subplots(rows, _COLUMNS, sharey=True, squeeze=False).ravel()
    _draw_progress(panels[0], sorted((seconds, score) for score, _, seconds in done), lowest)
    for axes, name in zip(panels[1:], names, strict=False):
        tried = [(given[name], score) for score, given, _ in done if name in given]
        failed = [
            v[name] for v, score in zip(values, scores, strict=True) if score is None and name in v
        ]
        of_best = None if best is None or name not in best[1] else (best[1][name], best[0])
        _draw_values(axes, name, tried, failed, of_best)
    for axes in panels[: len(names) + 1]:
        light(axes)
    for axes in panels[len(names) + 1 :]:
        axes.set_visible(False)
    for axes in panels[::_COLUMNS]:
        axes.set_ylabel(_words(objective))
    n_failed = len(scores) - len(done)
    told = f"{title}\n{len(done)} trials, the best ringed"
    told += f"; {n_failed} failed, crosses" if n_failed else ""
    lines = [
        textwrap.fill(drawable(line), int(_LETTERS_AN_INCH * 3.1 * _COLUMNS))
        for line in told.strip().splitlines()
    ]
    drawing.suptitle("\n".join(lines), fontsize=10, **in_fonts())
    return drawing


def _draw_progress(axes: Axes, done: Sequence[tuple[float, float]], lowest: bool) -> None:
    """Every score at its time, and a line at the best one so far."""
    seconds, scores = np.array(done).reshape(-1, 2).T
    so_far = (np.minimum if lowest else np.maximum).accumulate(scores)
    axes.plot(seconds, scores, "o", color=_TRIED, alpha=0.5, markersize=4)
    axes.step(seconds, so_far, where="post", color="black", label="best so far")
    axes.set_xlabel("seconds of searching")
    axes.legend(frameon=False, fontsize=8, loc="upper right" if lowest else "lower right")


def _draw_values(
    axes: Axes,
    name: str,
    tried: Sequence[tuple[Any, float]],
    failed: Sequence[Any],
    best: tuple[Any, float] | None,
) -> None:
    """Every score at its value, the best one ringed; a cross on the axis where a trial failed."""
    found = {value for value, _ in tried} | set(failed)
    numbers = all(type(value) in (int, float) for value in found)
    axes.set_xlabel(_words(name))
    if numbers and len(found) > _FEW:
        place = {value: value for value in found}
        if 0 < _WIDE * min(found) < max(found):
            axes.set_xscale("log")
    else:
        ordered = sorted(found) if numbers else sorted(found, key=str)
        place = {value: number for number, value in enumerate(ordered)}
        names = [_in_two_lines(drawable(_shown(value))) for value in place]
        axes.set_xticks(range(len(place)), names, fontsize=8, **in_fonts())
        axes.set_xlim(-0.5, max(len(place), 1) - 0.5)
    scores = [score for _, score in tried]
    axes.plot([place[v] for v, _ in tried], scores, "o", color=_TRIED, alpha=0.5, markersize=4)
    if failed:
        axes.plot(
            [place[value] for value in failed], [0.04] * len(failed), "x",
            color="#666666", transform=axes.get_xaxis_transform(),
        )  # fmt: skip
    if best is not None:
        axes.plot(
            [place[best[0]]], [best[1]], "o",
            markersize=10, fillstyle="none", markeredgewidth=2, color=_BEST,
        )  # fmt: skip


def _shown(value: Any) -> str:
    """A value below its tick: of a number three digits, or seventeen would run into the next."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _in_two_lines(text: str) -> str:
    """Below a tick."""
    return "\n".join(textwrap.wrap(text, _LETTERS)[:2])


def _words(name: str) -> str:
    """A name of a program as words: `val_accuracy` is the validation accuracy."""
    return drawable(name.replace("val_", "validation ").replace("_", " "))
