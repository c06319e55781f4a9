"""What a training run came to."""

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

from dnn_tf.sparsity import Sparsification


@dataclass(frozen=True)
class Result:
    """What a run came to.

    Args:
        test_accuracy, test_loss, validation_accuracy, validation_loss: of the saved network.
        epochs: how many were trained, of the start that was kept.
        learning_rate: that training began with.
        found_learning_rate: what a trial suggested, where the settings asked for one.
        seconds_per_epoch: wall time of each with its measurements; the first one compiles.
        source: where the data came from.
        device: what did the work.
        saved_model, run_dir: the folders that were written.
        scores: of every start, by its seed, the validation loss; the smallest was kept.
        best_epoch: with early stopping, the one whose weights were kept, from 0.
        sparsity: with a threshold, the size of the network before and after.
        history: everything measured, epoch by epoch.
    """

    test_accuracy: float
    test_loss: float
    validation_accuracy: float
    validation_loss: float
    epochs: int
    learning_rate: float
    found_learning_rate: float | None
    seconds_per_epoch: list[float]
    source: str
    device: str
    saved_model: str
    run_dir: str
    scores: dict[int, float]
    best_epoch: int | None
    sparsity: Sparsification | None
    history: dict[str, list[float]] = dataclasses.field(repr=False)

    def summary(self) -> dict[str, Any]:
        """All of it but the history, for a program to read."""
        fields = dataclasses.asdict(self)
        del fields["history"]
        scores = {seed: None if math.isnan(score) else score for seed, score in self.scores.items()}
        return {**fields, "scores": scores}
