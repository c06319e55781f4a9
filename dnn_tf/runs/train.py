"""From settings to a saved network."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras

from dnn_tf import initializers, models, plots
from dnn_tf.data import Dataset, load
from dnn_tf.gradients import clip_by_value
from dnn_tf.layers import NeuronLayer
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.metrics import confusion_matrix
from dnn_tf.optimizers import GradientDescent
from dnn_tf.runs.folder import RunFolder, check_new
from dnn_tf.runs.settings import Settings
from dnn_tf.saving import check_destination, save
from dnn_tf.training import fit, prepare_devices
from dnn_tf.types import InputError

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


def check_names(settings: Settings) -> None:
    """Names that nobody knows are told before anything is loaded or written."""
    initializers.get(settings.initializer)
    try:
        keras.activations.get(settings.activation)
    except ValueError as error:
        raise InputError(
            f"unknown activation {settings.activation!r}: take one of Keras, such as relu, elu, "
            "selu, tanh or sigmoid"
        ) from error


def check_data(data: Dataset) -> None:
    """What a run needs beyond what a dataset promises."""
    if missing := {"validation", "test"} - set(data.splits()):
        raise InputError(
            "a run measures three splits, and the data has no "
            f"{' and no '.join(sorted(missing))} split"
        )
    if data.train.x.ndim != 2:
        raise InputError(
            f"a dense network takes rows of features, and a sample has the shape "
            f"{data.train.x.shape[1:]}: load the data with flat=True"
        )


def build(settings: Settings, data: Dataset) -> keras.Model:
    """The network that the settings describe, its weights drawn by their seed."""
    keras.utils.set_random_seed(settings.seed)
    return models.dnn(
        n_inputs=data.train.x.shape[1],
        hidden=settings.hidden,
        n_outputs=data.n_classes,
        activation=settings.activation,
        kernel_initializer=settings.initializer,
        layer=_LAYERS[settings.layer],
    )


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
        data: instead of loading `settings.data`.
        callbacks: more Keras callbacks.
        progress: see `training.fit`.

    Raises:
        InputError: settings, data or folders that cannot be used.
        OSError: a folder that cannot be written.
        DivergenceError: see `training.fit`.
    """
    check_names(settings)
    check_destination(out)
    check_new(run_dir)
    data = data or load(settings.data)
    check_data(data)
    folder = RunFolder(run_dir, settings)
    model = build(settings, data)
    history = fit(
        model,
        data,
        loss=sparse_softmax_cross_entropy,
        optimizer=GradientDescent(settings.learning_rate),
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        clip=None if settings.clip_value is None else clip_by_value(settings.clip_value),
        callbacks=[folder, *callbacks],
        watch=("validation", "test"),
        seed=settings.seed,
        progress=progress,
    ).history
    result = Result(
        test_accuracy=history["test_accuracy"][-1],
        test_loss=history["test_loss"][-1],
        validation_accuracy=history["val_accuracy"][-1],
        validation_loss=history["val_loss"][-1],
        epochs=len(history["loss"]),
        seconds_per_epoch=[round(seconds, 4) for seconds in history["seconds"]],
        source=data.source,
        device=prepare_devices(),
        saved_model=str(out),
        run_dir=str(run_dir),
        history=history,
    )
    measured = {name: getattr(result, name) for name in ("test_accuracy", "validation_accuracy")}
    save(model, out, data=data, settings=dataclasses.asdict(settings), measured=measured)
    _illustrate(folder, model, data, result)
    return result


def _illustrate(folder: RunFolder, model: keras.Model, data: Dataset, result: Result) -> None:
    assert data.test is not None
    folder.write_json("result.json", result.summary())
    folder.write_figure("curves.png", plots.learning_curves(result.history, data.source))
    predicted = model.predict(data.test.x, batch_size=1000, verbose=0).argmax(axis=1)
    matrix = confusion_matrix(data.test.y, predicted, data.n_classes)
    title = f"{len(data.test)} test samples, {result.test_accuracy:.2%} right"
    folder.write_figure("confusion.png", plots.confusion(matrix, data.class_names, title))
