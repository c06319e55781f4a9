"""Whether a model can take the data, and the callbacks can be honoured: asked before step 1."""

from collections.abc import Sequence

import keras
import numpy as np

from dnn_tf.data import Split
from dnn_tf.data.checks import check_features, check_labels, check_rows
from dnn_tf.types import InputError

_UNHEARD = (
    "on_train_batch_begin",
    "on_train_batch_end",
    "on_batch_begin",
    "on_batch_end",
    "on_test_batch_begin",
    "on_test_batch_end",
)


def check_split(model: keras.Model, split: Split, where: str) -> None:
    """Finite numbers, in the shape of the model's input, labelled with the model's classes.

    Labels are class numbers where the model has one output a class; anything else is for the loss
    to judge.
    """
    check_features(split.x, where)
    expected = tuple(model.input_shape[1:])
    found = split.x.shape[1:]
    if len(found) != len(expected) or any(
        want not in (None, got) for got, want in zip(found, expected, strict=True)
    ):
        raise InputError(
            f"{where}: a sample has the shape {found}, and the model takes {expected}: reshape the "
            "data, or build the model for it"
        )
    n_outputs = model.output_shape[-1]
    check_rows(split.x, split.y, where)
    if split.y.ndim == 1 and n_outputs > 1:
        check_labels(split.y, n_outputs, where)


def check_callbacks(callbacks: Sequence[keras.callbacks.Callback]) -> None:
    """Refuses what wants to be called between the steps: they run inside one compiled call."""
    for callback in callbacks:
        if not isinstance(callback, keras.callbacks.Callback):
            raise InputError(
                f"callbacks holds {callback!r}, and a keras.callbacks.Callback was expected"
            )
        if isinstance(callback, keras.callbacks.TerminateOnNaN):
            raise InputError(
                "leave TerminateOnNaN out: fit itself stops where the loss is no number"
            )
        if _waits_for_epochs(callback):
            continue
        for hook in _UNHEARD:
            own = getattr(getattr(callback, hook), "__func__", getattr(callback, hook))
            if own is not getattr(keras.callbacks.Callback, hook):
                raise InputError(
                    f"{type(callback).__name__}.{hook} would never be called: the steps of an "
                    "epoch run inside one compiled call; use on_epoch_end, or train with model.fit"
                )


def _waits_for_epochs(callback: keras.callbacks.Callback) -> bool:
    """Keras' own callbacks that have batch hooks and do nothing in them at these settings."""
    saves = (keras.callbacks.ModelCheckpoint, keras.callbacks.BackupAndRestore)
    return isinstance(callback, saves) and callback.save_freq == "epoch"


def check_positive(**numbers: int) -> None:
    """Whole numbers, 1 or more."""
    for name, number in numbers.items():
        if isinstance(number, bool) or not isinstance(number, int | np.integer) or number < 1:
            raise InputError(f"{name} is a whole number, 1 or more, and got {number!r}")
