"""Copies of networks that share nothing with them."""

import keras
import numpy as np
import tensorflow as tf

from dnn_tf.types import InputError, Tensor


def copied(model: keras.Model) -> keras.Model:
    """The same layers with the same weights.

    Raises:
        InputError: it does not give what the network gives: a layer keeps something else than
            weights.
    """
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    _finish(copy)
    rows = some_rows(model)
    one, other = (network(rows, training=False).numpy() for network in (model, copy))
    if not np.allclose(one, other, rtol=1e-4, atol=1e-5, equal_nan=True):
        raise InputError(
            f"a copy of {model.name!r} does not give what it gives: one of its layers keeps "
            "something that is no weight; rebuild the network, and set its weights"
        )
    return copy


def fresh(model: keras.Model) -> keras.Model:
    """The same layers with weights drawn anew; what was adapted to data (Normalization) stays."""
    copy = keras.models.clone_model(model)
    for old, new in zip(model._flatten_layers(), copy._flatten_layers(), strict=True):
        if hasattr(old, "finalize_state"):
            new.set_weights(old.get_weights())
    _finish(copy)
    return copy


def some_rows(model: keras.Model, n: int = 8) -> Tensor:
    """Numbers around 0 in the shape of its input; whole ones are 0."""
    shape = (n, *(size or 16 for size in model.input_shape[1:]))
    return tf.cast(np.random.default_rng(0).normal(size=shape), model.inputs[0].dtype)


def _finish(model: keras.Model) -> None:
    """Lets layers that compute with something made of their weights make it."""
    for layer in model._flatten_layers():
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()
