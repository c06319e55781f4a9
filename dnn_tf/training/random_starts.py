"""Several random starts, of which the best is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from dnn_tf.arguments import check_positive
from dnn_tf.data import Dataset
from dnn_tf.training.evaluation import evaluate
from dnn_tf.training.fit import as_dataset, fit
from dnn_tf.types import DivergenceError, Measure


@dataclass(frozen=True, eq=False)
class Starts:
    """What came of every start.

    Args:
        model: the best one, trained.
        seed: of its start.
        history: of its training.
        scores: of every seed the loss on the validation rows, of the network that training left;
            NaN where training diverged.
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
    **words: Any,
) -> Starts:
    """Trains from several random starts and keeps the best.

    Gradient descent ends in the minimum, or on the plain, to which its start leads; the documents'
    remedy is to start several times. All chance of a start comes from its seed: it is set for
    Python, NumPy and Keras, and given to `fit`.

    Args:
        starts: how many, 1 or more.
        make_model, make_optimizer: functions that make a new one.
        data, loss, **words: see `fit`; its callbacks are used for every start. Without validation
            rows the loss on the training rows is compared.
        seed: of the first start; the next ones count up.

    Raises:
        InputError: what `fit` refuses.
        DivergenceError: every start diverged.
    """
    check_positive(starts=starts)
    data = as_dataset(data)
    rows = data.train if data.validation is None else data.validation
    scores: dict[int, float] = {}
    best: Starts | None = None
    diverged: DivergenceError | None = None
    for seed_of_start in range(seed, seed + starts):
        keras.utils.set_random_seed(seed_of_start)
        model = make_model()
        try:
            history = fit(
                model, data, loss=loss, optimizer=make_optimizer(), seed=seed_of_start, **words
            ).history
        except DivergenceError as error:
            scores[seed_of_start], diverged = float("nan"), error
            continue
        scores[seed_of_start] = evaluate(model, rows, loss=loss, metrics=())["loss"]
        if best is None or scores[seed_of_start] < scores[best.seed]:
            best = Starts(model, seed_of_start, history, scores)
    if best is None:
        which = "" if starts == 1 else f"all of {starts} starts diverged; the last one: "
        raise DivergenceError(f"{which}{diverged}") from diverged
    return best
