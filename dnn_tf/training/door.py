"""What is asked before step 1: whether model, data, words and callbacks can be honoured."""

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import keras
import tensorflow as tf

from dnn_tf.arguments import check_positive
from dnn_tf.data import Split
from dnn_tf.data.checks import check_features, check_labels, check_rows
from dnn_tf.training.every_steps import EverySteps
from dnn_tf.training.loss_scale import unwrapped
from dnn_tf.types import InputError

_SETS_THE_RATE = (keras.callbacks.ReduceLROnPlateau, keras.callbacks.LearningRateScheduler)
_UNHEARD = (
    "on_train_batch_begin",
    "on_train_batch_end",
    "on_batch_begin",
    "on_batch_end",
    "on_test_batch_begin",
    "on_test_batch_end",
)


def check_model(model: Any) -> None:
    """A Keras model that is built, with one input and one output."""
    if not isinstance(model, keras.Model):
        raise InputError(f"a Keras model was expected, and got {type(model).__name__}")
    shapes = getattr(model, "input_shape", None), getattr(model, "output_shape", None)
    if not all(isinstance(shape, tuple) and shape[:1] == (None,) for shape in shapes):
        raise InputError(
            f"model {model.name!r} is not built, or has not one input and one output: make it with "
            "keras.Model(inputs, outputs), or give a Sequential model a keras.Input"
        )


def check_trainable(model: keras.Model) -> None:
    """Something to train."""
    if not model.trainable_variables:
        raise InputError(
            f"model {model.name!r} has no weights to train: set trainable = True on the model and "
            "on a layer of it"
        )


def check_split(model: keras.Model, split: Split, where: str) -> None:
    """Finite numbers, in the shape of the model's input, labelled with the model's classes.

    The labels of a classifier are class numbers. Of a `Stream` only the shapes are looked at here;
    its rows are checked when they are read.
    """
    if not split.is_read_on_the_way:
        check_features(split.x, where)
    expected = tuple(model.input_shape[1:])
    found = split.x_shape
    if len(found) != len(expected) or any(
        want not in (None, got) for got, want in zip(found, expected, strict=True)
    ):
        raise InputError(
            f"{where}: a sample has the shape {found}, and the model takes {expected}: reshape the "
            "data, or build the model for it"
        )
    n_classes = classes_of(model, split)
    if split.is_read_on_the_way:
        if n_classes is not None and split.y_shape:
            raise InputError(
                f"{where}: a label has the shape {split.y_shape}, and () was expected: one class "
                "number a row"
            )
        return
    check_rows(split.x, split.y, where)
    if n_classes is not None:
        check_labels(split.y, n_classes, where)


def classes_of(model: keras.Model, split: Split) -> int | None:
    """How many, where the model has more than one output and there is one label a row.

    Anything else is no class number, and for the loss to judge.
    """
    n_outputs: int = model.output_shape[-1]
    return n_outputs if n_outputs > 1 and split.y_shape in ((), (1,)) else None


def check_words(
    optimizer: Any,
    loss: Any,
    clip: Any,
    metrics: Sequence[Any],
    clip_effects: Sequence[Any],
    seed: int | None,
) -> None:
    """Objects and functions, not their names."""
    if not isinstance(optimizer, keras.optimizers.Optimizer):
        raise InputError(
            f"a Keras optimiser was expected, such as optimizers.GradientDescent(0.01), and got "
            f"{optimizer!r}"
        )
    functions = {"loss": loss, **{f"metrics[{i}]": metric for i, metric in enumerate(metrics)}}
    functions |= {f"clip_effects[{i}]": effect for i, effect in enumerate(clip_effects)}
    if clip is not None:
        functions["clip"] = clip
    elif clip_effects:
        raise InputError("clip_effects measure what a clip does, and there is none: give clip too")
    for word, function in functions.items():
        if not callable(function) or isinstance(function, keras.metrics.Metric):
            raise InputError(
                f"{word} is a function of this package or your own, not a name and no "
                f"keras.metrics.Metric, and got {function!r}"
            )
    if seed is not None and (not isinstance(seed, Integral) or seed < 0):
        raise InputError(f"seed is a whole number, 0 or more, or None, and got {seed!r}")


def check_batch_size(batch_size: Any, rows: int | None) -> int:
    """The rows of a step; `"all"` is as many as there are, and of a stream, `None`, refused."""
    if batch_size == "all":
        if rows is None:
            raise InputError(
                "batch_size='all' takes every row at once, and a stream is there so that memory "
                "need not hold them: give a number"
            )
        return rows
    if isinstance(batch_size, str):
        raise InputError(f"batch_size is a whole number or 'all', and got {batch_size!r}")
    check_positive(batch_size=batch_size)
    return int(batch_size)


def check_optimizer(
    optimizer: keras.optimizers.Optimizer,
    model: keras.Model,
    clip: Any,
    gradient_accumulation_steps: int,
) -> None:
    """An optimiser that does not undo what fit is asked for."""
    inner = unwrapped(optimizer)
    if inner.gradient_accumulation_steps and (clip or gradient_accumulation_steps > 1):
        raise InputError(
            f"the optimiser {inner.name!r} accumulates gradients by itself, after they were "
            "clipped: give gradient_accumulation_steps to fit, and not to the optimiser"
        )
    if inner._distribution_strategy is not model.distribute_strategy:
        raise InputError(
            f"the optimiser {inner.name!r} was made for another distribution strategy than model "
            f"{model.name!r}: make both in the same strategy.scope()"
        )


def check_shares(rows: int | None, rows_a_step: int) -> None:
    """A row of every step for every replica."""
    replicas = tf.distribute.get_strategy().num_replicas_in_sync
    if rows is None:
        if replicas > 1:
            raise InputError(
                f"{replicas} replicas share the rows of each step, and nobody knows how many rows "
                "the stream has: give it rows=..."
            )
        return
    smallest = min(rows, rows_a_step, rows % rows_a_step or rows_a_step)
    if smallest < replicas:
        raise InputError(
            f"{rows} rows in steps of {rows_a_step} leave {smallest} for a step, and "
            f"{replicas} replicas need a row each: take another batch_size"
        )


def check_callbacks(callbacks: Any, optimizer: keras.optimizers.Optimizer | None = None) -> None:
    """Refuses what wants to be called between the steps: they run inside one compiled call."""
    if not isinstance(callbacks, Sequence):
        raise InputError(f"callbacks is a list of Keras callbacks, and got {callbacks!r}")
    for callback in callbacks:
        if not isinstance(callback, keras.callbacks.Callback):
            raise InputError(
                f"callbacks holds {callback!r}, and a keras.callbacks.Callback was expected"
            )
        if isinstance(callback, keras.callbacks.TerminateOnNaN):
            raise InputError(
                "leave TerminateOnNaN out: fit itself stops where the loss is no number"
            )
        if isinstance(callback, keras.callbacks.SwapEMAWeights):
            raise InputError(
                "leave SwapEMAWeights out: fit itself measures with the average of the weights"
            )
        if isinstance(callback, _SETS_THE_RATE) and _has_schedule(optimizer):
            raise InputError(
                f"{type(callback).__name__} sets the learning rate, and the optimiser takes its "
                "own from a schedule: give the optimiser a number"
            )
        if isinstance(callback, keras.callbacks.BackupAndRestore):
            raise InputError(
                "BackupAndRestore cannot tell fit where to go on: take ModelCheckpoint"
            )
        if isinstance(callback, keras.callbacks.ModelCheckpoint) and callback.save_freq == "epoch":
            continue  # it has a batch hook, and does nothing in it
        for hook in _UNHEARD:
            own = getattr(getattr(callback, hook), "__func__", getattr(callback, hook))
            if own not in (getattr(keras.callbacks.Callback, hook), getattr(EverySteps, hook)):
                raise InputError(
                    f"{type(callback).__name__}.{hook} would never be called: the steps of an "
                    "epoch run inside one compiled call; use on_epoch_end, or train with model.fit"
                )


def check_can_go_on(callbacks: Sequence[keras.callbacks.Callback]) -> None:
    """Refuses, with a checkpoint, what would lose or double rows when training goes on."""
    for callback in callbacks:
        if isinstance(callback, keras.callbacks.CSVLogger):
            raise InputError(
                "leave CSVLogger out: where training goes on after a kill, its file would lose "
                "rows or have them twice; the history that fit returns has each once"
            )


def _has_schedule(optimizer: keras.optimizers.Optimizer | None) -> bool:
    rate = None if optimizer is None else unwrapped(optimizer)._learning_rate
    return isinstance(rate, keras.optimizers.schedules.LearningRateSchedule)
