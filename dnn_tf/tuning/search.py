"""The search for hyperparameters: checked, run, and what came of it."""

import time
from collections.abc import Callable
from pathlib import Path

from dnn_tf.arguments import check_choice, check_positive, check_seed, check_whole
from dnn_tf.data import Dataset, fingerprint
from dnn_tf.saving import check_destination
from dnn_tf.training import device_name
from dnn_tf.tuning.best import save_best
from dnn_tf.tuning.exploring import explore
from dnn_tf.tuning.identity import Identity, locked
from dnn_tf.tuning.job import remove_job, written_job
from dnn_tf.tuning.oracles import ALGORITHMS, TRIALS
from dnn_tf.tuning.records import TrialRecord, ranked, read_trial, read_trials
from dnn_tf.tuning.result import SearchResult
from dnn_tf.tuning.spaces import dense_space
from dnn_tf.tuning.task import OBJECTIVES, Task
from dnn_tf.tuning.trainee import Space
from dnn_tf.tuning.tuner import Tuner
from dnn_tf.tuning.workers import ProcessError, run_with_workers
from dnn_tf.types import InputError

Report = Callable[[TrialRecord], None]


def search(
    data: Dataset,
    space: Space = dense_space,
    *,
    directory: str | Path,
    algorithm: str = "bayesian",
    trials: int = 20,
    objective: str = "val_accuracy",
    epochs: int = 100,
    patience: int = 10,
    folds: int | None = None,
    seed: int = 42,
    workers: int | None = None,
    out: str | Path | None = None,
    jit_compile: bool = True,
    report: Report | None = None,
    progress: bool | None = None,
) -> SearchResult:
    """Tries sets of hyperparameters on the data, and saves the network of the best one.

    A trial trains with `training.fit` until the validation loss gets no smaller, and keeps the
    weights with the smallest; its score is the objective of these weights. The best trial is
    trained once more on all training rows and measured on the test rows, which no trial has seen.
    Every training starts from the same seed: without folds, and in one process, the best network is
    to the bit the one that was scored; Hyperband scores most after fewer epochs than the best gets.

    The same call after a kill goes on: trials that had ended are kept, and one that was under way
    goes on from its last checkpoint, a minute old at most. More trials may be asked for then.

    Args:
        data: with class names, and a validation split.
        space: a function of `hp`, KerasTuner's `HyperParameters`, that returns `runs.Settings` (of
            which `epochs`, `early_stopping`, `seed` and `data` are set here), or a compiled
            `keras.Model` that ends in an output a class; for this the hyperparameter `batch_size`
            counts, if there is one (else 50), and its metrics do not. What it asks for under some
            values only belongs into `hp.conditional_scope`, or a grid repeats itself. Default:
            `dense_space`.
        directory: the folder of the search, new or holding this search. It gets `search.json`,
            `trials` (a folder each, and the logs of workers), `trials.csv`, `search.png`,
            `result.json`, and the best network in `best`; while workers run, a copy of the data.
        algorithm: `"random"`; `"bayesian"`, after a third of the trials were random;
            `"hyperband"`, one sweep, with as many brackets as there is room for in `trials`;
            `"grid"`, the sets one after the other.
        trials: at most so many, 1 or more; fewer where the space has no more.
        objective: what decides, `"val_accuracy"` or `"val_loss"`.
        epochs: of a training, at most.
        patience: a training ends after so many epochs without a smaller validation loss.
        folds: `None` scores on the validation rows. A number, 2 or more: the training rows are cut
            into so many parts with equal shares of each class, and each part in turn scores a
            network trained on the others (stopped by the validation rows); the mean counts.
        seed: of the draws, folds, weights and orders.
        workers: processes of their own that run the trials, the cores divided among them;
            KerasTuner's own chief chooses the trials. A worker that dies is replaced; a trial at
            which three died has failed. `None`: all in this process, whose memory then grows with
            every network that is compiled (by 15 to 30 MB a training), which TensorFlow keeps;
            workers are renewed.
        out: the folder of the best network instead of `directory/best`.
        jit_compile: whether XLA compiles the steps, which pays in trainings of some length.
        report: called with each trial that ends.
        progress: of the training of the best; see `training.fit`.

    Raises:
        InputError: words, data or folders that cannot be used; a space that builds what cannot be
            trained: no trial was run. Or all trials failed.
        ProcessError: the chief of the workers died, or no worker can work.
        OSError: something could not be written.
    """
    check_choice(ALGORITHMS, algorithm=algorithm)
    check_choice(OBJECTIVES, objective=objective)
    check_positive(trials=trials, epochs=epochs, patience=patience)
    if workers is not None:
        check_positive(workers=workers)
    check_seed(seed=seed)
    if folds is not None:
        check_whole(2, folds=folds)
    _check_data(data, folds)
    directory = Path(directory)
    out = directory / "best" if out is None else Path(out)
    task = Task(data, space, objective, epochs, patience, folds, seed, jit_compile)
    hyperparameters, networks = explore(space, data, seed)
    identity = Identity(
        algorithm=algorithm, trials=trials, objective=objective, epochs=epochs, patience=patience,
        folds=folds, seed=seed, space=hyperparameters.get_config(), networks=networks,
        data=fingerprint(data), source=data.source,
    )  # fmt: skip
    identity.check(directory)
    check_destination(out)
    directory.mkdir(parents=True, exist_ok=True)
    with locked(directory) as lock:
        identity.check(directory)  # nobody can come between any more
        identity.write(directory)
        began = time.perf_counter()
        _run(task, identity, directory, workers, lock, report)
        return _result(task, identity, directory, out, time.perf_counter() - began, progress)


def _check_data(data: Dataset, folds: int | None) -> None:
    if not isinstance(data, Dataset) or not data.class_names:
        raise InputError(
            "a search compares classifiers: give a Dataset with class names, as data.load does"
        )
    if data.n_classes < 2:
        raise InputError(
            f"a classifier needs two classes or more, and the data names {list(data.class_names)}"
        )
    if data.validation is None:
        raise InputError("a training ends by its validation rows, and the data has no such split")
    rows = min((data.train.y == number).sum() for number in range(data.n_classes))
    if folds is not None and rows < folds:
        raise InputError(
            f"{folds} folds need as many training rows of each class, and one class has {rows}: "
            "take fewer folds"
        )


def _run(
    task: Task,
    identity: Identity,
    directory: Path,
    workers: int | None,
    lock: int | None,
    report: Report | None,
) -> None:
    """All trials that are not done yet."""

    def on_end(number: str) -> None:
        record = read_trial(directory, number)
        if report is not None and record is not None:
            report(record)

    remove_job(directory)  # of a search with workers that was killed
    try:
        if workers is not None:
            with written_job(task, directory):
                run_with_workers(directory, workers, lock, on_end)
        else:
            oracle = identity.make_oracle()
            oracle.open(directory)
            Tuner(oracle, task, directory, on_end).search()
    except ProcessError:
        raise
    except (KeyboardInterrupt, OSError) as error:
        told = f"{error}; " if isinstance(error, OSError) else ""
        done = len(read_trials(directory))
        raise type(error)(
            f"{told}{done} of {identity.trials} trials have ended and are kept in {directory}; the "
            "same call goes on"
        ) from None


def _result(
    task: Task,
    identity: Identity,
    directory: Path,
    out: Path,
    seconds: float,
    progress: bool | None,
) -> SearchResult:
    """Trains the best one, and writes everything."""
    trials = ranked(read_trials(directory), identity.objective)
    best = trials[0]
    if best.score is None:
        raise InputError(
            f"all {len(trials)} trials failed, the first one with {best.message}: the whole of it "
            f"is in {directory / TRIALS}"
        )
    measured = save_best(task, best, directory, out, progress)
    result = SearchResult(
        objective=identity.objective,
        best=best,
        trials=trials,
        measured=measured,
        source=identity.source,
        device=device_name(),
        seconds=round(seconds, 2),
        saved_model=str(out),
        directory=str(directory),
    )
    result.write(directory)
    return result
