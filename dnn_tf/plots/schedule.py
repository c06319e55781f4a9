"""How large the steps of a training will be."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from dnn_tf.arguments import check_positive
from dnn_tf.plots.lettering import drawable, in_fonts
from dnn_tf.plots.style import STROKES, figure, light

POINTS = 2000
"""More than the width of a figure can show."""


def schedule(
    schedules: Callable[[Any], Any] | Mapping[str, Callable[[Any], Any]],
    steps: int,
    title: str = "",
) -> Figure:
    """The learning rate of one schedule, or of some by their names, against the step.

    The rates are drawn on a logarithmic axis where the largest is more than 100 times the
    smallest, and none is 0.

    Args:
        schedules: a `LearningRateSchedule`, or a dictionary from names to them.
        steps: the last step to draw, 1 or more; the first is 0.
        title: above the figure.

    Raises:
        InputError: `steps` is not such a number.
    """
    check_positive(steps=steps)
    shown = schedules if isinstance(schedules, Mapping) else {"": schedules}
    t = np.unique(np.linspace(0, steps, POINTS + 1).astype("int64"))
    rates = {name: np.asarray(rate(t)) for name, rate in shown.items()}
    drawing = figure(6.4, 3.8)
    axes = drawing.subplots()
    for number, (name, values) in enumerate(rates.items()):
        colour, line = STROKES[number % len(STROKES)]
        # A rate holds from its step up to the next.
        axes.step(t, values, where="post", color=colour, linestyle=line, linewidth=1.8, label=name)
    axes.set_xlabel("step")
    axes.set_ylabel("learning rate")
    if _is_wide(np.concatenate(list(rates.values()))):
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=0)  # or a small fall would look like a large one
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    axes.margins(x=0.01)
    light(axes)
    if isinstance(schedules, Mapping):
        axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False, handlelength=3.2)
    drawing.suptitle(drawable(title), **in_fonts())
    return drawing


def _is_wide(rates: np.ndarray) -> bool:
    """Whether they span more than two decades, which a linear axis would press to the ground."""
    return 0 < 100 * rates.min() < rates.max()
