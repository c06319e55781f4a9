"""Callbacks that act between two steps of an epoch."""

from typing import Any

import keras

from dnn_tf.arguments import check_positive
from dnn_tf.data import Split


class EverySteps(keras.callbacks.Callback):
    """Abstract: calls `act` after every so many steps of training.

    In `dnn_tf.fit`, where the steps of an epoch run inside compiled calls, a call ends where a
    callback of this kind is due. In `model.fit` it counts the batches.

    Args:
        every: steps between two calls of `act`, counted from the start of training. `None`: the
            ends of the epochs.

    Raises:
        InputError: `every` is no whole number above 0.
    """

    def __init__(self, every: int | None = None):
        super().__init__()
        if every is not None:
            check_positive(every=every)
        self.every = every
        self.steps = 0
        self.offered: Split | None = None
        """The validation rows of the data that `dnn_tf.fit` trains on."""

    def act(self, logs: dict[str, Any]) -> None:
        """What is to be done. To end training: `self.model.stop_training = True`.

        Args:
            logs: at the end of an epoch, what was measured; else empty.
        """
        raise NotImplementedError

    def steps_left(self) -> float:
        """Steps until it is due."""
        return float("inf") if self.every is None else self.every - self.steps % self.every

    def took(self, steps: int) -> None:
        """So many steps were taken, none of them beyond the one at which it is due."""
        self.steps += steps
        if self.every is not None and self.steps % self.every == 0:
            self.act({})

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Starts to count."""
        self.steps = 0

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """In `model.fit`: a step."""
        self.took(1)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Acts, where no number of steps was asked for."""
        if self.every is None:
            self.act(logs or {})
