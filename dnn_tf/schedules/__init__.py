"""Learning rates that change from step to step: ordinary Keras schedules.

A schedule is a function of the step, which an optimiser counts from 0, and any optimiser takes it
for its `learning_rate`. A step is one update of the weights, not an epoch.
"""

from dnn_tf.schedules.cosine import CosineDecay
from dnn_tf.schedules.exponential import ExponentialDecay
from dnn_tf.schedules.lookup import get
from dnn_tf.schedules.one_cycle import OneCycle
from dnn_tf.schedules.piecewise import PiecewiseConstant
from dnn_tf.schedules.power import PowerDecay

__all__ = [
    "CosineDecay",
    "ExponentialDecay",
    "OneCycle",
    "PiecewiseConstant",
    "PowerDecay",
    "get",
]
