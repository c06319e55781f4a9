"""The reference notebook's search (exercise 8.3): seconds beside KerasTuner with `model.fit`.

    python -m benchmarks.search [--draws 4] [--workers 1 2] [--epochs 1000]

Each way searches the same draws of the same space with the same folds, on digits 0 to 4 of full
MNIST: `tuning.search` with each number of workers, and KerasTuner with a network, an optimiser and
a loss of Keras, each fold trained by `model.fit` as it comes. Early stopping ends the trainings
after different numbers of epochs, so the seconds of an epoch are told, too. All 50 draws, and the
test accuracy beside the notebook's: `dnn-tf reproduce exercise-8-search`.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import keras_tuner
import numpy as np
from sklearn.model_selection import StratifiedKFold

import dnn_tf
from dnn_tf.data import Dataset, select
from dnn_tf.experiments.exercise_8_search import DIGITS, random_search

FOLDS, PATIENCE, SEED = 3, 20, 42


def build(hp: keras_tuner.HyperParameters) -> keras.Model:
    """The notebook's space in Keras' own words."""
    activations = {"relu": "relu", "elu": "elu", **{
        f"leaky_relu {slope}": keras.layers.LeakyReLU(slope) for slope in (0.01, 0.1)
    }}  # fmt: skip
    units = hp.Choice("n_neurons", [10, 30, 50, 70, 90, 100, 120, 140, 160])
    hp.Choice("batch_size", [10, 50, 100, 500])
    activation = activations[hp.Choice("activation", list(activations))]
    model = keras.Sequential([keras.Input((784,))])
    for _ in range(5):
        model.add(keras.layers.Dense(units, activation, kernel_initializer="he_normal"))
    model.add(keras.layers.Dense(len(DIGITS)))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    rate = hp.Choice("learning_rate", [0.01, 0.02, 0.05, 0.1])
    model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    return model


class KerasSearch(keras_tuner.Tuner):
    """KerasTuner's random search, each trial on every fold."""

    def __init__(self, data: Dataset, draws: int, directory: str, epochs: int):
        self._data, self._epochs = data, epochs
        self.epochs: list[int] = []
        oracle = keras_tuner.oracles.RandomSearchOracle(
            keras_tuner.Objective("val_accuracy", "max"), draws, seed=SEED + 1
        )
        super().__init__(oracle, build, directory=directory, project_name="keras")

    def run_trial(self, trial: keras_tuner.engine.trial.Trial, **_: object) -> dict[str, float]:
        """The mean accuracy on the folds."""
        train, held_out = self._data.train, self._data.validation
        scores = []
        for rest, fold in self._folds():
            keras.utils.set_random_seed(SEED)
            model = self.hypermodel.build(trial.hyperparameters)
            history = model.fit(
                train.x[rest], train.y[rest], batch_size=trial.hyperparameters["batch_size"],
                epochs=self._epochs, verbose=0, validation_data=(held_out.x, held_out.y),
                callbacks=[keras.callbacks.EarlyStopping(
                    "val_loss", patience=PATIENCE, restore_best_weights=True
                )],
            )  # fmt: skip
            self.epochs.append(len(history.epoch))
            _, accuracy = model.evaluate(train.x[fold], train.y[fold], verbose=0)
            scores.append(accuracy)
        return {"val_accuracy": float(np.mean(scores))}

    def _folds(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        y = self._data.train.y
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
        return folds.split(np.zeros(len(y)), y)


def with_keras(
    data: Dataset, draws: int, epochs: int
) -> tuple[float, int, list[dict[str, object]]]:
    """Seconds, epochs, and the values of the draws."""
    with tempfile.TemporaryDirectory() as folder:
        search = KerasSearch(data, draws, folder, epochs)
        began = time.perf_counter()
        search.search(verbose=0)
        seconds = time.perf_counter() - began
        trials = [search.oracle.trials[number] for number in search.oracle.start_order]
        assert all(trial.status == "COMPLETED" for trial in trials), "a trial failed"
        return seconds, sum(search.epochs), [trial.hyperparameters.values for trial in trials]


def with_dnn_tf(
    mnist: Dataset, draws: int, workers: int | None, most: int
) -> tuple[float, int, list[dict[str, object]]]:
    """The same of `tuning.search`; training the best once more is not counted."""
    with tempfile.TemporaryDirectory() as folder:
        result = random_search(
            mnist,
            folder,
            draws=draws,
            folds=FOLDS,
            seed=SEED,
            workers=workers,
            progress=False,
            epochs=most,
        )
    trials = sorted(result.trials, key=lambda trial: trial.number)
    assert all(trial.status == "completed" for trial in trials), "a trial failed"
    epochs = sum(FOLDS * trial.epochs for trial in trials)
    return result.seconds, round(epochs), [trial.values for trial in trials]


def compare(
    mnist: Dataset, draws: int, workers: list[int], most: int = 1000
) -> dict[str, dict[str, float]]:
    """Prints a line for each way; gives the seconds and epochs of each.

    Args:
        mnist: all digits; those from 0 to 4 are taken.
        draws: how many sets of hyperparameters.
        workers: of `tuning.search`, one search each; 0 for none.
        most: epochs of a training, which early stopping may end before.
    """
    print(f"{draws} draws, {FOLDS} folds, digits 0 to 4")
    names = {0: "in this process", 1: "1 worker"}
    given = {f"dnn_tf, {names.get(n, f'{n} workers')}": n or None for n in workers}
    found = {name: with_dnn_tf(mnist, draws, n, most) for name, n in given.items()}
    found["KerasTuner, model.fit"] = with_keras(select(mnist, classes=DIGITS), draws, most)
    first = next(iter(found.values()))
    for name, (seconds, epochs, values) in found.items():
        assert values == first[2], "not the same draws"
        print(
            f"  {name:24} {seconds:8.1f} s  {seconds / first[0]:5.2f} times  {epochs:5} epochs  "
            f"{seconds / epochs:6.3f} s an epoch", flush=True,
        )  # fmt: skip
    return {name: {"seconds": s, "epochs": n} for name, (s, n, _) in found.items()}


def main() -> None:
    """Times and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=4, help="of the comparison (4)")
    parser.add_argument(
        "--workers", type=int, nargs="+", default=[0, 1, 2], help="0: in this process (0 1 2)"
    )
    parser.add_argument("--epochs", type=int, default=1000, help="of a training, at most (1000)")
    options = parser.parse_args()
    compare(dnn_tf.data.load("mnist"), options.draws, options.workers, options.epochs)


if __name__ == "__main__":
    main()
