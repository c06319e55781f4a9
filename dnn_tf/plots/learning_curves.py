"""What training measured, epoch by epoch."""

import textwrap
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from dnn_tf.plots.lettering import drawable, in_fonts
from dnn_tf.plots.style import COLOURS, LINES, figure, light

_LETTERS = 50
"""Of a line of the title that fit above a panel."""

_PREFIXES = {"train": "", "validation": "val_", "test": "test_"}


def learning_curves(history: Mapping[str, Sequence[float]], title: str = "") -> Figure:
    """Loss and accuracy of each split against the epoch.

    Args:
        history: the `history` of what `fit` returns.
        title: above both, in as many lines as it takes.
    """
    shown = [name for name in ("loss", "accuracy") if name in history]
    drawing = figure(5.2 * len(shown), 3.8)
    axes_row = drawing.subplots(1, len(shown), squeeze=False)[0]
    for axes, measure in zip(axes_row, shown, strict=True):
        _draw(axes, history, measure)
    drawing.suptitle(textwrap.fill(drawable(title), _LETTERS * len(shown)), **in_fonts())
    return drawing


def _draw(axes: Axes, history: Mapping[str, Sequence[float]], measure: str) -> None:
    for split, prefix in _PREFIXES.items():
        values = history.get(prefix + measure)
        if values is None:
            continue
        marker = "o" if len(values) == 1 else None
        label = f"{split}, last {values[-1]:.4f}"
        axes.plot(
            range(len(values)),
            values,
            LINES[split],
            color=COLOURS[split],
            marker=marker,
            label=label,
        )
    axes.set_xlabel("epoch")
    axes.set_ylabel("cross-entropy, nats" if measure == "loss" else "accuracy, share right")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(frameon=False)
    light(axes)
