"""Sparse networks: small weights set to 0, and what that costs and saves."""

import math
import zlib
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from dnn_tf.arguments import check_between, is_real
from dnn_tf.data import Split
from dnn_tf.metrics import accuracy
from dnn_tf.training import evaluate
from dnn_tf.types import InputError, Measure

NO_KERNEL = frozenset({"bias", "gamma", "beta", "alpha", "slope", "scale"})
"""Words in the name of a weight that is added, or scales, and so is no kernel."""


@dataclass(frozen=True)
class Size:
    """How large a network is, and how good.

    Args:
        weights: entries of all kernels; see `kernels`.
        nonzero: those of them that are not 0.
        bytes_compressed: all weights, as zlib packs them.
        loss, accuracy: on the rows that were given.
    """

    weights: int
    nonzero: int
    bytes_compressed: int
    loss: float
    accuracy: float

    @property
    def sparsity(self) -> float:
        """The share of the weights that are 0."""
        return 1 - self.nonzero / self.weights


@dataclass(frozen=True)
class Sparsification:
    """The network before and after.

    Args:
        threshold: what the weights set to 0 lie below; of a share, the size of the largest of them.
        before, after: that.
        share: which was asked for, if one was.
    """

    threshold: float
    before: Size
    after: Size
    share: float | None = None

    def __str__(self) -> str:
        before, after = self.before, self.after
        below = "below" if self.share is None else "up to"
        return (
            f"weights {below} {self.threshold:.4g} set to 0: {before.nonzero:,} -> "
            f"{after.nonzero:,} of {before.weights:,} are not 0, "
            f"{before.bytes_compressed:,} -> {after.bytes_compressed:,} bytes compressed, "
            f"accuracy {before.accuracy:.4f} -> {after.accuracy:.4f}"
        )


def sparsify(
    model: keras.Model,
    split: Split,
    *,
    loss: Measure,
    threshold: float | None = None,
    share: float | None = None,
) -> Sparsification:
    """Sets every weight of a kernel to 0 whose size is below the threshold, in place.

    The documents' first way to a sparse model. What is no kernel stays; see `kernels`. L1
    penalties (`regularizers.L1`) and `optimizers.FTRL` make many weights small, or 0, beforehand.

    Args:
        model: any built classifier.
        split: rows to measure on, before and after.
        loss: see `fit`.
        threshold: 0 or more; at 0 nothing is set and the measurements tell how sparse it is.
        share: instead of the threshold: the share of all weights to set to 0, from 0 to 1; the
            smallest ones, over all kernels together, and of equal ones the first.

    Raises:
        InputError: neither or both of threshold and share, a number outside its range, no kernels.
    """
    if (threshold is None) == (share is None):
        raise InputError(f"give threshold or share, and got {threshold!r} and {share!r}")
    if not kernels(model):
        raise InputError(f"model {model.name!r} has no kernels that could be trained")
    if threshold is None:
        _check_share(share)
    else:
        check_between(0, float("inf"), threshold=threshold)
    before = measure_size(model, split, loss=loss)
    if threshold is None:
        threshold = _zero_smallest(kernels(model), share)
    else:
        _zero_below(kernels(model), threshold)
    return Sparsification(threshold, before, measure_size(model, split, loss=loss), share)


def kernels(model: keras.Model) -> list[keras.Variable]:
    """The weights that connect: trainable, of two axes or more, and not named for something else.

    Two axes alone do not make a kernel: a GRU layer has two rows of biases, a locally connected one
    a bias a place, Keras' PReLU an `alpha` a pixel. A weight of your own counts unless bias, gamma,
    beta, alpha, slope or scale is its name, or a word of it, as in `output_bias`.

    >>> model = keras.Sequential([keras.Input((None, 2)), keras.layers.GRU(3)])
    >>> [weight.name for weight in kernels(model)]  # and not the bias, of the shape (2, 9)
    ['kernel', 'recurrent_kernel']
    """
    return [
        weight
        for weight in model.trainable_variables
        if len(weight.shape) > 1 and NO_KERNEL.isdisjoint(weight.name.split("_"))
    ]


def measure_size(model: keras.Model, split: Split, *, loss: Measure) -> Size:
    """How large a network is, and how good on these rows."""
    entries = [kernel.numpy() for kernel in kernels(model)]
    everything = b"".join(weight.tobytes() for weight in model.get_weights())
    measured = evaluate(model, split, loss=loss, metrics=(accuracy,))
    return Size(
        weights=sum(kernel.size for kernel in entries),
        nonzero=sum(int(np.count_nonzero(kernel)) for kernel in entries),
        bytes_compressed=len(zlib.compress(everything, level=9)),
        loss=measured["loss"],
        accuracy=measured["accuracy"],
    )


def _check_share(share: Any) -> None:
    if not is_real(share) or not 0 <= share <= 1:
        raise InputError(f"share is a number from 0 to 1, and got {share!r}")


def _zero_below(weights: list[keras.Variable], threshold: float) -> None:
    for weight in weights:
        values = weight.numpy()
        weight.assign(np.where(np.abs(values) < threshold, 0, values))


def _zero_smallest(weights: list[keras.Variable], share: Any) -> float:
    """Exactly the wanted number of entries. Returns the size of the largest of them."""
    flat = np.concatenate([weight.numpy().ravel() for weight in weights])
    smallest = np.argsort(np.abs(flat), kind="stable")[: round(share * len(flat))]
    threshold = float(np.max(np.abs(flat[smallest]), initial=0))
    flat[smallest] = 0
    ends = np.cumsum([math.prod(weight.shape) for weight in weights])
    for weight, values in zip(weights, np.split(flat, ends[:-1]), strict=True):
        weight.assign(values.reshape(weight.shape))
    return threshold
