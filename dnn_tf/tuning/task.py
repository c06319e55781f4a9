"""What every trial of a search has in common."""

import gc
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import keras_tuner
import numpy as np
from sklearn.model_selection import StratifiedKFold

from dnn_tf.data import Dataset, Split
from dnn_tf.storage import replacing
from dnn_tf.training import Checkpoints, evaluate, fit
from dnn_tf.tuning.trainee import Space, make_trainee

OBJECTIVES = ("val_accuracy", "val_loss")


@dataclass(frozen=True, eq=False)
class Task:
    """The same data, seed and rules for all trials.

    Args:
        data: of all splits.
        space: see `search`.
        objective: what is compared, one of `OBJECTIVES`.
        epochs: of a training, at most.
        patience: it ends after so many without a smaller validation loss.
        folds: `None`, or how many parts of the training rows take turns as those that score.
        seed: of weights, order and folds.
        jit_compile: whether XLA compiles the steps.
    """

    data: Dataset
    space: Space
    objective: str
    epochs: int
    patience: int
    folds: int | None
    seed: int
    jit_compile: bool = True

    def run(self, hp: keras_tuner.HyperParameters, epochs: int, folder: Path) -> dict[str, float]:
        """Trains with these values, on every fold, and scores.

        Args:
            hp: the values.
            epochs: of each training, at most.
            folder: for checkpoints: what is killed and run again goes on from there.

        Returns:
            The objective, the mean over the folds; and of a training on average the `epochs`, and
            the one whose weights were kept, `best_epoch`, from 0.

        Raises:
            InputError, DivergenceError: see `make_trainee` and `training.fit`.
        """
        measured = []
        for number, data in enumerate(self._rounds()):
            gc.collect()  # of the training before; Keras' clear_session would change dtype policies
            trainee = make_trainee(self.space, hp, data, self.epochs, self.patience, self.seed)
            history = fit(
                trainee.model,
                data,
                epochs=epochs,
                watch=("validation",),
                seed=self.seed,
                checkpoint=Checkpoints(folder / f"training-{number}"),
                jit_compile=self.jit_compile,
                progress=False,
                **trainee.words,
            ).history
            best = int(np.argmin(history["val_loss"]))
            score = history[self.objective][best]
            if data.test is not None:  # the fold
                of_fold = evaluate(trainee.model, data.test, loss=trainee.words["loss"])
                score = of_fold[self.objective.removeprefix("val_")]
            measured.append(
                {
                    self.objective: score,
                    "epochs": len(history["loss"]),
                    "best_epoch": best,
                }
            )
        return {name: float(np.mean([m[name] for m in measured])) for name in measured[0]}

    def _rounds(self) -> Iterator[Dataset]:
        """The data without its test rows; or each fold as the test rows of the rest."""
        train = self.data.train
        if self.folds is None:
            yield replace(self.data, test=None)
            return
        folds = StratifiedKFold(self.folds, shuffle=True, random_state=self.seed)
        for rest, fold in folds.split(np.zeros(len(train)), train.y):
            yield replace(
                self.data,
                train=Split(train.x[rest], train.y[rest]),
                test=Split(train.x[fold], train.y[fold]),
            )


def take_over(earlier: Path, folder: Path) -> None:
    """Lets a training of Hyperband go on where the trial before it ended."""
    for checkpoints in earlier.glob("training-*"):
        target = folder / checkpoints.name
        if not target.exists():
            with replacing(target) as beside:
                shutil.copytree(checkpoints, beside, dirs_exist_ok=True)
