"""When to stop, besides after so many epochs."""

from typing import Any

import numpy as np

from dnn_tf.arguments import check_above_0
from dnn_tf.training.every_steps import EverySteps


class MaxSteps(EverySteps):
    """Stops after so many steps, in the middle of an epoch too.

    The guard of the documents for a function without a minimum, on which gradient descent would
    never end.

    Args:
        steps: 1 or more.
    """

    def __init__(self, steps: int):
        super().__init__(every=steps)

    def act(self, logs: dict[str, Any]) -> None:  # noqa: ARG002
        """Enough."""
        self.model.stop_training = True


class StopOnSmallUpdates(EverySteps):
    """Stops when the weights hardly move: `||w_now - w_before|| <= tolerance * ||w_now||`.

    The documents' rule, "until the updates are very small", over all trainable weights, from one
    look at them to the next. With batches the single steps never become small, since every batch
    pulls elsewhere; over an epoch they cancel. Weights that are all 0, and stay so, stop too.

    Args:
        tolerance: above 0. Default 1e-4.
        every: steps between two looks; 1 is the update itself. `None`: an epoch.
    """

    def __init__(self, tolerance: float = 1e-4, every: int | None = None):
        super().__init__(every)
        check_above_0(tolerance=tolerance)
        self.tolerance = tolerance
        self._before = np.zeros(0)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Looks for the first time."""
        super().on_train_begin(logs)
        self._before = self._weights()

    def act(self, logs: dict[str, Any]) -> None:  # noqa: ARG002
        """Looks again."""
        now = self._weights()
        moved = np.linalg.norm(now - self._before)
        self._before = now
        if moved <= self.tolerance * np.linalg.norm(now):
            self.model.stop_training = True

    def _weights(self) -> np.ndarray:
        weights = [np.ravel(weight.numpy()) for weight in self.model.trainable_variables]
        return np.concatenate(weights).astype("float64")
