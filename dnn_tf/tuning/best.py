"""The best network of a search, trained on all rows and saved."""

from pathlib import Path

import keras_tuner

from dnn_tf.saving import save
from dnn_tf.training import evaluate, fit
from dnn_tf.tuning.oracles import TRIALS
from dnn_tf.tuning.records import TrialRecord
from dnn_tf.tuning.task import Task
from dnn_tf.tuning.trainee import make_trainee


def save_best(
    task: Task, best: TrialRecord, directory: Path, out: Path, progress: bool | None
) -> dict[str, float]:
    """Trains with the values of that trial, measures, and saves.

    A kill costs a minute of it, and where it had ended nothing is trained again.

    Args:
        task: of the search.
        best: the trial.
        directory: of the search.
        out: the folder of the artefact.
        progress: see `training.fit`.

    Returns:
        `validation_accuracy`, `validation_loss`, the same of the test rows if there are any, and
        `epochs`.
    """
    hp = keras_tuner.HyperParameters()
    hp.values = dict(best.values)
    data = task.data
    trainee = make_trainee(task.space, hp, data, task.epochs, task.patience, task.seed)
    history = fit(
        trainee.model,
        data,
        epochs=task.epochs,
        seed=task.seed,
        checkpoint=directory / TRIALS / f"best-{best.number}",
        jit_compile=task.jit_compile,
        progress=progress,
        **trainee.words,
    ).history
    measured: dict[str, float] = {}
    for name in ("validation", "test"):
        split = getattr(data, name)
        if split is not None:
            of_split = evaluate(trainee.model, split, loss=trainee.words["loss"])
            measured |= {f"{name}_{key}": value for key, value in of_split.items()}
    measured["epochs"] = len(history["loss"])
    settings = {**trainee.settings, "data": data.source}
    save(trainee.model, out, data=data, settings=settings, measured=measured)
    return measured
