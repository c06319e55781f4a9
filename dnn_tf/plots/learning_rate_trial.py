"""Which learning rates a network bears."""

import numpy as np
from matplotlib.figure import Figure

from dnn_tf.plots.lettering import drawable, in_fonts
from dnn_tf.plots.style import COLOURS, figure, light


def learning_rate_trial(
    learning_rates: np.ndarray,
    losses: np.ndarray,
    smoothed: np.ndarray,
    suggestion: float,
    title: str = "",
) -> Figure:
    """The loss against the learning rate, as `training.find_learning_rate` found them.

    Args:
        learning_rates, losses, smoothed, suggestion: of the trial.
        title: above it.
    """
    drawing = figure(6.4, 3.8)
    axes = drawing.subplots()
    axes.plot(learning_rates, losses, color="#bbbbbb", linewidth=0.8, label="loss of a batch")
    axes.plot(learning_rates, smoothed, color=COLOURS["validation"], label="smoothed")
    axes.axvline(
        suggestion, color=COLOURS["test"], linestyle="--", label=f"suggestion, {suggestion:.3g}"
    )
    axes.set_xscale("log")
    axes.set_ylim(0, 1.5 * float(np.max(smoothed)))
    axes.set_xlabel("learning rate")
    axes.set_ylabel("cross-entropy, nats")
    axes.set_title(drawable(title), fontsize=11, **in_fonts())
    axes.legend(frameon=False)
    light(axes)
    return drawing
