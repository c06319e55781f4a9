"""Whether an exported network answers as the model does."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

import keras
import numpy as np
import tensorflow as tf

from dnn_tf.data import ImageFormat
from dnn_tf.saving.signatures import answer_of
from dnn_tf.types import InputError, Tensor

Runtime: TypeAlias = Callable[..., Mapping[str, Tensor]]
"""An exported network: called with `features=` (or `images=`), it answers with named tensors."""

TOLERANCE = 1e-5
"""How far an exported network may be from the model; see `largest_difference`."""


@dataclass(frozen=True)
class Comparison:
    """The largest difference found, and the number of samples it was sought in."""

    difference: float
    samples: int


def compare(model: keras.Model, runtime: Runtime, image_format: ImageFormat | None) -> Comparison:
    """Asks both the same: random features, one sample and 32 at once; raw images where it can.

    A model with an `Embedding` is asked about rows that each has.

    Args:
        model: the network, with one input.
        runtime: the same, exported and loaded again.
        image_format: of the images that the runtime takes beside features, if it does.

    Raises:
        InputError: the model itself does not answer with finite numbers.
    """
    worst, samples = [0.0], 0
    with _full_float32():
        for asked, features in _questions(model, image_format):
            expected = np.asarray(model(features, training=False))
            if not np.isfinite(expected).all():
                raise InputError(
                    f"model {model.name!r} answers with NaN or infinity to random features, and "
                    "finite numbers were expected: train it again"
                )
            worst.append(largest_difference(expected, runtime(**asked)))
            samples += len(features)
    return Comparison(float(np.max(worst)), samples)  # NaN, if there is one


def largest_difference(expected: np.ndarray, answer: Mapping[str, Tensor]) -> float:
    """Between probabilities, and between logits in parts of the largest where that is over 1.

    A float32 has 7 digits: the larger the logits, the further off the last one. Classes must be
    those of the answer's own logits, and shapes those expected; else the difference is infinite.

    Shapes:
        `expected` `(batch, classes)` -> `()`.

    >>> z = np.array([[1.0, 20.0]])
    >>> answer = {"logits": z + [[0, 0.01]], "probabilities": tf.nn.softmax(z), "classes": [1]}
    >>> round(largest_difference(z, answer), 6)  # 0.01 / 20
    0.0005
    """
    logits, probabilities = np.asarray(answer["logits"]), np.asarray(answer["probabilities"])
    if not logits.shape == probabilities.shape == expected.shape:
        return float("inf")
    finite = np.isfinite(logits).all()
    if finite and not np.array_equal(answer["classes"], answer_of(logits)["classes"]):
        return float("inf")
    right = answer_of(expected)
    of_logits = np.max(np.abs(logits - expected)) / max(1.0, np.max(np.abs(expected)))
    of_probabilities = np.max(np.abs(probabilities - right["probabilities"]))
    return float(np.max([of_logits, of_probabilities]))  # NaN, if one is


def embeddings(model: keras.Model) -> list[keras.layers.Embedding]:
    """Those of the model, and of models and layers within it."""
    return [layer for layer in model._flatten_layers() if isinstance(layer, keras.layers.Embedding)]


def _questions(
    model: keras.Model, image_format: ImageFormat | None
) -> Iterator[tuple[dict[str, np.ndarray], np.ndarray]]:
    """What to ask the runtime, and the features that are the same to the model."""
    rng = np.random.default_rng(0)
    rows = [layer.input_dim for layer in embeddings(model)]

    def row(shape: tuple[int, ...], dtype: str) -> np.ndarray:
        return rng.integers(min(rows), size=shape).astype(dtype)

    draws = (row, row) if rows else (rng.standard_normal, rng.random)
    for n in (1, 32):
        for draw in draws:
            features = draw((n, *model.input_shape[1:]), dtype=model.inputs[0].dtype)
            yield {"features": features}, features
        if image_format is not None:
            pixels = rng.integers(0, 256, (n, *image_format.image_shape), dtype="uint8")
            yield {"images": pixels}, image_format.features(pixels)


@contextmanager
def _full_float32() -> Iterator[None]:
    """On a GPU too, where TensorFlow else rounds the factors of its products to 3 digits."""
    rounded = tf.config.experimental.tensor_float_32_execution_enabled()
    tf.config.experimental.enable_tensor_float_32_execution(False)
    try:
        yield
    finally:
        tf.config.experimental.enable_tensor_float_32_execution(rounded)
