"""What is raced: the networks and settings that every peer is given."""

import itertools
import math
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

INPUTS, CLASSES = 784, 10
IMAGE = (28, 28, 1)
KERNEL, POOL = 3, 2
"""Of the convolutional network: windows of 3x3 within the image, each followed by 2x2 pooling."""


@dataclass(frozen=True)
class Work:
    """One network and how it is trained, in words that every peer can translate.

    Args:
        name: of the race.
        title: for people.
        filters: of the convolutions before the dense layers; none for a dense network.
        hidden: neurons of the dense layers.
        activation: `"relu"` or `"elu"`; this package alone also knows `"rrelu"`.
        batch_norm: between each linear map and its activation, with momentum 0.9.
        dropout: the rate after each hidden layer, or `None`.
        noise: the deviation of Gaussian noise after each hidden layer, or `None`; of this package
            alone.
        optimizer: `"sgd"` or `"adam"`.
        rate: of learning.
        batch: rows a step.
        rows: how many training images, the first; `None`: all.
        task: `"train"`, `"predict"` (all rows in one call) or `"predict one"`.
    """

    name: str
    title: str
    filters: tuple[int, ...] = ()
    hidden: tuple[int, ...] = (300, 100)
    activation: str = "relu"
    batch_norm: bool = False
    dropout: float | None = None
    noise: float | None = None
    optimizer: str = "sgd"
    rate: float = 0.01
    batch: int = 50
    rows: int | None = None
    task: str = "train"

    def as_dict(self) -> dict[str, Any]:
        """For JSON, which has no tuples."""
        lists = {"filters": list(self.filters), "hidden": list(self.hidden)}
        return {**asdict(self), **lists}

    @classmethod
    def from_dict(cls, words: dict[str, Any]) -> "Work":
        """From JSON."""
        lists = {name: tuple(words[name]) for name in ("filters", "hidden")}
        return cls(**{**words, **lists})

    @property
    def tolerance(self) -> float:
        """By how much a peer's first loss may be off: Adam and dropout leave more to chance."""
        return 0.05 if self.optimizer == "sgd" else 0.15

    def shapes(self) -> list[tuple[int, ...]]:
        """Of the kernels, from the input on: 4 sizes for a convolution, 2 for a dense layer."""
        shapes: list[tuple[int, ...]] = []
        channels = IMAGE[-1]
        for count in self.filters:
            shapes.append((KERNEL, KERNEL, channels, count))
            channels = count
        side = self.sides()[-1] if self.filters else 0
        sizes = (side * side * channels if self.filters else INPUTS, *self.hidden, CLASSES)
        return [*shapes, *itertools.pairwise(sizes)]

    def sides(self) -> list[int]:
        """Of the image after each convolution with its pooling."""
        sides, side = [], IMAGE[0]
        for _ in self.filters:
            side = (side - KERNEL + 1) // POOL
            sides.append(side)
        return sides

    def flops(self, rows: int) -> int:
        """Of an epoch: multiplications and additions of its products of matrices, no more.

        Forward, for the gradients of the kernels, and for those of the inputs of every layer but
        the first, which nobody asks for. Predicting: forward alone.
        """
        befores = [IMAGE[0], *self.sides()]
        total = 0
        for place, shape in enumerate(self.shapes()):
            windows = (befores[place] - KERNEL + 1) ** 2 if len(shape) == 4 else 1
            forward = 2 * windows * math.prod(shape)
            passes = 1 if self.task != "train" else 2 if place == 0 else 3
            total += passes * forward
        return rows * total


def initial_weights(work: Work, seed: int = 42) -> list[tuple[np.ndarray, np.ndarray]]:
    """Kernel and bias of each layer, by He's rule: every peer starts from these."""
    rng = np.random.default_rng(seed)
    weights = []
    for shape in work.shapes():
        deviation = math.sqrt(2 / math.prod(shape[:-1]))
        kernel = rng.normal(0, deviation, shape).astype("float32")
        weights.append((kernel, np.zeros(shape[-1], "float32")))
    return weights


_DOCUMENTED = Work("dense", "784-300-100-10, ReLU, SGD 0.01")
_DEEP = Work(
    "deep", "5x100, ELU, batch norm, dropout, Adam", hidden=(100,) * 5, activation="elu",
    batch_norm=True, dropout=0.5, optimizer="adam", rate=0.001,
)  # fmt: skip

_DENSE = (
    replace(_DOCUMENTED, name=f"dense-{n}", title=f"{_DOCUMENTED.title}, batch {n}", batch=n)
    for n in (10, 50, 200, 1000)
)
_CNN = Work(
    "cnn", "CNN (32, 64 filters, 128 dense), Adam, batch 50, 10,000 images",
    filters=(32, 64), hidden=(128,), optimizer="adam", rate=0.001, rows=10_000,
)  # fmt: skip
_ALL = replace(
    _DOCUMENTED, name="predict", title="predicting 10,000 images", task="predict", rows=10_000
)
_ONE = replace(
    _DOCUMENTED, name="predict-one", title="predicting one image", task="predict one", rows=1
)

RACES: dict[str, Work] = {
    work.name: work
    for work in (*_DENSE, replace(_DEEP, title=f"{_DEEP.title}, batch 50"), _CNN, _ALL, _ONE)
}
"""Every peer runs these, or says that it cannot."""

_PLAIN = replace(_DEEP, name="plain", title="5x100, ELU, batch norm, Adam", dropout=None)

NOISE: dict[str, Work] = {
    "without": _PLAIN,
    "dropout": replace(_PLAIN, name="dropout", title=_DEEP.title, dropout=0.5),
    "gaussian noise": replace(_PLAIN, name="gaussian", title="Gaussian noise", noise=0.1),
    "RReLU": replace(_PLAIN, name="rrelu", title="RReLU for ELU", activation="rrelu"),
}
"""What drawing random numbers costs this package: the 5x100 network with and without."""
