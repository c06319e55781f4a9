"""A peer that predicts, timed: all images in one call, or one image in many."""

import statistics
import time
from collections.abc import Callable

import numpy as np

from benchmarks.data import Data
from benchmarks.turn import Turn
from benchmarks.works import Work

ONES = 200
"""Calls with one image in each turn: one alone is too short to time."""

Predict = Callable[[np.ndarray], np.ndarray]
"""`(rows, 784)` to logits or probabilities, as a NumPy array."""


def predict_in_turn(work: Work, data: Data, turn: Turn, predict: Predict) -> None:
    """Predicts whenever it is its turn. The share of right answers is told as the accuracy."""
    while True:
        turn.wait()
        if work.task == "predict":
            answers = predict(data.x)
            seconds = None
        else:
            answers, seconds = _one_by_one(predict, data.x[:1])
        right = float(np.mean(np.argmax(answers, axis=1) == data.y[: len(answers)]))
        turn.tell(None, right, seconds)


def _one_by_one(predict: Predict, x: np.ndarray) -> tuple[np.ndarray, float]:
    times = []
    for _ in range(ONES):
        began = time.perf_counter()
        answers = predict(x)
        times.append(time.perf_counter() - began)
    return answers, statistics.median(times)
