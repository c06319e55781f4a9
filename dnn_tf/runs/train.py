"""From settings to a saved network."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from dnn_tf import models, plots
from dnn_tf.data import Dataset, load
from dnn_tf.gradients import clip_by_value
from dnn_tf.layers import NeuronLayer
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.metrics import confusion_matrix
from dnn_tf.optimizers import GradientDescent
from dnn_tf.runs.folder import RunFolder, check_new
from dnn_tf.runs.settings import Settings
from dnn_tf.saving import check_destination, save
from dnn_tf.training import device_name, fit
from dnn_tf.types import DivergenceError, InputError, first_line

_LAYERS = {"neuron": NeuronLayer, "dense": keras.layers.Dense}


@dataclass(frozen=True)
class Result:
    """What a run came to.

    Args:
        test_accuracy, test_loss, validation_accuracy, validation_loss: after the last epoch.
        epochs: how many were trained.
        seconds_per_epoch: wall time of each with its measurements; the first one compiles.
        source: where the data came from.
        device: what did the work.
        saved_model, run_dir: the folders that were written.
        history: everything measured, epoch by epoch.
    """

    test_accuracy: float
    test_loss: float
    validation_accuracy: float
    validation_loss: float
    epochs: int
    seconds_per_epoch: list[float]
    source: str
    device: str
    saved_model: str
    run_dir: str
    history: dict[str, list[float]] = dataclasses.field(repr=False)

    def summary(self) -> dict[str, Any]:
        """All of it but the history, for a program to read."""
        fields = dataclasses.asdict(self)
        del fields["history"]
        return fields


def check_data(data: Dataset) -> None:
    """What a run needs beyond what a dataset promises."""
    if missing := {"validation", "test"} - set(data.splits()):
        raise InputError(
            "a run measures three splits, and the data has no "
            f"{' and no '.join(sorted(missing))} split"
        )
    if data.n_classes < 2:
        raise InputError(
            f"a classifier needs two classes or more, and the data names {list(data.class_names)}"
        )
    if data.train.x.ndim != 2:
        raise InputError(
            f"a dense network takes rows of features, and a sample has the shape "
            f"{data.train.x.shape[1:]}: load the data with flat=True"
        )


def check_places(out: str | Path, run_dir: str | Path) -> None:
    """Two folders that can be written, neither of them the end of the other."""
    target, run = Path(out).resolve(), Path(run_dir).resolve()
    if run.is_relative_to(target):
        raise InputError(
            f"the run folder {run_dir} is in the folder of the saved model, {out}, which is "
            "replaced as a whole: name another"
        )
    check_destination(out)
    check_new(run_dir)


def build(settings: Settings, n_inputs: int, n_classes: int) -> keras.Model:
    """The network that the settings describe, its weights drawn by their seed.

    Raises:
        InputError: it cannot be built: a name that nobody knows, or too large.
    """
    keras.utils.set_random_seed(settings.seed)
    try:
        model = models.dnn(
            n_inputs=n_inputs,
            hidden=settings.hidden,
            n_outputs=n_classes,
            activation=settings.activation,
            kernel_initializer=settings.initializer,
            layer=_LAYERS[settings.layer],
        )
        model(np.zeros((1, n_inputs), "float32"))  # some activations fail only at work
    except InputError:
        raise
    except Exception as error:  # whatever Keras, NumPy and TensorFlow make of odd names and sizes
        raise InputError(
            f"the network cannot be built ({first_line(error)}): check its hidden layers, "
            f"activation {settings.activation!r} and initialiser {settings.initializer!r}"
        ) from error
    return model


def train(
    settings: Settings,
    *,
    out: str | Path,
    run_dir: str | Path,
    data: Dataset | None = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    progress: bool | None = None,
) -> Result:
    """Trains a network, measures it, and writes the artefact and the run folder.

    Both places are tried before the first step, so that an hour of training is not lost to a
    folder that cannot be written.

    Args:
        settings: of the run.
        out: the folder of the artefact; see `saving.save`.
        run_dir: the run folder, new or empty. It gets `config.json`, `metrics.csv`, `curves.png`,
            `confusion.png` and `result.json`.
        data: instead of loading `settings.data`, which then is only a name for it.
        callbacks: more Keras callbacks.
        progress: see `training.fit`.

    Raises:
        InputError: settings, data or folders that cannot be used.
        OSError: the artefact could not be written after all; the network is then in `model` of the
            run folder.
        DivergenceError: see `training.fit`; the network as it was before the bad step is in
            `last_good` of the run folder.
    """
    check_places(out, run_dir)
    data = data or load(settings.data)
    check_data(data)
    model = build(settings, data.train.x.shape[1], data.n_classes)
    folder = RunFolder(run_dir, settings)
    try:
        history = _fit(model, data, settings, [folder, *callbacks], progress)
    except DivergenceError as error:
        kept = save(model, folder.path / "last_good", data=data)
        raise DivergenceError(f"{error}; that network is in {kept}") from error
    result = Result(
        test_accuracy=history["test_accuracy"][-1],
        test_loss=history["test_loss"][-1],
        validation_accuracy=history["val_accuracy"][-1],
        validation_loss=history["val_loss"][-1],
        epochs=len(history["loss"]),
        seconds_per_epoch=[round(seconds, 4) for seconds in history["seconds"]],
        source=data.source,
        device=device_name(),
        saved_model=str(out),
        run_dir=str(run_dir),
        history=history,
    )
    measured = {name: getattr(result, name) for name in ("test_accuracy", "validation_accuracy")}
    card: dict[str, Any] = {"settings": dataclasses.asdict(settings), "measured": measured}
    _illustrate(folder, model, data, result)
    try:
        save(model, out, data=data, **card)
    except OSError as error:  # a disk that filled meanwhile, say: the training is not lost
        kept = save(model, folder.path / "model", data=data, **card)
        raise OSError(f"{error}; the trained network is in {kept}") from error
    return result


def _fit(
    model: keras.Model,
    data: Dataset,
    settings: Settings,
    callbacks: Sequence[keras.callbacks.Callback],
    progress: bool | None,
) -> dict[str, list[float]]:
    history: dict[str, list[float]] = fit(
        model,
        data,
        loss=sparse_softmax_cross_entropy,
        optimizer=GradientDescent(settings.learning_rate),
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        clip=None if settings.clip_value is None else clip_by_value(settings.clip_value),
        callbacks=callbacks,
        watch=("validation", "test"),
        seed=settings.seed,
        progress=progress,
    ).history
    return history


def _illustrate(folder: RunFolder, model: keras.Model, data: Dataset, result: Result) -> None:
    assert data.test is not None
    folder.write_json("result.json", result.summary())
    folder.write_figure("curves.png", plots.learning_curves(result.history, data.source))
    predicted = model.predict(data.test.x, batch_size=1000, verbose=0).argmax(axis=1)
    matrix = confusion_matrix(data.test.y, predicted, data.n_classes)
    title = f"{len(data.test)} test samples, {result.test_accuracy:.2%} right"
    folder.write_figure("confusion.png", plots.confusion(matrix, data.class_names, title))
