"""What a network does, layer by layer: whether signal and gradient get through, and what to do."""

from dnn_tf.diagnostics.inspection import inspect
from dnn_tf.diagnostics.layer_health import LayerHealth
from dnn_tf.diagnostics.report import Report
from dnn_tf.diagnostics.watching import WatchLayers

__all__ = ["LayerHealth", "Report", "WatchLayers", "inspect"]
