"""Accuracy against the number of training images, for a linear, a small and a large network.

The second document: what is called classical (it names support vector machines and logistic
regression) gains from more data only up to a ceiling that it soon meets; the larger a network, the
faster it gains from more data, and the higher its ceiling. The fifth document: where data is scarce
deep learning has no clear advantage.

Logistic regression (784-10), a small network (784-30-10) and a large one (784-300-100-10), ReLUs
from He's start, Adam with a rate of 0.001, batches of 100. Fewer images are the first so many of a
shuffle by the seed; they are shown again and again, 5,500 at least an epoch, so that a small set
gets its steps. Training stops when the validation loss has not fallen for 3 epochs. Judged by test
accuracy at the lowest validation loss; means over seeds.
"""

import dataclasses

import keras
import numpy as np
from matplotlib.figure import Figure

from dnn_tf import models, plots
from dnn_tf.data import Dataset, Split
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least
from dnn_tf.experiments.setting import Setting
from dnn_tf.layers import NeuronLayer
from dnn_tf.optimizers import Adam

NETWORKS = {
    "logistic regression": (),
    "small network (30)": (30,),
    "large network (300-100)": (300, 100),
}
SHOWN = 5_500
"""Images an epoch, at least."""


def reproduce(setting: Setting) -> Outcome:
    """Trains each network on each number of images."""
    sizes = setting.choose((100, 500, 2_500, 12_500, 55_000), (100, 4_500))
    seeds = setting.choose((42, 1, 2), (42,))
    names = setting.choose(tuple(NETWORKS), ("logistic regression", "large network (300-100)"))
    scores = {
        name: np.array([[measure(name, n, seed, setting) for seed in seeds] for n in sizes])
        for name in names
    }  # (sizes, seeds) each
    means = {name: score.mean(axis=1) for name, score in scores.items()}
    spread = {name: score.std(axis=1) for name, score in scores.items()}
    linear, large = means[names[0]], means[names[-1]]
    gain = {name: float(mean[-1] - mean[-2]) for name, mean in means.items()}
    mended = {name: gain[name] / float(1 - means[name][-2]) for name in names}
    ahead = float(large[0] - linear[0])
    rows = [
        Row(f"test accuracy, {name}, {n:,} images", float(means[name][place]),
            note=f"standard deviation over {len(seeds)} seeds {spread[name][place]:.4f}")
        for name in names for place, n in enumerate(sizes)
    ]  # fmt: skip
    rows += [
        at_least("large network less logistic regression, all images",
                 float(large[-1] - linear[-1]), setting.choose(0.04, 0.02)),
        at_least("large network, all images over fewest", float(large[-1] - large[0]), 0.1),
    ]  # fmt: skip
    claims = [
        Claim(
            "Second document: the larger the network, the higher its ceiling.",
            bool(all(np.diff([means[name][-1] for name in names]) > 0.002)),
            ", ".join(f"{name} {means[name][-1]:.4f}" for name in names) + ".",
        ),
        Claim(
            "Second document: the larger the network, the more it gains from more data (from "
            f"{sizes[-2]:,} to {sizes[-1]:,} images).",
            bool(np.all(np.diff(list(gain.values())) > 0)),
            ", ".join(f"{name} {by:+.4f}" for name, by in gain.items())
            + "; of what was misread, "
            + ", ".join(f"{share:.0%}" for share in mended.values())
            + " is read right.",
        ),
        Claim(
            f"Fifth document: with few data ({sizes[0]} images) a deep network has no clear "
            "advantage.",
            ahead < 0.02,
            f"large network {large[0]:.3f}, logistic regression {linear[0]:.3f}: {ahead:+.3f}.",
        ),
    ]
    return Outcome(rows, drawn(sizes, means), claims)


def measure(name: str, n: int, seed: int, setting: Setting) -> float:
    """Test accuracy where the validation loss was lowest."""
    one = dataclasses.replace(setting, seed=seed)
    one.seeded()
    patience = keras.callbacks.EarlyStopping("val_loss", patience=3)
    history = one.fit(
        network(NETWORKS[name]), Adam(0.001), data=some(setting.data, n, seed), batch_size=100,
        epochs=setting.choose(20, 5), watch=["validation", "test"], callbacks=[patience],
        jit_compile=False,  # for so many short trainings compiling costs more than it saves
    )  # fmt: skip
    return history["test_accuracy"][int(np.argmin(history["val_loss"]))]


def network(hidden: tuple[int, ...]) -> keras.Model:
    """Without hidden layers it is logistic regression."""
    if hidden:
        return models.dnn(hidden=hidden, kernel_initializer="he_normal")
    return keras.Sequential(
        [keras.Input((784,)), NeuronLayer(10, kernel_initializer="xavier_normal")]
    )


def some(data: Dataset, n: int, seed: int) -> Dataset:
    """The first `n` training images of a shuffle, again and again up to `SHOWN`."""
    rows = np.random.default_rng(seed).permutation(len(data.train))[:n]
    rows = np.tile(rows, -(-SHOWN // n))[: max(SHOWN, n)]
    return dataclasses.replace(data, train=Split(data.train.x[rows], data.train.y[rows]))


def drawn(sizes: tuple[int, ...], means: dict[str, np.ndarray]) -> Figure:
    """What is still wrong, against the number of images."""
    wrong = {name: (sizes, 100 * (1 - mean)) for name, mean in means.items()}
    return plots.lines(
        plots.Panel(
            wrong, "training images", "test images misread (%)", log_x=True, log_y=True,
        ),
        title="More images, fewer mistakes: linear, small and large networks",
    )  # fmt: skip
