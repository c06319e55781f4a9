"""A schedule by its name."""

from typing import Any

import keras

from dnn_tf.arguments import build_named
from dnn_tf.schedules.cosine import CosineDecay
from dnn_tf.schedules.exponential import ExponentialDecay
from dnn_tf.schedules.one_cycle import OneCycle
from dnn_tf.schedules.piecewise import PiecewiseConstant
from dnn_tf.schedules.power import PowerDecay

_NAMED = {
    "piecewise": PiecewiseConstant,
    "exponential": ExponentialDecay,
    "power": PowerDecay,
    "one_cycle": OneCycle,
    "cosine": CosineDecay,
}


def get(name: str, /, **options: Any) -> keras.optimizers.schedules.LearningRateSchedule:
    """The schedule of that name, made with these options.

    Args:
        name: piecewise, exponential, power, one_cycle or cosine.
        **options: the arguments of its class, by their names.

    Raises:
        InputError: nobody knows the name; an option is unknown, missing or out of its range.

    >>> float(get("power", initial_learning_rate=0.5, decay_steps=100)(100))
    0.25
    >>> get("power", initial_learning_rate=0.5)
    Traceback (most recent call last):
    dnn_tf.types.InputError: the schedule 'power' needs decay_steps
    """
    return build_named("schedule", _NAMED, name, options)
