"""How the figures look: readable in grey and by the colour-blind."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

COLOURS = {"train": "#000000", "validation": "#0072b2", "test": "#d55e00"}
"""Black, blue and vermilion of Okabe & Ito (2008)."""

LINES = {"train": ":", "validation": "-", "test": "--"}

STROKES = (
    ("#000000", "-"),
    ("#d55e00", "--"),
    ("#0072b2", "-."),
    ("#009e73", (0, (1, 1))),
    ("#cc79a7", (0, (6, 1.5))),
    ("#56b4e9", (0, (4, 1, 1, 1, 1, 1))),
    ("#e69f00", (0, (1, 2.5))),
    ("#777777", (0, (9, 3))),
)
"""Colours of Okabe & Ito (2008), a grey, and a line for each curve: no two lines are alike."""


def figure(width: float, height: float) -> Figure:
    """An empty figure, in inches, that no window and no global list holds on to."""
    return Figure(figsize=(width, height), layout="constrained", dpi=110)


def bare(axes: Axes) -> None:
    """No frame, no ticks: for a picture."""
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)


def light(axes: Axes) -> None:
    """Left and lower axis only, with a faint grid."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
