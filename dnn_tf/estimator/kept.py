"""A network in training as plain values, for a pickle: its whole state (serialisation)."""

from typing import Any, NamedTuple

import keras
import numpy as np

from dnn_tf.estimator.seeding import building


class Kept(NamedTuple):
    """What makes the same network, and the same next step of its training.

    A `.keras` file would not: Keras writes no state of the generators that dropout draws from, and
    makes the learning rate of a network in double precision one in single.

    Args:
        network, optimizer: their configs.
        dtype: what the network computes in.
        state: the value of every variable of both: weights, averages, moments, seeds.
    """

    network: dict[str, Any]
    optimizer: dict[str, Any]
    dtype: str
    state: list[np.ndarray]

    @classmethod
    def of(cls, model: keras.Model) -> "Kept":
        """Of a compiled model."""
        return cls(
            keras.saving.serialize_keras_object(model) | {"compile_config": None},
            keras.saving.serialize_keras_object(model.optimizer),
            model.input.dtype,
            [keras.ops.convert_to_numpy(variable) for variable in _variables(model)],
        )

    def restored(self, loss: Any, metrics: list[Any]) -> keras.Model:
        """The model, compiled.

        Raises:
            Exception: as Keras has it, where the network holds a class or a function that is not
                registered with Keras in this process.
        """
        with building(0, self.dtype):
            model = keras.saving.deserialize_keras_object(self.network)
            optimizer = keras.saving.deserialize_keras_object(self.optimizer)
            model.compile(optimizer, loss, metrics=metrics)
            optimizer.build(model.trainable_variables)
        for variable, value in zip(_variables(model), self.state, strict=True):
            variable.assign(value)
        return model


def _variables(model: keras.Model) -> list[keras.Variable]:
    return [*model.variables, *model.optimizer.variables]
