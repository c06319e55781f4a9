"""Transfer: the lower layers of a trained network, at work on another task."""

from dnn_tf.transfer.caching import Cached, cache_frozen
from dnn_tf.transfer.fine_tuning import check_tunable, fine_tune, layers_a_stage
from dnn_tf.transfer.freeze_check import FreezeCheck, Movement
from dnn_tf.transfer.freezing import freeze, thaw
from dnn_tf.transfer.reuse import reuse
from dnn_tf.transfer.stages import FineTuning, Stage

__all__ = [
    "Cached",
    "FineTuning",
    "FreezeCheck",
    "Movement",
    "Stage",
    "cache_frozen",
    "check_tunable",
    "fine_tune",
    "freeze",
    "layers_a_stage",
    "reuse",
    "thaw",
]
