"""A loss with other parameters than its defaults."""

import inspect
from typing import Any

import keras

from dnn_tf.types import InputError, Measure, Tensor


@keras.saving.register_keras_serializable(package="dnn_tf")
class Configured(keras.losses.Loss):
    """A loss function with some of its parameters set, in a form that a file can hold.

    `functools.partial` does the same for training, but Keras cannot save it.

    Args:
        function: `(labels, outputs, **parameters) -> (batch,)`, registered with Keras, as all
            losses here are.
        reduction: how Keras joins the values of a batch. Default: their mean.
        **parameters: for the function.

    Raises:
        InputError: no function, or it has no such parameter.

    >>> from dnn_tf.losses import quantile
    >>> print(Configured(quantile, q=0.9)([10.0, 10.0], [8.0, 12.0]).numpy())  # (1.8 + 0.2) / 2
    1.0
    """

    def __init__(
        self,
        function: Measure,
        *,
        reduction: str = "sum_over_batch_size",
        name: str | None = None,
        **parameters: Any,
    ):
        _check_parameters(function, parameters)
        super().__init__(name=name or function.__name__, reduction=reduction)
        self.function = function
        self.parameters = parameters

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The loss of each example, `(batch,)`, before they are joined."""
        return self.function(y_true, y_pred, **self.parameters)

    def get_config(self) -> dict[str, Any]:
        """What makes the same loss."""
        return {
            "function": keras.saving.serialize_keras_object(self.function),
            "reduction": self.reduction,
            "name": self.name,
            **{
                word: keras.saving.serialize_keras_object(value)
                for word, value in self.parameters.items()
            },
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Configured":
        """The loss of a `get_config`."""
        return cls(
            **{word: keras.saving.deserialize_keras_object(part) for word, part in config.items()}
        )


def _check_parameters(function: Any, parameters: dict[str, Any]) -> None:
    if not inspect.isfunction(function):
        raise InputError(f"Configured takes a loss function, such as huber, and got {function!r}")
    known = list(inspect.signature(function).parameters)[2:]  # after labels and outputs
    if unknown := set(parameters) - set(known):
        raise InputError(
            f"{function.__name__} has the parameters {', '.join(known) or 'none'}, and got "
            f"{', '.join(sorted(unknown))}"
        )
