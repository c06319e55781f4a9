"""A network cut in two: the lower part, which is frozen, and the part that is trained."""

from collections.abc import Sequence
from typing import NamedTuple

import keras
import numpy as np

from dnn_tf.layers import BatchNorm
from dnn_tf.transfer.blocks import Piece, pieces_of
from dnn_tf.transfer.copying import some_rows
from dnn_tf.types import InputError, Tensor

_RATES = ("rate", "dropout", "recurrent_dropout", "stddev")
"""By which a layer says how much it draws; at 0 it draws nothing."""


class Halves(NamedTuple):
    """Two networks that share the layers of one.

    Args:
        frozen: from the input to the highest layer below which nothing is trained.
        trained: from there to the output; what it learns, the whole network has learned.
    """

    frozen: keras.Model
    trained: keras.Model


def halves(model: keras.Model, rows: Tensor | None = None) -> Halves:
    """Cuts a network above the frozen layers at its bottom.

    Dropout at the top of these goes to the upper part, where it draws anew in every step.

    Args:
        model: the network.
        rows: some that it is for, to try whether the frozen part is constant.

    Raises:
        InputError: the lowest layer is trained; nothing is; or the frozen part gives other outputs
            in training than out of it, or changes by itself. The message says which.
    """
    pieces = pieces_of(model)
    lower = _frozen(pieces)
    if not any(layer.weights for piece in lower for layer in piece.layers):
        raise InputError("the lowest layer is trained: there is nothing to cache")
    if len(lower) == len(pieces):
        raise InputError("every layer is frozen: there is nothing to train")
    while _changes(lower[-1]) and not any(layer.weights for layer in lower[-1].layers):
        lower = lower[:-1]
    for piece in lower:
        if reason := _changes(piece):
            raise InputError(reason)
    middle = lower[-1].output
    frozen = keras.Model(model.inputs[0], middle, name=f"{model.name}_frozen")
    _check_same_in_training(frozen, some_rows(frozen) if rows is None else rows)
    upper = keras.Model(middle, model.outputs[0], name=f"{model.name}_trained")
    return Halves(frozen, upper)


def _frozen(pieces: Sequence[Piece]) -> list[Piece]:
    """Those below the first in which something is trained."""
    lower = []
    for piece in pieces:
        if any(layer.trainable_variables for layer in piece.layers):
            break
        lower.append(piece)
    return lower


def _changes(piece: Piece) -> str | None:
    """Why the outputs of a frozen piece are no constants, where its layers tell."""
    for layer in (one for top in piece.layers for one in top._flatten_layers()):
        is_norm = isinstance(layer, BatchNorm | keras.layers.BatchNormalization)
        if is_norm and layer.trainable:
            return (
                f"{layer.name!r}, in the frozen part, is a batch norm in training mode: freeze it "
                "too (transfer.freeze), or its outputs change with every batch"
            )
        rates = [getattr(layer, name) for name in _RATES if hasattr(layer, name)]
        if getattr(layer, "seed_generator", None) is not None and (any(rates) or not rates):
            return (
                f"{layer.name!r}, in the frozen part, draws anew in every step "
                f"({type(layer).__name__}): its outputs are no constants that could be cached"
            )
    return None


def _check_same_in_training(lower: keras.Model, rows: Tensor) -> None:
    """The same outputs in training and out of it, tried; what no list of layers can know."""
    before = [weight.numpy() for weight in lower.weights]
    outputs = [np.array(lower(rows, training=training)) for training in (False, True, True)]
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
