"""From a saved network and data of one's own to another saved network."""

import csv
import dataclasses
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras

from dnn_tf import initializers, optimizers, plots
from dnn_tf.data import Dataset, located, select
from dnn_tf.metrics import confusion_matrix
from dnn_tf.runs.door import check_apart, check_places
from dnn_tf.runs.fine_tune_settings import FineTuneSettings
from dnn_tf.runs.folder import RunFolder
from dnn_tf.runs.manifest import Manifest
from dnn_tf.runs.opening import load_for, open_network
from dnn_tf.saving import save
from dnn_tf.training import device_name
from dnn_tf.transfer import FineTuning, Stage, check_tunable, fine_tune, reuse
from dnn_tf.types import InputError


@dataclass(frozen=True)
class FineTuneResult:
    """What fine-tuning came to.

    Args:
        tuning: the stages, and which was kept.
        class_names: of the new task.
        rows: of each split.
        source: where the data came from, and how they were fitted to the network.
        device: what did the work.
        seconds: from the opened network to the saved one.
        saved_model, run_dir: the folders that were written.
    """

    tuning: FineTuning
    class_names: tuple[str, ...]
    rows: dict[str, int]
    source: str
    device: str
    seconds: float
    saved_model: str
    run_dir: str

    def summary(self) -> dict[str, Any]:
        """For a program to read."""
        fields = {**vars(self), "class_names": list(self.class_names)}
        return fields.pop("tuning").summary() | fields


def finetune(
    model: str | Path,
    settings: FineTuneSettings,
    *,
    out: str | Path,
    run_dir: str | Path,
    data: Dataset | None = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    progress: bool | None = None,
) -> FineTuneResult:
    """Puts the lower layers of a saved network to work on other data, and saves what came of it.

    Args:
        model: the folder of a saved network, or a `.keras` file. It stays as it is.
        settings: of the run.
        out: the folder of the new artefact; see `saving.save`. It has the class names of the data,
            and the image format of the network, to which images were fitted.
        run_dir: the run folder, new or empty. It gets `config.json`, `manifest.json`,
            `metrics.csv`, `stages.csv`, `stages.png`, `confusion.png` and `result.json`.
        data: instead of loading `settings.data`, which then is only a name for it.
        callbacks: more Keras callbacks, used in every stage.
        progress: see `training.fit`.

    Raises:
        InputError: a network, settings, data or folders that cannot be used, or do not fit.
        OSError: the artefact could not be written.
        DivergenceError: see `training.fit`.
    """
    check_places(out, run_dir)
    check_apart(
        {"the new network": out, "the run folder": run_dir},
        {"the network to be tuned": model, "the data": settings.data},
    )
    optimizers.get(settings.optimizer, learning_rate=settings.learning_rate)  # its name, before all
    trained, card = open_network(model)
    if data is None:
        settings = dataclasses.replace(settings, data=located(settings.data))
        data = load_for(trained, card, settings.data, seed=settings.seed)
    if settings.per_class is not None:
        data = select(data, per_class=settings.per_class, seed=settings.seed)
    began = time.perf_counter()
    keras.utils.set_random_seed(settings.seed)
    network = reuse(
        trained,
        data.n_classes,
        keep=settings.keep,
        new_hidden=settings.new_hidden,
        activation=settings.activation,
        kernel_initializer=_start(settings),
    )
    check_tunable(network, data)
    manifest = Manifest.of(settings.data, data, None, str(Path(out).resolve()))
    config = {"model": str(Path(model).resolve()), **dataclasses.asdict(settings)}
    folder = RunFolder.begin(run_dir, config, manifest, part="stage")
    tuning = fine_tune(
        network,
        data,
        optimizer=lambda rate, **words: optimizers.get(
            settings.optimizer, learning_rate=rate, **words
        ),
        callbacks=[folder, *callbacks],
        progress=progress,
        **{name: config[name] for name in _OF_FINE_TUNE},
    )
    save(network, out, data=data, settings=config, measured=_measured(tuning))
    result = FineTuneResult(
        tuning=tuning,
        class_names=data.class_names,
        rows={name: len(split) for name, split in data.splits().items()},
        source=data.source,
        device=device_name(),
        seconds=round(time.perf_counter() - began, 2),
        saved_model=str(out),
        run_dir=str(run_dir),
    )
    _illustrate(folder, network, data, result)
    return result


_OF_FINE_TUNE = (
    "learning_rate", "rate_decay", "average_epochs", "batch_size", "epochs", "patience", "stages",
    "thaw_layers", "cache", "scratch", "seed",
)  # fmt: skip
"""Settings that `transfer.fine_tune` takes by the same name."""


def _start(settings: FineTuneSettings) -> str | None:
    """How the weights of new hidden layers start: as suits their activation, if that is known."""
    try:
        return initializers.recommended(settings.activation)
    except InputError:
        return None


def _measured(tuning: FineTuning) -> dict[str, float]:
    """Of the network that was kept, for its card."""
    summary = tuning.summary()
    names = ("test_accuracy", "validation_accuracy")
    return {name: summary[name] for name in names if summary[name] is not None}


def _illustrate(
    folder: RunFolder, network: keras.Model, data: Dataset, result: FineTuneResult
) -> None:
    """Tables and figures."""
    tuning = result.tuning
    folder.write_json("result.json", result.summary())
    with (folder.path / "stages.csv").open("w", newline="", encoding="utf-8") as file:
        scratch = tuning.scratch
        named: dict[Any, Stage | None] = dict(enumerate(tuning.stages, start=1))
        named["scratch"] = scratch
        rows = [
            {"stage": name, **dataclasses.asdict(stage), "trained": " ".join(stage.trained)}
            for name, stage in named.items()
            if stage is not None
        ]
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    split = data.test or data.validation
    assert split is not None  # fine_tune has made sure
    of_test = [stage.test_accuracy for stage in tuning.stages if stage.test_accuracy is not None]
    folder.write_figure(
        "stages.png",
        plots.stages(
            [stage.trained for stage in tuning.stages],
            [stage.validation_accuracy for stage in tuning.stages],
            of_test or None,
            kept=tuning.best,
            scratch=None if scratch is None else _shown(scratch),
            title=data.source,
        ),
    )
    predicted = network.predict(split.x, batch_size=1000, verbose=0).argmax(axis=1)
    matrix = confusion_matrix(split.y, predicted, data.n_classes)
    right = (predicted == split.y).mean()
    kind = "validation" if data.test is None else "test"
    title = f"{len(split)} {kind} samples, {right:.2%} right"
    folder.write_figure("confusion.png", plots.confusion(matrix, data.class_names, title))


def _shown(stage: Stage) -> float:
    """Its test accuracy, or where there is no test split, that on the validation rows."""
    return stage.validation_accuracy if stage.test_accuracy is None else stage.test_accuracy
