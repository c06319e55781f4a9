"""Callbacks that act between two steps of an epoch."""

from typing import Any

import keras

from dnn_tf.arguments import check_positive
from dnn_tf.data import Split


class EverySteps(keras.callbacks.Callback):
    """Abstract: calls `act` after every so many steps of training.

    In `dnn_tf.fit`, where the steps of an epoch run inside compiled calls, a call ends where a
    callback of this kind is due. In `model.fit` it counts the batches; with
    `steps_per_execution=n` Keras calls back after every `n` batches only, and `act` is called where
    the execution ends in which it was due, once, however often it was.

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
        self._steps_of_epoch = 0
        self._offered: Split | None = None

    def offer(self, validation: Split | None) -> None:
        """`dnn_tf.fit` lends the validation rows of its data; after the training, `None`."""
        self._offered = validation

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
        """So many steps were taken; acts where it was due at one of them."""
        before, self.steps = self.steps, self.steps + steps
        if self.every is not None and self.steps // self.every > before // self.every:
            self.act({})

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Starts to count."""
        self.steps = self._steps_of_epoch = 0

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """In `model.fit`: the steps up to and with this batch of the epoch, from 0."""
        # The last execution of an epoch may hold less batches than Keras' number says.
        steps = min(batch + 1, (self.params or {}).get("steps") or batch + 1)
        before = self._steps_of_epoch if steps > self._steps_of_epoch else 0  # 0: a new epoch
        self._steps_of_epoch = steps
        self.took(steps - before)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Acts, where no number of steps was asked for."""
        if self.every is None:
            self.act(logs or {})
