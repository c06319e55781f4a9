"""Measured numbers beside those that they are held against."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from dnn_tf.plots.lettering import drawable, in_fonts
from dnn_tf.plots.style import figure, light

_MEASURED, _REFERENCE = "#d55e00", "#000000"
"""Vermilion of Okabe & Ito (2008), and black: a dot, and a bar across."""


def references(
    names: Sequence[str],
    measured: Sequence[float | Sequence[float] | None],
    expected: Sequence[float | None],
    tolerances: Sequence[float],
    unit: str = "accuracy",
    title: str = "",
    log: bool = False,
) -> Figure:
    """A line for each number: a dot where it was measured, a bar where the reference stands.

    Args:
        names: of the numbers, from above.
        measured: `None` where there is none; several where it was measured from several seeds.
        expected: `None` where there is none.
        tolerances: drawn as a grey band around the reference.
        unit: of all of them.
        title: above.
        log: whether the axis is logarithmic.
    """
    drawing = figure(7.2, 1.4 + 0.34 * len(names))
    axes = drawing.subplots()
    for row, (value, reference, tolerance) in enumerate(
        zip(measured, expected, tolerances, strict=True)
    ):
        if reference is not None:
            if tolerance:
                axes.plot(
                    [reference - tolerance, reference + tolerance], [row, row],
                    color="#cccccc", linewidth=9, solid_capstyle="butt",
                )  # fmt: skip
            axes.plot(reference, row, "|", color=_REFERENCE, markersize=15, markeredgewidth=2)
        if value is not None:
            values = np.atleast_1d(np.asarray(value, float))
            axes.plot(values, np.full(len(values), row), "o", color=_MEASURED, markersize=6)
    axes.set_yticks(range(len(names)), [drawable(name) for name in names], **in_fonts())
    axes.set_ylim(len(names) - 0.4, -0.6)
    if log:
        axes.set_xscale("log")
    told = ["dot = measured"]
    told += ["bar = reference"] * any(reference is not None for reference in expected)
    told += ["grey = tolerance"] * any(tolerances)
    axes.set_xlabel(f"{unit}: {', '.join(told)}", loc="right")
    light(axes)
    drawing.suptitle(drawable(title), **in_fonts())
    return drawing
