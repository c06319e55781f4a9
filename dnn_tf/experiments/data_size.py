"""Accuracy against the number of training images, for a linear, a small and a large network.

The second document: what is called classical (it names support vector machines and logistic
regression) gains from more data only up to a ceiling that it soon meets; the larger a network, the
faster it gains from more data, and the higher its ceiling. The fifth document: where data is scarce
deep learning has no clear advantage.

Logistic regression (784-10), a small network (784-30-10) and a large one (784-300-100-10), ReLUs
from He's start, Adam with a rate of 0.001, batches of 100. Fewer images are the first so many of a
shuffle by the seed; they are shown again and again, 5,500 at least an epoch, so that a small set
gets its steps. Training stops when the validation loss has not fallen for 3 epochs, of as many
validation images as there are training images (all 5,000 at most): so few data are few in all.
Judged by test accuracy at the lowest validation loss, paired by seed.
"""

import dataclasses
import itertools
from collections.abc import Mapping

import keras
import numpy as np
from matplotlib.figure import Figure

from dnn_tf import models, plots
from dnn_tf.data import Dataset, Split
from dnn_tf.experiments.evidence import Difference, every, opposite, paired
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least, spread
from dnn_tf.experiments.setting import Setting
from dnn_tf.optimizers import Adam

NETWORKS = {
    "logistic regression": (),
    "small network (30)": (30,),
    "large network (300-100)": (300, 100),
}
SHOWN = 5_500
"""Images an epoch, at least."""

Scores = Mapping[str, np.ndarray]
"""Test accuracies of each network, the smallest first: `(sizes, seeds)`."""


def reproduce(setting: Setting) -> Outcome:
    """Trains each network on each number of images."""
    sizes = setting.choose((100, 500, 2_500, 12_500, 55_000), (100, 4_500))
    seeds = setting.seeds(setting.choose(3, 1))
    names = setting.choose(tuple(NETWORKS), ("logistic regression", "large network (300-100)"))
    scores = {
        name: np.array([[measure(name, n, seed, setting) for seed in seeds] for n in sizes])
        for name in names
    }
    return Outcome(rows(sizes, scores, setting), drawn(sizes, scores), claims(sizes, scores))


def rows(sizes: tuple[int, ...], scores: Scores, setting: Setting) -> list[Row]:
    """All accuracies, and what the largest network and the most images must bring."""
    linear, *_, large = (score.mean(axis=1) for score in scores.values())
    return [
        *(Row(f"test accuracy, {name}, {n:,} images", float(score.mean()),
              note=spread(score.tolist()))
          for name, of in scores.items() for n, score in zip(sizes, of, strict=True)),
        at_least("large network less logistic regression, all images",
                 float(large[-1] - linear[-1]), setting.choose(0.04, 0.02)),
        at_least("large network, all images over fewest", float(large[-1] - large[0]), 0.1),
    ]  # fmt: skip


def claims(sizes: tuple[int, ...], scores: Scores) -> list[Claim]:
    """Each network against the next smaller one."""
    slopes = {name: slope(sizes, score) for name, score in scores.items()}
    higher = steps({name: score[-1] for name, score in scores.items()})
    steeper = steps(slopes)
    linear, *_, large = scores.values()
    ahead = paired(large[0], linear[0])
    return [
        Claim(
            f"Second document: the larger the network, the higher its ceiling ({sizes[-1]:,} "
            "images).",
            every(by.above() for by in higher.values()),
            "; ".join(f"{name} by {by}" for name, by in higher.items()) + ".",
        ),
        Claim(
            "Second document: the larger the network, the more it gains from more data (accuracy "
            f"for every tenfold, {sizes[0]:,} to {sizes[-1]:,} images).",
            every(by.above() for by in steeper.values()),
            ", ".join(f"{name} {of.mean():+.4f}" for name, of in slopes.items())
            + "; "
            + "; ".join(f"{name} by {by}" for name, by in steeper.items())
            + ".",
        ),
        Claim(
            f"Fifth document: with few data ({sizes[0]} images) a deep network has no clear "
            "advantage.",
            opposite(ahead.above()),
            f"it is {ahead} above logistic regression.",
        ),
    ]


def slope(sizes: tuple[int, ...], score: np.ndarray) -> np.ndarray:
    """Of the line of least squares through accuracy over `log10 n`.

    Shapes:
        `(sizes, seeds)` -> `(seeds,)`.
    """
    return np.asarray(np.polyfit(np.log10(sizes), score, 1)[0])


def steps(numbers: Mapping[str, np.ndarray]) -> dict[str, Difference]:
    """Of each network over the next smaller one, paired by seed."""
    return {
        f"{larger} over {smaller}": paired(numbers[larger], numbers[smaller])
        for smaller, larger in itertools.pairwise(numbers)
    }


def measure(name: str, n: int, seed: int, setting: Setting) -> float:
    """Test accuracy where the validation loss was lowest."""
    one = dataclasses.replace(setting, seed=seed)
    one.seeded()
    model = models.dnn(hidden=NETWORKS[name], kernel_initializer="he_normal")
    patience = keras.callbacks.EarlyStopping("val_loss", patience=3)
    history = one.fit(
        model, Adam(0.001), data=some(setting.data, n, seed), batch_size=100,
        epochs=setting.choose(20, 5), watch=["validation", "test"], callbacks=[patience],
        jit_compile=False,  # for so many short trainings compiling costs more than it saves
    )  # fmt: skip
    return history["test_accuracy"][int(np.argmin(history["val_loss"]))]


def some(data: Dataset, n: int, seed: int) -> Dataset:
    """The first `n` training images of a shuffle, again and again up to `SHOWN`.

    As many validation images, each once; all of them where there are fewer.
    """
    assert data.validation is not None
    chosen = np.random.default_rng(seed).permutation(len(data.train))[:n]
    chosen = np.tile(chosen, -(-SHOWN // n))[: max(SHOWN, n)]
    return dataclasses.replace(
        data,
        train=Split(data.train.x[chosen], data.train.y[chosen]),
        validation=Split(data.validation.x[:n], data.validation.y[:n]),
    )


def drawn(sizes: tuple[int, ...], scores: Scores) -> Figure:
    """What is still wrong, against the number of images."""
    wrong = {name: (sizes, 100 * (1 - score.mean(axis=1))) for name, score in scores.items()}
    return plots.lines(
        plots.Panel(
            wrong, "training images", "test images misread (%)", log_x=True, log_y=True,
        ),
        title="Linear, small and large networks on few and on many images",
    )  # fmt: skip
