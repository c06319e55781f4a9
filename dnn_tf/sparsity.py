"""Sparse networks: small weights set to 0, and what that costs and saves."""

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


@dataclass(frozen=True)
class Size:
    """How large a network is, and how good.

    Args:
        weights: entries of all kernels (trainable weights of two axes or more).
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
    """The network before and after."""

    threshold: float
    before: Size
    after: Size

    def __str__(self) -> str:
        before, after = self.before, self.after
        return (
            f"weights below {self.threshold:.4g} set to 0: {before.nonzero:,} -> "
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

    The documents' first way to a sparse model. Biases, and all else with one axis, stay. L1
    penalties (`regularizers.L1`) and `optimizers.FTRL` make many weights small, or 0, beforehand.

    Args:
        model: any built classifier.
        split: rows to measure on, before and after.
        loss: see `fit`.
        threshold: 0 or more; at 0 nothing is set and the measurements tell how sparse it is.
        share: instead of the threshold: the share of all weights to set to 0, from 0 to 1; the
            smallest ones, over all kernels together.

    Raises:
        InputError: neither or both of threshold and share, a number outside its range, no kernels.
    """
    if (threshold is None) == (share is None):
        raise InputError(f"give threshold or share, and got {threshold!r} and {share!r}")
    kernels = [w for w in model.trainable_variables if len(w.shape) > 1]
    if not kernels:
        raise InputError(f"model {model.name!r} has no kernels that could be trained")
    threshold = _threshold(kernels, share) if threshold is None else threshold
    check_between(0, float("inf"), threshold=threshold)
    before = measure_size(model, split, loss=loss)
    for kernel in kernels:
        values = kernel.numpy()
        kernel.assign(np.where(np.abs(values) < threshold, 0, values))
    return Sparsification(threshold, before, measure_size(model, split, loss=loss))


def measure_size(model: keras.Model, split: Split, *, loss: Measure) -> Size:
    """How large a network is, and how good on these rows."""
    kernels = [w.numpy() for w in model.trainable_variables if len(w.shape) > 1]
    everything = b"".join(weight.tobytes() for weight in model.get_weights())
    measured = evaluate(model, split, loss=loss, metrics=(accuracy,))
    return Size(
        weights=sum(kernel.size for kernel in kernels),
        nonzero=sum(int(np.count_nonzero(kernel)) for kernel in kernels),
        bytes_compressed=len(zlib.compress(everything, level=9)),
        loss=measured["loss"],
        accuracy=measured["accuracy"],
    )


def _threshold(kernels: list[keras.Variable], share: Any) -> float:
    """What the wanted share of all entries lies below."""
    if not is_real(share) or not 0 <= share <= 1:
        raise InputError(f"share is a number from 0 to 1, and got {share!r}")
    sizes = np.sort(np.concatenate([np.abs(kernel.numpy()).ravel() for kernel in kernels]))
    wanted = round(share * len(sizes))
    return float(sizes[wanted]) if wanted < len(sizes) else float(np.nextafter(sizes[-1], np.inf))
