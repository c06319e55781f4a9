"""The document's example: a network that reads digits."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dnn_tf.data import Dataset
from dnn_tf.data import load as load_data
from dnn_tf.runs import Result, Settings, read_run, resume, train
from dnn_tf.saving import load
from dnn_tf.training import EpochReport

REFERENCE = 0.9776
"""Validation accuracy after 40 epochs in the reference notebook (handson-ml, chapter 10, cell 36):
full MNIST, TensorFlow 1.15."""

TOLERANCE = 0.003

SHOWN = 20
"""Test images predicted by the restored network, as in the document."""


@dataclass(frozen=True)
class MnistResult:
    """The run, and what the restored network takes the first test images for."""

    run: Result
    labels: np.ndarray
    predicted: np.ndarray


def mnist(
    settings: Settings,
    *,
    out: str | Path,
    run_dir: str | Path,
    report: EpochReport | None = None,
    progress: bool | None = None,
) -> MnistResult:
    """Construction, execution and reuse, in the order of the document.

    Trains the network of `settings` and saves it; then restores what was saved and predicts the
    first 20 test images with it.

    Args:
        settings: `Settings()` is the example as documented.
        out, run_dir: see `runs.train`.
        report: the line an epoch. Default: to stdout.
        progress: see `training.fit`.
    """
    data = load_data(settings.data)
    run = train(
        settings,
        out=out,
        run_dir=run_dir,
        data=data,
        callbacks=[report or EpochReport()],
        progress=progress,
    )
    return _restored(run, data)


def resume_mnist(
    run_dir: str | Path, *, report: EpochReport | None = None, progress: bool | None = None
) -> MnistResult:
    """Goes on with a run of `mnist` that was killed or interrupted; see `runs.resume`."""
    data = load_data(read_run(run_dir)[0].data)
    run = resume(run_dir, data=data, callbacks=[report or EpochReport()], progress=progress)
    return _restored(run, data)


def _restored(run: Result, data: Dataset) -> MnistResult:
    assert data.test is not None  # train has made sure
    restored = load(run.saved_model)
    X_new_scaled = data.test.x[:SHOWN]
    Z = restored.predict(X_new_scaled, verbose=0)  # (20, 10)
    y_pred = np.argmax(Z, axis=1)
    return MnistResult(run, labels=data.test.y[:SHOWN], predicted=y_pred)
