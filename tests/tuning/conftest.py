"""A small problem, and trainings that compile nothing."""

import numpy as np
import pytest

from dnn_tf.data import Dataset, Split
from dnn_tf.runs import Settings
from dnn_tf.training import fit
from dnn_tf.tuning import best, task


@pytest.fixture
def classes() -> Dataset:
    """Three classes, all splits."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(3, 6)) * 2

    def split(n: int) -> Split:
        y = np.arange(n) % 3
        return Split((centres[y] + rng.normal(size=(n, 6))).astype("float32"), y)

    return Dataset(split(60), split(30), split(30), class_names=("a", "b", "c"), source="clouds")


def tiny(hp):
    """Of one layer."""
    return Settings(
        hidden=(hp.Int("units", 1, 8),),
        optimizer="adam",
        learning_rate=hp.Float("learning_rate", 1e-3, 0.3, sampling="log", default=0.05),
        batch_size=hp.Choice("batch_size", [10, 20]),
    )


@pytest.fixture
def space():
    return tiny


@pytest.fixture
def uncompiled(monkeypatch):
    """Trainings in this process without XLA, which takes longer than they do."""
    for module in (task, best):
        monkeypatch.setattr(
            module, "fit", lambda *args, **words: fit(*args, **words | {"jit_compile": False})
        )
