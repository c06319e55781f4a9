"""Several random starts, of which the best is kept."""

import math
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from dnn_tf.arguments import SEEDS, check_positive, check_whole
from dnn_tf.data import Dataset, Split
from dnn_tf.training.checkpoints import Checkpoints, as_checkpoints
from dnn_tf.training.evaluation import evaluate
from dnn_tf.training.fit import as_dataset, fit
from dnn_tf.types import DivergenceError, InputError, Measure


@dataclass(frozen=True, eq=False)
class Starts:
    """What came of every start.

    Args:
        model: the best one, trained.
        seed: of its start.
        history: of its training.
        scores: of every seed the loss on the validation rows, of the network that training left;
            NaN where training diverged, or left a network whose loss is no finite number.
    """

    model: keras.Model
    seed: int
    history: dict[str, list[float]]
    scores: dict[int, float]


def fit_best_of(
    starts: int,
    make_model: Callable[[], keras.Model],
    make_optimizer: Callable[[], keras.optimizers.Optimizer],
    data: Dataset | tuple[np.ndarray, np.ndarray],
    *,
    loss: Measure,
    seed: int = 0,
    checkpoint: str | Path | Checkpoints | None = None,
    **words: Any,
) -> Starts:
    """Trains from several random starts and keeps the best.

    Gradient descent ends in the minimum, or on the plain, to which its start leads; the documents'
    remedy is to start several times. All chance of a start comes from its seed: it is set for
    Python, NumPy and Keras, and given to `fit`.

    Args:
        starts: how many, 1 or more.
        make_model, make_optimizer: functions that make a new one at every call.
        data, loss, **words: see `fit`; its callbacks are used for every start. Without validation
            rows the loss on the training rows is compared.
        seed: of the first start, 0 or more; the next ones count up, below 2^32.
        checkpoint: a folder for the checkpoints of all starts, each in `seed-N`. The same call
            after a kill goes on in the start that was under way.

    Raises:
        InputError: what `fit` refuses; a seed outside its range; a model that was made before.
        DivergenceError: every start diverged, or left a loss that is no finite number.
    """
    _check_seeds(starts, seed)
    kept = as_checkpoints(checkpoint)
    data = as_dataset(data)
    rows = data.train if data.validation is None else data.validation
    scores: dict[int, float] = {}
    best: Starts | None = None
    diverged: DivergenceError | None = None
    made: weakref.WeakSet[keras.Model] = weakref.WeakSet()
    for seed_of_start in range(seed, seed + starts):
        keras.utils.set_random_seed(seed_of_start)
        model = _new(make_model, made)
        try:
            history = fit(
                model,
                data,
                loss=loss,
                optimizer=make_optimizer(),
                seed=seed_of_start,
                checkpoint=None if kept is None else kept.within(f"seed-{seed_of_start}"),
                **words,
            ).history
            scores[seed_of_start] = _score(model, rows, loss)
        except DivergenceError as error:
            scores[seed_of_start], diverged = float("nan"), error
            continue
        if best is None or scores[seed_of_start] < scores[best.seed]:
            best = Starts(model, seed_of_start, history, scores)
    if best is None:
        which = "" if starts == 1 else f"all of {starts} starts diverged; the last one: "
        raise DivergenceError(f"{which}{diverged}") from diverged
    return best


def _check_seeds(starts: int, seed: int) -> None:
    check_positive(starts=starts)
    check_whole(0, seed=seed)
    if seed + starts > SEEDS:
        raise InputError(
            f"{starts} starts from seed {seed} pass the largest seed, {SEEDS - 1}: take a smaller "
            "seed"
        )


def _new(make_model: Callable[[], keras.Model], made: weakref.WeakSet[keras.Model]) -> keras.Model:
    """A model that no start has had before."""
    model = make_model()
    if isinstance(model, keras.Model):  # what else it may be, fit refuses
        if model in made:
            raise InputError(
                f"make_model returned model {model.name!r} twice: make a new one at every call"
            )
        made.add(model)
    return model


def _score(model: keras.Model, rows: Split, loss: Measure) -> float:
    score = evaluate(model, rows, loss=loss, metrics=())["loss"]
    if not math.isfinite(score):
        raise DivergenceError(
            f"training ended, and the loss on the rows that decide is {score}: lower the learning "
            "rate, clip the gradients, or scale the features"
        )
    return score
