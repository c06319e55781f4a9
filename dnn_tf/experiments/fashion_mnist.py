"""Fashion-MNIST: optimisers, regularisers, 100 layers, and transfer from eight classes to two.

The third edition's notebook (handson-ml3, chapter 11, TensorFlow 2) stored accuracies of networks
of 100 ReLUs a layer, with He's start, a rate of 0.001 and batches of 32: six optimisers after 10
epochs, max norm and dropout under momentum, 100 layers of SELUs and of ReLUs after 5; and a network
that tells pullovers from T-shirts by 200 images, from scratch, and on the layers of one that had
learnt the other eight classes (4 epochs with these frozen, 16 without). What it stored for plain
gradient descent is a copy of the momentum run, so there is no row of it.

The set comes from TensorFlow Datasets; where it cannot be had, nothing is run. TFDS has an order of
its own, so the 5,000 validation images are not the notebook's; and here the output layer starts by
He's rule, too. Quickly, the bundled digits stand in for the clothes: some of the runs, which are to
do better than guessing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import keras
import numpy as np

from dnn_tf import models, plots, transfer
from dnn_tf.constraints import MaxNorm
from dnn_tf.data import Dataset, Split, load, select
from dnn_tf.data.tfds import UnavailableError
from dnn_tf.experiments.exercise_10 import on_right_side
from dnn_tf.experiments.outcome import Outcome
from dnn_tf.experiments.rows import Row, at_least, not_run
from dnn_tf.experiments.setting import Setting
from dnn_tf.losses import sigmoid_cross_entropy
from dnn_tf.optimizers import AdaGrad, Adam, GradientDescent, Momentum, Nesterov, RMSProp

RATE, BATCH, VALIDATION = 0.001, 32, 5_000
THREE, TWO, DEEP = (100,) * 3, (100,) * 2, (100,) * 100


@dataclass(frozen=True)
class Recipe:
    """A run of the notebook: what it stored, on which images, and how to get there."""

    stored: float
    optimizer: Callable[[float], keras.optimizers.Optimizer] = Momentum
    hidden: Sequence[int] = THREE
    epochs: int = 10
    split: str = "validation"
    words: dict[str, Any] = field(default_factory=dict)


_DROPOUT = {"dropout": 0.2, "dropout_inputs": 0.2}
_SELU = {"activation": "selu", "kernel_initializer": "lecun_normal"}

RECIPES = {
    "momentum": Recipe(0.8672),
    "Nesterov": Recipe(0.8708, Nesterov),
    "AdaGrad": Recipe(0.8424, AdaGrad),
    "RMSProp": Recipe(0.8636, RMSProp),
    "Adam": Recipe(0.8696, Adam),
    "AdamW": Recipe(0.8702, partial(keras.optimizers.AdamW, weight_decay=0.004)),
    "max norm 1": Recipe(0.8578, hidden=TWO, words={"kernel_constraint": MaxNorm(1.0)}),
    "dropout 0.2": Recipe(0.8700, hidden=TWO, split="test", words=_DROPOUT),
    "100 layers, SELU": Recipe(0.8046, GradientDescent, DEEP, 5, words=_SELU),
    "100 layers, ReLU": Recipe(0.7054, GradientDescent, DEEP, 5),
}
QUICK = ("Adam",)
"""Those that are run quickly."""

TRANSFER = {"200 images, from scratch": 0.9185, "200 images, transferred": 0.9385}
"""Test accuracies."""

TOLERANCE = 0.01

NOT_HERE = "TFDS fashion_mnist is not prepared here, and cannot be downloaded"


def reproduce(setting: Setting) -> Outcome:
    """All of it, where the clothes are to be had."""
    try:
        data = setting.data if setting.quick else clothes()
    except UnavailableError:
        stored = {name: recipe.stored for name, recipe in RECIPES.items()} | TRANSFER
        return Outcome([not_run(f"{name}: accuracy", stored[name], NOT_HERE) for name in stored])
    found = {
        name: accuracy(recipe, data, setting)
        for name, recipe in RECIPES.items()
        if not setting.quick or name in QUICK
    }
    scratch, transferred = from_scratch(data, setting), on_eight_classes(data, setting)
    found |= dict(zip(TRANSFER, (scratch, transferred), strict=True))
    rows = [judged(name, value, setting) for name, value in found.items()]
    figure = plots.references(
        list(found), list(found.values()), [row.reference for row in rows],
        [row.tolerance for row in rows], title=data.source,
    )  # fmt: skip
    return Outcome([*rows, Row("transferred less from scratch", transferred - scratch)], figure)


def judged(name: str, value: float, setting: Setting) -> Row:
    """Against the notebook; quickly, against more than what guessing reaches, 0.5 and 0.1."""
    if setting.quick:
        floor = 0.6 if name in TRANSFER else 0.2
        return at_least(f"{name}: accuracy", value, floor, note="digits in place of clothes")
    stored = TRANSFER[name] if name in TRANSFER else RECIPES[name].stored
    return Row(f"{name}: accuracy", value, stored, TOLERANCE)


def clothes() -> Dataset:
    """Fashion-MNIST, its last 5,000 training images for validation.

    Raises:
        UnavailableError: it is not prepared here, and cannot be downloaded.
    """
    data = load("tfds:fashion_mnist")
    assert data.validation is not None
    x = np.concatenate([data.validation.x, data.train.x])
    y = np.concatenate([data.validation.y, data.train.y])
    return replace(
        data,
        train=Split(x[:-VALIDATION], y[:-VALIDATION]),
        validation=Split(x[-VALIDATION:], y[-VALIDATION:]),
    )


def accuracy(recipe: Recipe, data: Dataset, setting: Setting) -> float:
    """After the last epoch. 100 layers see standardised pixels."""
    setting.seeded()
    if recipe.hidden == DEEP:
        data = standardised(data)
    words = {"kernel_initializer": "he_normal", **recipe.words}
    model = models.dnn(data.train.x.shape[1], recipe.hidden, data.n_classes, **words)
    history = setting.fit(
        model, recipe.optimizer(RATE), data=data, epochs=setting.choose(recipe.epochs, 2),
        batch_size=BATCH, watch=[recipe.split],
    )  # fmt: skip
    prefix = {"validation": "val_", "test": "test_"}[recipe.split]
    return history[f"{prefix}accuracy"][-1]


def standardised(data: Dataset) -> Dataset:
    """Every pixel with mean 0 and deviation 1 over the training images; what never varies, 0."""
    mean, deviation = data.train.x.mean(axis=0), data.train.x.std(axis=0)
    scale = np.where(deviation > 0, 1 / np.maximum(deviation, 1e-7), 0)
    splits = {
        name: Split((split.x - mean) * scale, split.y) for name, split in data.splits().items()
    }
    return replace(
        data, train=splits["train"], validation=splits["validation"], test=splits["test"]
    )


def two_classes(data: Dataset) -> Dataset:
    """T-shirts and pullovers, the first and the third class; 200 images to learn from."""
    two = select(data, classes=[data.class_names[0], data.class_names[2]])
    return replace(two, train=Split(two.train.x[:200], two.train.y[:200]))


def from_scratch(data: Dataset, setting: Setting) -> float:
    """The test accuracy after 20 epochs."""
    setting.seeded()
    model = models.dnn(data.train.x.shape[1], THREE, 1, kernel_initializer="he_normal")
    return learn_two(model, data, setting, epochs=20)


def on_eight_classes(data: Dataset, setting: Setting) -> float:
    """The same on the layers of a network that has learnt the others: frozen first, then not."""
    setting.seeded()
    others = [name for n, name in enumerate(data.class_names) if n not in (0, 2)]
    first = models.dnn(data.train.x.shape[1], THREE, 8, kernel_initializer="he_normal")
    setting.fit(
        first, GradientDescent(RATE), data=select(data, classes=others), batch_size=BATCH,
        epochs=setting.choose(20, 4),
    )  # fmt: skip
    model = transfer.reuse(first, 1)
    learn_two(model, data, setting, epochs=4)
    transfer.thaw(model)
    return learn_two(model, data, setting, epochs=16)


def learn_two(model: keras.Model, data: Dataset, setting: Setting, epochs: int) -> float:
    """Trains on the two classes; returns the share of their test images on the right side of 0."""
    history = setting.fit(
        model, GradientDescent(RATE), data=two_classes(data), loss=sigmoid_cross_entropy,
        metrics=[on_right_side], epochs=epochs, batch_size=BATCH, watch=["test"],
    )  # fmt: skip
    return history["test_on_right_side"][-1]
