"""From settings to the parts that `models.dnn` and `fit` are given, each time new ones."""

from pathlib import Path
from typing import Any, TypeAlias

import keras

from dnn_tf import constraints, gradients, optimizers, regularizers
from dnn_tf.arguments import build_named
from dnn_tf.data import Split
from dnn_tf.diagnostics import WatchLayers
from dnn_tf.layers import NeuronLayer
from dnn_tf.runs.settings import Settings
from dnn_tf.training import MaxSteps, PerformanceSchedule, StopOnSmallUpdates
from dnn_tf.types import Clip, ClipEffect, InputError

Rate: TypeAlias = float | keras.optimizers.schedules.LearningRateSchedule

_LAYERS = {"neuron": NeuronLayer, "dense": keras.layers.Dense}
_SETTINGS_FOR = {
    "learning_rate": "learning_rate",
    "weight_decay": "weight_decay",
    "clipnorm": "clip_norm",
    "clipvalue": "clip_value",
    "global_clipnorm": "clip_global_norm",
    "use_ema": "average",
    "ema_momentum": "average",
    "gradient_accumulation_steps": "gradient_accumulation_steps",
}
"""What does the work of a word that every Keras optimiser takes."""


def layer_words(settings: Settings) -> dict[str, Any]:
    """For `models.dnn`."""
    s = settings
    return {
        "hidden": s.hidden,
        "activation": s.activation,
        "kernel_initializer": s.initializer,
        "batch_norm": s.batch_norm,
        "dropout": s.dropout,
        "dropout_inputs": s.dropout_inputs,
        "kernel_regularizer": regularizers.penalty(s.l1, s.l2),
        "kernel_constraint": None if s.max_norm is None else constraints.MaxNorm(s.max_norm),
        "layer": _LAYERS[s.layer],
    }


def optimizer(settings: Settings, learning_rate: Rate | None = None) -> keras.optimizers.Optimizer:
    """With its weight decay and its average.

    Args:
        settings: of the run.
        learning_rate: a number or a schedule. `None`: the optimiser's own default, for somebody
            who sets it later.

    Raises:
        InputError: an option that the optimiser does not take, or that a setting gives.
    """
    _check_options(settings)
    options = dict(settings.optimizer_options)
    if learning_rate is not None:
        options["learning_rate"] = learning_rate
    if settings.weight_decay:
        options["weight_decay"] = settings.weight_decay
    if settings.average is not None:
        options |= {"use_ema": True, "ema_momentum": settings.average}
    return optimizers.get(settings.optimizer, **options)


def _check_options(settings: Settings) -> None:
    """Only what the optimiser's formula takes: Keras' words for all have settings of their own."""
    own = optimizers.get(settings.optimizer).options
    for option in settings.optimizer_options:
        if option in _SETTINGS_FOR:
            setting = _SETTINGS_FOR[option]
            raise InputError(
                f"{option} is no option of the optimiser here: give {setting} instead "
                f"(--{setting.replace('_', '-')})"
            )
        if option not in own:
            raise InputError(
                f"the optimiser {settings.optimizer!r} takes no option {option!r}: it has "
                f"{', '.join(own) or 'none'}"
            )


def clip(settings: Settings) -> Clip | None:
    """Of the gradients."""
    return gradients.clip_by(settings.clip_value, settings.clip_norm, settings.clip_global_norm)


def clip_effects(settings: Settings) -> tuple[ClipEffect, ...]:
    """What to log of the clipping."""
    both = (gradients.clipped_share, gradients.turned_angle)
    return both if settings.watch_clipping else ()


def callbacks(settings: Settings) -> list[keras.callbacks.Callback]:
    """Those that change or end training."""
    found: list[keras.callbacks.Callback] = []
    if settings.schedule == "performance":
        found.append(_performance_schedule(settings))
    if settings.early_stopping is not None:
        found.append(
            keras.callbacks.EarlyStopping(
                "val_loss", patience=settings.early_stopping, restore_best_weights=True
            )
        )
    if settings.min_update is not None:
        found.append(StopOnSmallUpdates(settings.min_update))
    if settings.max_steps is not None:
        found.append(MaxSteps(settings.max_steps))
    return found


def watchers(settings: Settings, train: Split, folder: Path) -> list[keras.callbacks.Callback]:
    """Those that only look on, and write into the run folder."""
    if not settings.watch_layers:
        return []
    return [WatchLayers(folder, (train.x, train.y))]


def _performance_schedule(settings: Settings) -> PerformanceSchedule:
    if "validation" in settings.schedule_options:
        raise InputError(
            "the schedule 'performance' takes no option 'validation' here: it measures on the "
            "validation split of the data"
        )
    makers = {"performance": PerformanceSchedule}
    return build_named("schedule", makers, "performance", settings.schedule_options)
