"""The hyperparameters: the constructors' keyword arguments, checked.

scikit-learn leaves that to `fit`, so that `set_params` and `clone` can hold any value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras

from dnn_tf.arguments import as_sizes, check_above_0, check_between, check_choice, check_positive
from dnn_tf.gradients import clip_by
from dnn_tf.types import InputError


@dataclass(frozen=True)
class Words:
    """The keyword arguments of `DNNRegressor` and `DNNClassifier` for network and training.

    Raises:
        InputError: a value that cannot be trained with, or values that do not go together.

    >>> Words(epochs=0)
    Traceback (most recent call last):
    dnn_tf.types.InputError: epochs is a whole number, 1 or more, and got 0
    """

    hidden: Sequence[int] = (300, 100)
    activation: Any = "relu"
    kernel_initializer: Any = None
    batch_norm: Any = False
    dropout: Any = None
    l1: float = 0.0
    l2: float = 0.0
    optimizer: Any = "adam"
    learning_rate: float | None = None
    clip_value: float | None = None
    clip_norm: float | None = None
    clip_global_norm: float | None = None
    batch_size: int | str = 50
    epochs: int = 40
    early_stopping: int | None = None
    validation_fraction: float = 0.1
    dtype: str | None = None
    jit_compile: bool | str = "auto"
    progress: bool | None = False

    def __post_init__(self) -> None:
        as_sizes("hidden", self.hidden)
        if self.dropout is not None and not isinstance(self.dropout, keras.Layer):
            check_between(0, 1, dropout=self.dropout)
        check_between(0, float("inf"), l1=self.l1, l2=self.l2)
        if not isinstance(self.optimizer, str | keras.optimizers.Optimizer):
            raise InputError(
                "optimizer is a name, such as 'adam', or a Keras optimiser, and got "
                f"{self.optimizer!r}"
            )
        if self.learning_rate is not None:
            check_above_0(learning_rate=self.learning_rate)
        clip_by(self.clip_value, self.clip_norm, self.clip_global_norm)
        if not isinstance(self.batch_size, str) or self.batch_size != "all":
            _check_batch_size(self.batch_size)
        check_positive(epochs=self.epochs)
        if self.early_stopping is not None:
            _check_early_stopping(self.early_stopping)
        check_above_0(validation_fraction=self.validation_fraction)
        check_between(0, 1, validation_fraction=self.validation_fraction)
        if self.dtype is not None:
            check_choice(("float32", "float64"), dtype=self.dtype)
        if not isinstance(self.jit_compile, bool) and self.jit_compile != "auto":
            raise InputError(f"jit_compile is True, False or 'auto', and got {self.jit_compile!r}")


def _check_batch_size(batch_size: Any) -> None:
    if isinstance(batch_size, str):
        raise InputError(f"batch_size is a whole number or 'all', and got {batch_size!r}")
    check_positive(batch_size=batch_size)


def _check_early_stopping(early_stopping: Any) -> None:
    if isinstance(early_stopping, bool):  # which is how scikit-learn's own networks have it
        raise InputError(
            "early_stopping is a number of epochs without a smaller validation loss, or None, and "
            f"got {early_stopping}: give 5, say"
        )
    check_positive(early_stopping=early_stopping)
