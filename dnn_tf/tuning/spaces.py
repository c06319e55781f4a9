"""The space that is searched where none is given."""

from typing import Any

import keras_tuner

from dnn_tf import initializers
from dnn_tf.models import funnel
from dnn_tf.runs import Settings


def dense_space(hp: keras_tuner.HyperParameters) -> Settings:
    """Dense networks: what the documents' chapter on tuning says to try.

    The depth, the width of the first hidden layer and how much narrower the last one is (the others
    lie between, see `models.funnel`); the activation with the
    initialiser that it needs (`initializers.recommended`); batch normalisation or dropout, which
    SELU goes without; the optimiser, the learning rate with its schedule, and the rows a step.

    >>> dense_space(keras_tuner.HyperParameters()).hidden
    (200, 141, 100)
    """
    depth = hp.Int("depth", 1, 5, default=3)
    first = hp.Int("first", 50, 500, step=50, default=200)
    narrowing = hp.Choice("narrowing", [1.0, 0.5, 0.25], default=0.5)
    activation = hp.Choice("activation", ["relu", "leaky_relu", "elu", "selu"])
    schedule = hp.Choice("schedule", ["constant", "exponential", "one_cycle"])
    regularised: dict[str, Any] = {}
    with hp.conditional_scope("activation", ["relu", "leaky_relu", "elu"]):
        if activation != "selu":
            regularised["batch_norm"] = hp.Boolean("batch_norm")
            regularised["dropout"] = hp.Choice("dropout", [0.0, 0.2, 0.5]) or None
    return Settings(
        hidden=funnel(first, round(first * narrowing), depth),
        activation=activation,
        initializer=initializers.recommended(activation),
        optimizer=hp.Choice("optimizer", ["adam", "nesterov", "rmsprop"]),
        learning_rate=hp.Float("learning_rate", 1e-4, 3e-2, sampling="log", default=1e-3),
        schedule=None if schedule == "constant" else schedule,
        batch_size=hp.Choice("batch_size", [20, 50, 100, 200, 500]),
        **regularised,
    )
