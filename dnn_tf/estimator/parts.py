"""From words to the parts that training takes, new ones each time."""

from typing import Any

import keras
import numpy as np

from dnn_tf import gradients, initializers, models, optimizers, regularizers
from dnn_tf.estimator.words import Words
from dnn_tf.types import Clip, InputError, first_line


def network(words: Words, n_inputs: int, n_outputs: int) -> keras.Model:
    """A network that ends in logits, or in the targets; its weights are drawn here.

    Raises:
        InputError: it cannot be built: a name that nobody knows, or parts that do not go together.
    """
    try:
        model = models.dnn(
            n_inputs,
            words.hidden,
            n_outputs,
            activation=words.activation,
            kernel_initializer=_initializer(words),
            batch_norm=words.batch_norm,
            dropout=words.dropout,
            kernel_regularizer=regularizers.penalty(words.l1, words.l2),
        )
        model(np.zeros((1, n_inputs), "float32"))  # some activations fail only at work
    except InputError:
        raise
    except Exception as error:  # whatever Keras makes of odd layers and functions
        raise InputError(
            f"the network cannot be built ({first_line(error)}): check hidden, activation "
            f"{words.activation!r}, kernel_initializer, batch_norm and dropout"
        ) from error
    return model


def _initializer(words: Words) -> Any:
    """The one for the activation, where there is a rule; else the layer's own."""
    if words.kernel_initializer is not None:
        return words.kernel_initializer
    try:
        return initializers.recommended(words.activation)
    except InputError:
        return None


def optimizer(words: Words) -> keras.optimizers.Optimizer:
    """One that has trained nothing: a copy, where the words hold an optimiser.

    Raises:
        InputError: nobody knows the name, or the optimiser cannot be made anew.
    """
    given = words.optimizer
    rate = {} if words.learning_rate is None else {"learning_rate": float(words.learning_rate)}
    if isinstance(given, str):
        return optimizers.get(given, **rate)
    try:
        return type(given).from_config({**given.get_config(), **rate})
    except Exception as error:  # whatever a class of the user's makes of its config
        raise InputError(
            f"the optimiser {type(given).__name__} cannot be made anew from its config "
            f"({first_line(error)}): give a name, or an optimiser whose get_config is complete"
        ) from error


def clip(words: Words) -> Clip | None:
    """Of the gradients."""
    return gradients.clip_by(words.clip_value, words.clip_norm, words.clip_global_norm)


def callbacks(words: Words) -> list[keras.callbacks.Callback]:
    """Those that end training, and keep the best weights."""
    if words.early_stopping is None:
        return []
    return [
        keras.callbacks.EarlyStopping(
            "val_loss", patience=words.early_stopping, restore_best_weights=True
        )
    ]
