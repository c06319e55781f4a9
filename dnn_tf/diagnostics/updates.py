"""How far one step of training would move the weights."""

from collections.abc import Mapping
from typing import Any

import keras
import tensorflow as tf

from dnn_tf.diagnostics.restoring import unchanged
from dnn_tf.training.loss_scale import unwrapped
from dnn_tf.types import InputError, Tensor


def updates(
    optimizer: keras.optimizers.Optimizer | None,
    learning_rate: float,
    gradients: Mapping[int, Tensor | None],
    weights: list[keras.Variable],
) -> dict[int, Tensor]:
    """What the next step adds to each weight, by its `id`; nothing is left changed.

    The optimiser takes the step itself, with its memory, its clipping, its schedule and its weight
    decay; then all is put back. One that has not been built, was built for other weights, adds up
    gradients over several steps, or looks ahead, has a copy without memory take the step.

    Args:
        optimizer: `None` for plain gradient descent, `-learning_rate * gradient`.
        learning_rate: of that.
        gradients: by the `id` of the weight.
        weights: that are trained.
    """
    pairs = [(g, w) for w in weights if (g := gradients.get(id(w))) is not None]
    if optimizer is None or not pairs:
        return {id(weight): -learning_rate * gradient for gradient, weight in pairs}
    optimizer = _able(optimizer, weights)
    with unchanged([*weights, *optimizer.variables]):
        before = [tf.identity(weight.value) for _, weight in pairs]
        scale = optimizer.scale_loss(tf.ones(()))
        optimizer.apply([g * tf.cast(scale, g.dtype) for g, _ in pairs], [w for _, w in pairs])
        return {
            id(weight): weight.value - old for (_, weight), old in zip(pairs, before, strict=True)
        }


def _able(
    optimizer: keras.optimizers.Optimizer, weights: list[keras.Variable]
) -> keras.optimizers.Optimizer:
    """The optimiser, or one like it that can take a step for these weights now."""
    inner = unwrapped(optimizer)
    known = {id(variable) for variable in optimizer._trainable_variables} if inner.built else set()
    several = bool(inner.gradient_accumulation_steps)
    ahead = getattr(inner, "look_ahead", None) == "exact"
    if all(id(weight) in known for weight in weights) and not several and not ahead:
        return optimizer
    config = inner.get_config()
    if several:
        config["gradient_accumulation_steps"] = None
    if ahead:
        config["look_ahead"] = "linearised"  # takes its gradients at the same points
    try:
        copy = type(inner).from_config(config)
    except Exception as error:
        raise InputError(
            f"the optimiser {inner.name!r} cannot be made anew from its config: give one whose "
            "get_config names its arguments, or learning_rate alone"
        ) from error
    copy.build(weights)
    return copy


def told(optimizer: keras.optimizers.Optimizer | None, learning_rate: float) -> str:
    """Whose step it is, in words.

    >>> told(None, 0.01)
    'gradient descent at 0.01'
    """
    if optimizer is None:
        return f"gradient descent at {learning_rate:g}"
    inner = unwrapped(optimizer)
    return f"{type(inner).__name__} at {float(tf.convert_to_tensor(inner.learning_rate)):.3g}"


def check_optimizer(optimizer: Any) -> None:
    """A Keras optimiser, or none."""
    if optimizer is not None and not isinstance(optimizer, keras.optimizers.Optimizer):
        raise InputError(
            f"a Keras optimiser was expected, such as optimizers.GradientDescent(0.01), and got "
            f"{optimizer!r}"
        )
