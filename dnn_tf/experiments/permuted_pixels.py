"""Permuted pixels: a dense network does not notice, a convolutional one does.

The fifth document: deep learning is for data with local structure, pixels that make objects; where
features can be shuffled without a change of meaning, as a person's age, job and income, it is not
suited.

For a dense network the order of the features means nothing, exactly: with the rows of its first
kernel shuffled alike, `(x P) (P^T W) = x W`, it gives the same outputs and, from that start, learns
the same. A convolution looks at neighbours, and a fixed shuffle of the pixels takes them away; so
it does from a locally connected layer, whose windows have weights of their own.

One permutation for all images. The dense network is 300-100, the convolutional one 8 and 16 filters
of 3 by 3, each with pooling, and 64 hidden units; the locally connected one 4 filters of 5 by 5 in
steps of 2, unshared, and 64 hidden units. Adam, 0.001, batches of 100, 5,000 training images: few
enough for structure to count.

So what the document says of data is true of networks that look at places; a dense network loses
nothing, and is as deep.
"""

import dataclasses
from collections.abc import Callable, Mapping

import keras
import numpy as np
from matplotlib.figure import Figure

from dnn_tf import models, plots
from dnn_tf.data import Dataset, Split
from dnn_tf.experiments.evidence import Difference, every, paired
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least, at_most, spread
from dnn_tf.experiments.setting import Setting
from dnn_tf.layers import LocallyConnected, NeuronLayer
from dnn_tf.optimizers import Adam

SAME = 1e-5
"""Of outputs in single precision."""

COUNTS = 0.01
"""Of accuracy: less is no difference here."""

Accuracy = Mapping[str, np.ndarray]
"""`(seeds, 2)` of each network: on the pixels in place, and shuffled."""


def reproduce(setting: Setting) -> Outcome:
    """Trains each network on the pixels as they are and as they are not."""
    order = np.random.default_rng(setting.seed).permutation(28 * 28)
    data = setting.first(setting.choose(5_000, 2_000))
    shuffled = permuted(data, order)
    seeds = setting.seeds(setting.choose(3, 1))
    gap, trained = mirrored(data, shuffled, order, setting)
    curves = {
        name: np.array(
            [[learn(make, one, seed, setting) for one in (data, shuffled)] for seed in seeds]
        )
        for name, make in networks(setting).items()
    }  # (seeds, 2, epochs) each
    accuracy = {name: curve[:, :, -1] for name, curve in curves.items()}
    return Outcome(rows(accuracy, gap, trained, setting), drawn(curves), claims(accuracy, gap))


def rows(accuracy: Accuracy, gap: float, trained: float, setting: Setting) -> list[Row]:
    """The exact ones, and all accuracies.

    Args:
        accuracy: of each network.
        gap, trained: of the network that was shuffled as the pixels are; see `mirrored`.
    """
    dense, conv = (by.mean for by in list(lost(accuracy).values())[:2])
    chance = setting.choose(COUNTS, 0.02)  # quickly, of 500 images
    return [
        at_most("outputs of a dense network, first kernel shuffled alike: largest difference",
                gap, SAME),
        Row("its validation accuracy after training, shuffled less plain",
            trained - float(accuracy["dense"][0, 0]), 0.0, setting.choose(0.003, 0.01)),
        *(Row(f"validation accuracy, {name}, pixels {how}", float(found.mean(axis=0)[place]),
              note=spread(found[:, place].tolist()))
          for name, found in accuracy.items()
          for place, how in enumerate(("as they are", "shuffled"))),
        Row("dense network from a start of its own: lost by shuffling", dense, 0.0, chance),
        at_least("convolutional network: lost by shuffling", conv, 2 * chance),
    ]  # fmt: skip


def claims(accuracy: Accuracy, gap: float) -> list[Claim]:
    """The first is exact, the others are judged over the seeds."""
    losses = lost(accuracy)
    at_places = {name: by for name, by in losses.items() if name != "dense"}
    return [
        Claim(
            "Fifth document: shuffling features changes nothing (a dense network, shuffled alike).",
            gap < SAME,
            f"the outputs differ by {gap:.1g}.",
        ),
        Claim(
            "Fifth document: what looks at places needs local structure (shuffled pixels cost more "
            f"than {COUNTS:g} of accuracy).",
            every(by.above(COUNTS) for by in at_places.values()),
            f"{', '.join(f'{name} loses {by}' for name, by in at_places.items())}.",
        ),
        Claim(
            "Fifth document: without local structure deep learning is not suited (a dense network "
            f"loses more than {COUNTS:g} too).",
            losses["dense"].above(COUNTS),
            f"it loses {losses['dense']}.",
        ),
    ]


def lost(accuracy: Accuracy) -> dict[str, Difference]:
    """By shuffling, seed by seed."""
    return {name: paired(found[:, 0], found[:, 1]) for name, found in accuracy.items()}


def networks(setting: Setting) -> dict[str, Callable[[], keras.Model]]:
    """By their names; the locally connected one in full mode alone."""
    filters = setting.choose((8, 16), (4, 8))
    found: dict[str, Callable[[], keras.Model]] = {
        "dense": lambda: models.dnn(kernel_initializer="he_normal"),
        "convolutional": lambda: models.cnn(filters=filters, hidden=(64,)),
    }
    return found | setting.choose({"locally connected": local}, {})


def local() -> keras.Model:
    """Windows with weights of their own."""
    return keras.Sequential(
        [
            keras.Input((28 * 28,)),
            keras.layers.Reshape((28, 28, 1)),
            LocallyConnected(4, 5, strides=2, activation="relu"),
            keras.layers.Flatten(),
            NeuronLayer(64, "relu", kernel_initializer="he_normal"),
            NeuronLayer(10, kernel_initializer="xavier_normal"),
        ]
    )


def permuted(data: Dataset, order: np.ndarray) -> Dataset:
    """The same rows, their features in this order."""
    assert data.validation is not None
    train, validation = (Split(one.x[:, order], one.y) for one in (data.train, data.validation))
    return dataclasses.replace(data, train=train, validation=validation, test=None)


def mirrored(
    plain: Dataset, shuffled: Dataset, order: np.ndarray, setting: Setting
) -> tuple[float, float]:
    """A start with its first kernel shuffled as the pixels are.

    Returns:
        The largest difference of its outputs; its validation accuracy, trained.
    """
    setting.seeded()
    one = models.dnn(kernel_initializer="he_normal")
    other = models.dnn(kernel_initializer="he_normal")
    kernel, *others = one.get_weights()
    other.set_weights([kernel[order], *others])
    gap = np.abs(np.asarray(one(plain.train.x[:500])) - np.asarray(other(shuffled.train.x[:500])))
    return float(gap.max()), train(other, shuffled, setting)[-1]


def learn(
    make: Callable[[], keras.Model], data: Dataset, seed: int, setting: Setting
) -> list[float]:
    """Validation accuracy after each epoch, from a start by this seed."""
    one = dataclasses.replace(setting, seed=seed)
    one.seeded()
    return train(make(), data, one)


def train(model: keras.Model, data: Dataset, setting: Setting) -> list[float]:
    """Validation accuracy after each epoch."""
    history = setting.fit(
        model, Adam(0.001), data=data, epochs=setting.choose(8, 6), batch_size=100,
        jit_compile=False,  # so short a training is not worth compiling
    )  # fmt: skip
    return history["val_accuracy"]


def drawn(curves: dict[str, np.ndarray]) -> Figure:
    """Means over seeds, epoch by epoch."""
    drawn_curves = {
        f"{name}, {how}": 100 * curve.mean(axis=0)[place]
        for name, curve in curves.items()
        for place, how in enumerate(("in place", "shuffled"))
    }
    return plots.lines(
        plots.Panel(drawn_curves, "epoch", "validation accuracy (%)"),
        title="One permutation of all pixels, for all images",
    )
