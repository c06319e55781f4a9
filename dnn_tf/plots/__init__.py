"""Figures from histories and arrays. Each function returns a `matplotlib` figure of its own."""

from dnn_tf.plots.confusion import confusion
from dnn_tf.plots.dots import Dots
from dnn_tf.plots.image_grid import image_grid
from dnn_tf.plots.layer_health import layer_health
from dnn_tf.plots.learning_curves import learning_curves
from dnn_tf.plots.learning_rate_trial import learning_rate_trial
from dnn_tf.plots.lines import Panel, lines
from dnn_tf.plots.references import references
from dnn_tf.plots.schedule import schedule
from dnn_tf.plots.search import search
from dnn_tf.plots.stages import stages

__all__ = [
    "Dots",
    "Panel",
    "confusion",
    "image_grid",
    "layer_health",
    "learning_curves",
    "learning_rate_trial",
    "lines",
    "references",
    "schedule",
    "search",
    "stages",
]
