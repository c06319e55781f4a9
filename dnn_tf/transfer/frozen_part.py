"""A network cut in two: the lower part, which is frozen, and the part that is trained."""

from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from dnn_tf.layers import BatchNorm
from dnn_tf.transfer.blocks import Block, blocks_of, output_of
from dnn_tf.types import InputError


class Halves(NamedTuple):
    """Two networks that share the layers of one.

    Args:
        frozen: from the input to the highest layer below which nothing is trained.
        trained: from there to the output; what it learns, the whole network has learned.
    """

    frozen: keras.Model
    trained: keras.Model


def halves(model: keras.Model) -> Halves:
    """Cuts a network above the frozen layers at its bottom.

    Raises:
        InputError: the lowest layer is trained; nothing is; the frozen part gives other outputs in
            training than its own, or changes by itself; or the network cannot be cut there. The
            message says which.
    """
    blocks = blocks_of(model)
    n_frozen = next((i for i, block in enumerate(blocks) if not block.is_frozen), len(blocks))
    if n_frozen == 0:
        raise InputError(f"{blocks[0].name!r}, the lowest layer, is trained: none to cache")
    if n_frozen == len(blocks):
        raise InputError("every layer is frozen: there is nothing to train")
    _check_constant(blocks[:n_frozen])
    lower, upper = _cut(model, blocks, n_frozen)
    _check_same_in_training(lower)
    return Halves(lower, upper)


def _check_constant(blocks: list[Block]) -> None:
    """No layer that draws, or normalises by the batch."""
    for layer in (one for block in blocks for top in block.layers for one in top._flatten_layers()):
        is_norm = isinstance(layer, BatchNorm | keras.layers.BatchNormalization)
        if is_norm and layer.trainable:
            raise InputError(
                f"{layer.name!r}, in the frozen part, is a batch norm in training mode: freeze it "
                "too (transfer.freeze), or its outputs change with every batch"
            )
        draws = getattr(layer, "seed_generator", None) is not None
        if draws and getattr(layer, "rate", None) != 0:
            raise InputError(
                f"{layer.name!r}, in the frozen part, draws anew in every step "
                f"({type(layer).__name__}): its outputs are no constants that could be cached"
            )


def _cut(model: keras.Model, blocks: list[Block], n_frozen: int) -> tuple[keras.Model, keras.Model]:
    top = blocks[n_frozen - 1].layers[-1]
    middle = output_of(top, model)
    try:
        lower = keras.Model(model.inputs[0], middle, name=f"{model.name}_frozen")
        upper = keras.Model(middle, model.outputs[0], name=f"{model.name}_trained")
    except ValueError as error:  # Keras finds no way from the middle to the end
        raise _leads_past(top) from error
    kept = {id(layer) for block in blocks[:n_frozen] for layer in block.layers}
    if any(id(layer) in kept and layer.weights for layer in upper.layers):
        raise _leads_past(top)
    return lower, upper


def _leads_past(top: keras.Layer) -> InputError:
    return InputError(f"the network cannot be cut above {top.name!r}: something leads past it")


def _check_same_in_training(lower: keras.Model) -> None:
    """The same outputs in training and out of it, tried; what no list of layers can know."""
    shape = (8, *(size or 4 for size in lower.input_shape[1:]))
    numbers = np.random.default_rng(0).random(shape)
    rows = tf.cast(numbers, lower.inputs[0].dtype)
    before = [weight.numpy() for weight in lower.weights]
    outputs = [lower(rows, training=training).numpy() for training in (False, True, True)]
    same = all(np.array_equal(outputs[0], other, equal_nan=True) for other in outputs[1:])
    moved = False
    for weight, value in zip(lower.weights, before, strict=True):
        if not np.array_equal(weight.numpy(), value, equal_nan=True):
            moved = True
            weight.assign(value)
    if moved or not same:
        raise InputError(
            f"the frozen part, up to {lower.layers[-1].name!r}, gives other outputs in training "
            "than out of it: they are no constants that could be cached"
        )
