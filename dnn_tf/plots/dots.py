"""Numbers that are too alike for curves: a line for each, with its name beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from dnn_tf.plots.lettering import drawable, in_fonts
from dnn_tf.plots.style import light

_DOT, _MEAN = "#d55e00", "#000000"
"""Vermilion of Okabe & Ito (2008), and black: a dot, and a bar across."""


@dataclass(frozen=True)
class Dots:
    """One pair of axes, for `lines`: a dot for each seed, a bar at the mean.

    Args:
        values: one or more for each name, from above.
        x: what the axis measures, with the unit.
        title: above it.
        log_x: whether the axis is logarithmic.
    """

    values: Mapping[str, Sequence[float]]
    x: str
    title: str = ""
    log_x: bool = False

    def draw(self, axes: Axes) -> None:
        """Draws them."""
        for place, values in enumerate(self.values.values()):
            if len(values) > 1:
                axes.plot(np.mean(values), place, "|", color=_MEAN, markersize=15, mew=2)
            axes.plot(values, np.full(len(values), place), "o", color=_DOT, alpha=0.7)
        axes.set_yticks(range(len(self.values)), [drawable(name) for name in self.values],
                        **in_fonts())  # fmt: skip
        axes.set_ylim(len(self.values) - 0.4, -0.6)
        if self.log_x:
            axes.set_xscale("log")
        many = max(map(len, self.values.values())) > 1
        told = self.x + ("\n(a dot for each seed, a bar at the mean)" if many else "")
        axes.set_xlabel(drawable(told), fontsize=9, **in_fonts())
        axes.set_title(drawable(self.title), fontsize=10, **in_fonts())
        light(axes)
