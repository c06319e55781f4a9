"""From settings to a saved network."""

import dataclasses
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import keras
import numpy as np
from matplotlib.figure import Figure

from dnn_tf import models, plots
from dnn_tf.data import Dataset, load, located
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.metrics import confusion_matrix
from dnn_tf.runs import parts
from dnn_tf.runs.door import check_data, check_places
from dnn_tf.runs.folder import NoFolder, RunFolder, is_begun, read_run
from dnn_tf.runs.manifest import Manifest
from dnn_tf.runs.plan import Plan, check_plan, count_steps, rows_a_step
from dnn_tf.runs.precision import floats, in_float32, loss_for, trains_in_float32
from dnn_tf.runs.result import Result
from dnn_tf.runs.settings import Settings
from dnn_tf.saving import check_destination, save
from dnn_tf.sparsity import sparsify
from dnn_tf.training import (
    LearningRateTrial,
    Starts,
    device_name,
    evaluate,
    find_learning_rate,
    fit_best_of,
)
from dnn_tf.types import DivergenceError, InputError, first_line
from dnn_tf.workers import Team, team_of

LOSS = sparse_softmax_cross_entropy


def build(settings: Settings, n_inputs: int, n_classes: int) -> keras.Model:
    """The network that the settings describe, its weights drawn by their seed.

    Raises:
        InputError: it cannot be built: a name that nobody knows, or too large.
    """
    keras.utils.set_random_seed(settings.seed)
    return _network(settings, n_inputs, n_classes)


def _network(settings: Settings, n_inputs: int, n_classes: int) -> keras.Model:
    try:
        with floats(settings.precision):
            words = parts.layer_words(settings)
            model = models.dnn(n_inputs=n_inputs, n_outputs=n_classes, **words)
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
    repeats: str | Path | None = None,
    strategy: Any = None,
    progress: bool | None = None,
) -> Result:
    """Trains a network, measures it, and writes the artefact and the run folder.

    Both places are tried before the first step, so that an hour of training is not lost to a
    folder that cannot be written. What is killed goes on with `resume`.

    Args:
        settings: of the run.
        out: the folder of the artefact; see `saving.save`.
        run_dir: the run folder, new or empty. It gets `config.json`, `manifest.json`,
            `metrics.csv`, `checkpoints`, `curves.png`, `confusion.png` and `result.json`; with a
            schedule `schedule.png`; `learning_rate.png` where the learning rate was to be found;
            and with `watch_layers` what `diagnostics.WatchLayers` writes.
        data: instead of loading `settings.data`, which then is only a name for it.
        callbacks: more Keras callbacks.
        repeats: the folder of an earlier run, to be compared with: what was different there, of
            versions, machine or data, is told in a warning.
        strategy: of `tf.distribute`, such as `workers.strategy()`. Of several workers each calls
            this; the chief's settings count, and it alone writes. A run folder that holds a run
            with the same settings is gone on with then: whoever starts all workers again need not
            know how far they had come.
        progress: see `training.fit`.

    Raises:
        InputError: settings, data or folders that cannot be used.
        OSError: the artefact could not be written after all; the network is then in `model` of the
            run folder.
        DivergenceError: see `training.fit`; the network as it was before the bad step is in
            `last_good` of the run folder.
        PeerError: another worker is lost; see `training.fit`.
    """
    team = team_of(strategy)
    with team.at_work():
        earlier = None if repeats is None else read_run(repeats)[1]
        check_plan(settings)
        if data is None:  # so that it is found from any folder, when the run goes on
            settings = dataclasses.replace(settings, data=located(settings.data))
        settings = _of_chief(team, settings)
        _check_alone(team, settings)
        goes_on = team.size > 1 and team.is_chief and is_begun(run_dir, settings)
        if team.chiefs(goes_on, "whether a run goes on"):
            words: dict[str, Any] = {"callbacks": callbacks, "progress": progress}
            return resume(run_dir, data=data, strategy=strategy, **words)
        if team.is_chief:
            check_places(out, run_dir)
        data = _loaded(settings, data)
        first = build(settings, *_sizes(data))
        trial = _try_learning_rates(first, data, settings)
        rate = team.chiefs(None if trial is None else trial.suggestion, "the learning rate")
        manifest = Manifest.of(
            settings.data, data, rate, str(Path(out).resolve()), _replicas(strategy)
        )
        if earlier is not None:
            manifest.warn_of_differences(earlier)
        begin = RunFolder.begin if team.is_chief else _no_folder
        folder = begin(run_dir, dataclasses.asdict(settings), manifest, _part(settings))
        if trial is not None:
            folder.write_figure("learning_rate.png", _drawn(trial, data, settings))
    return _run(settings, manifest, data, folder, str(out), callbacks, progress, strategy)


def resume(
    run_dir: str | Path,
    *,
    data: Dataset | None = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    strategy: Any = None,
    progress: bool | None = None,
) -> Result:
    """Goes on with a run that was killed or interrupted, and ends with the bits it would have had.

    Elsewhere, or with other versions, the bits may be others: a warning names what differs. A run
    that had ended is measured and saved once more.

    Args:
        run_dir: the run folder of `train`. Of several workers only the chief reads it.
        data, callbacks, strategy: where `train` was given any, the same.
        progress: see `training.fit`.

    Raises:
        InputError: the folder holds no run; the data are not those that it was trained on.
        OSError, DivergenceError: see `train`.
    """
    team = team_of(strategy)
    with team.at_work():
        settings, earlier = read_run(run_dir) if team.is_chief else (Settings(), None)
        settings = _of_chief(team, settings)
        found = None if earlier is None else [earlier.found_learning_rate, earlier.out]
        rate, out = team.chiefs(found, "what the run has found")
        if team.is_chief:
            check_destination(out)
        data = _loaded(settings, data)
        manifest = Manifest.of(settings.data, data, rate, out, _replicas(strategy))
        if earlier is not None:
            manifest.warn_of_differences(earlier)
        folder = (RunFolder if team.is_chief else NoFolder)(run_dir, _part(settings))
    return _run(settings, manifest, data, folder, out, callbacks, progress, strategy)


def _of_chief(team: Team, settings: Settings) -> Settings:
    """The chief's settings."""
    fields = team.chiefs(dataclasses.asdict(settings), "the settings")
    return Settings(**fields | {"hidden": tuple(fields["hidden"])})


def _check_alone(team: Team, settings: Settings) -> None:
    if team.size > 1 and settings.watch_layers:
        raise InputError(
            "watch_layers looks on from one worker, and there are several: leave it out, and see "
            "diagnostics.inspect afterwards"
        )


def _no_folder(path: str | Path, _: Any, __: Any, part: str | None) -> NoFolder:
    return NoFolder(path, part)


def _replicas(strategy: Any) -> int:
    return 1 if strategy is None else strategy.num_replicas_in_sync


def _part(settings: Settings) -> str | None:
    """What each of the trainings of a run is called, if there are several."""
    return "start" if settings.starts > 1 else None


def _loaded(settings: Settings, data: Dataset | None) -> Dataset:
    """The data, once they are known to go with the settings."""
    data = data or load(settings.data)
    check_data(data)
    check_plan(settings, len(data.train))
    return data


def _sizes(data: Dataset) -> tuple[int, int]:
    return data.train.x_shape[0], data.n_classes


def _run(
    settings: Settings,
    manifest: Manifest,
    data: Dataset,
    folder: RunFolder,
    out: str,
    callbacks: Sequence[keras.callbacks.Callback],
    progress: bool | None,
    strategy: Any = None,
) -> Result:
    """From the run folder on: a new run and one that goes on take the same way."""
    rate = manifest.found_learning_rate or float(settings.learning_rate)
    plan = Plan(settings, count_steps(settings, len(data.train)), rate)
    team = team_of(strategy)
    made: list[keras.Model] = []

    def scope() -> AbstractContextManager[Any]:
        return nullcontext() if strategy is None else strategy.scope()

    def make_model() -> keras.Model:
        with scope():
            made.append(_network(settings, *_sizes(data)))
        return made[-1]

    def make_optimizer() -> keras.optimizers.Optimizer:
        with scope():
            return plan.optimizer()

    def alone(model: keras.Model) -> keras.Model:
        """A network that anybody can load, measure and export."""
        if strategy is None and trains_in_float32(settings.precision):
            return model
        alike = _network(dataclasses.replace(settings, precision="float32"), *_sizes(data))
        return in_float32(model, alike, plan.optimizer(), LOSS)

    try:
        with team.at_work():
            best = fit_best_of(
                settings.starts,
                make_model,
                make_optimizer,
                data,
                loss=loss_for(settings.precision, LOSS),
                epochs=settings.epochs,
                batch_size=settings.batch_size,
                gradient_accumulation_steps=settings.gradient_accumulation_steps,
                clip=parts.clip(settings),
                clip_effects=parts.clip_effects(settings),
                callbacks=[
                    folder,
                    *parts.callbacks(settings),
                    *parts.watchers(settings, data.train, folder.path),
                    *callbacks,
                ],
                watch=("validation", "test"),
                seed=settings.seed,
                checkpoint=folder.path / "checkpoints",
                progress=progress,
            )
    except DivergenceError as error:
        if not team.is_chief:
            raise
        kept = save(alone(made[-1]), folder.path / "last_good", data=data)
        raise DivergenceError(f"{error}; that network is in {kept}") from error
    best = dataclasses.replace(best, model=alone(best.model))
    result = _result(best, data, settings, plan, out, folder.path)
    if not team.is_chief:
        return result
    measured = {name: getattr(result, name) for name in ("test_accuracy", "validation_accuracy")}
    card: dict[str, Any] = {"settings": dataclasses.asdict(settings), "measured": measured}
    _illustrate(folder, best.model, data, plan, result)
    try:
        save(best.model, out, data=data, **card)
    except OSError as error:  # a disk that filled meanwhile, say: the training is not lost
        kept = save(best.model, folder.path / "model", data=data, **card)
        raise OSError(f"{error}; the trained network is in {kept}") from error
    return result


def _try_learning_rates(
    model: keras.Model, data: Dataset, settings: Settings
) -> LearningRateTrial | None:
    """The trial that the settings ask for, with the steps of the training."""
    if settings.learning_rate != "auto":
        return None
    return find_learning_rate(
        model,
        data,
        loss=LOSS,
        optimizer=parts.optimizer(settings),
        batch_size=rows_a_step(settings, len(data.train)),
        clip=parts.clip(settings),
        seed=settings.seed,
    )


def _drawn(trial: LearningRateTrial, data: Dataset, settings: Settings) -> Figure:
    title = f"{settings.optimizer}, {rows_a_step(settings, len(data.train))} rows a step"
    return plots.learning_rate_trial(
        trial.learning_rates, trial.losses, trial.smoothed, trial.suggestion, title
    )


def _result(
    best: Starts,
    data: Dataset,
    settings: Settings,
    plan: Plan,
    out: str | Path,
    run_dir: str | Path,
) -> Result:
    """Measures the network that training left."""
    assert data.validation is not None
    assert data.test is not None  # check_data has made sure
    sparsity = None
    if settings.threshold is not None:
        sparsity = sparsify(best.model, data.validation, loss=LOSS, threshold=settings.threshold)
    validation = evaluate(best.model, data.validation, loss=LOSS)
    test = evaluate(best.model, data.test, loss=LOSS)
    losses = best.history["val_loss"]
    return Result(
        test_accuracy=test["accuracy"],
        test_loss=test["loss"],
        validation_accuracy=validation["accuracy"],
        validation_loss=validation["loss"],
        epochs=len(losses),
        learning_rate=plan.first_learning_rate,
        found_learning_rate=plan.learning_rate if settings.learning_rate == "auto" else None,
        seconds_per_epoch=[round(seconds, 4) for seconds in best.history["seconds"]],
        source=data.source,
        device=device_name(),
        saved_model=str(out),
        run_dir=str(run_dir),
        scores=best.scores,
        best_epoch=None if settings.early_stopping is None else int(np.argmin(losses)),
        sparsity=sparsity,
        history=best.history,
    )


def _illustrate(
    folder: RunFolder, model: keras.Model, data: Dataset, plan: Plan, result: Result
) -> None:
    assert data.test is not None
    folder.write_json("result.json", result.summary())
    folder.write_figure("curves.png", plots.learning_curves(result.history, data.source))
    if (schedule := plan.schedule()) is not None:
        folder.write_figure("schedule.png", plots.schedule(schedule, plan.steps, plan.title))
    predicted = model.predict(data.test.x, batch_size=1000, verbose=0).argmax(axis=1)
    matrix = confusion_matrix(data.test.y, predicted, data.n_classes)
    title = f"{len(data.test)} test samples, {result.test_accuracy:.2%} right"
    folder.write_figure("confusion.png", plots.confusion(matrix, data.class_names, title))
