"""From gradients to gradients: what stands between the tape and the optimiser.

A clip is a function from the gradients of a step to those that the optimiser is given; an effect
measures what it did to them.
"""

from dnn_tf.gradients.clipping import (
    clip_by,
    clip_by_global_norm,
    clip_by_norm,
    clip_by_value,
)
from dnn_tf.gradients.effects import clipped_share, turned_angle

__all__ = [
    "clip_by",
    "clip_by_global_norm",
    "clip_by_norm",
    "clip_by_value",
    "clipped_share",
    "turned_angle",
]
