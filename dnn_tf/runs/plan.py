"""From settings to what `models.dnn` and `fit` are given."""

import math
from typing import Any

import keras

from dnn_tf import constraints, gradients, optimizers, regularizers, schedules
from dnn_tf.arguments import build_named
from dnn_tf.layers import NeuronLayer
from dnn_tf.runs.settings import Settings
from dnn_tf.training import MaxSteps, PerformanceSchedule, StopOnSmallUpdates
from dnn_tf.types import Clip, ClipEffect, InputError

_LAYERS = {"neuron": NeuronLayer, "dense": keras.layers.Dense}
_WHOLE_TRAINING = {"power": "decay_steps", "one_cycle": "total_steps", "cosine": "decay_steps"}


class Plan:
    """Makes the parts of a run, each time new ones.

    Args:
        settings: of the run.
        rows: of the training split, which tell how many steps there are.
        learning_rate: instead of `"auto"` in the settings.

    Raises:
        InputError: settings that do not go together.
    """

    def __init__(self, settings: Settings, rows: int, learning_rate: float | None = None):
        self._settings, self._rows = settings, rows
        batch_size = rows if settings.batch_size == "all" else int(settings.batch_size)
        rows_a_step = batch_size * settings.gradient_accumulation_steps
        self.steps = settings.epochs * math.ceil(rows / rows_a_step)
        given = 0.01 if settings.learning_rate == "auto" else float(settings.learning_rate)
        self.learning_rate = given if learning_rate is None else learning_rate

    def at(self, learning_rate: float) -> "Plan":
        """The same plan with the learning rate that was found."""
        return Plan(self._settings, self._rows, learning_rate)

    @property
    def title(self) -> str:
        """Of the figure of its schedule."""
        return f"{self._settings.schedule}, {self.steps:,} steps in {self._settings.epochs} epochs"

    def layer_words(self) -> dict[str, Any]:
        """For `models.dnn`."""
        s = self._settings
        penalty: keras.regularizers.Regularizer | None = None
        if s.l1 and s.l2:
            penalty = keras.regularizers.L1L2(l1=s.l1, l2=s.l2 / 2)  # ours has the half
        elif s.l1 or s.l2:
            penalty = regularizers.L1(s.l1) if s.l1 else regularizers.L2(s.l2)
        return {
            "hidden": s.hidden,
            "activation": s.activation,
            "kernel_initializer": s.initializer,
            "batch_norm": s.batch_norm,
            "dropout": s.dropout,
            "dropout_inputs": s.dropout_inputs,
            "kernel_regularizer": penalty,
            "kernel_constraint": None if s.max_norm is None else constraints.MaxNorm(s.max_norm),
            "layer": _LAYERS[s.layer],
        }

    def schedule(self) -> keras.optimizers.schedules.LearningRateSchedule | None:
        """A function of the step, if that is what the settings ask for."""
        s = self._settings
        if s.schedule in (None, "performance"):
            return None
        options = dict(s.schedule_options)
        if s.schedule == "piecewise":
            if s.learning_rate == "auto":
                raise InputError("learning_rate is 'auto', and a piecewise schedule gives its own")
        else:
            peak = "max_learning_rate" if s.schedule == "one_cycle" else "initial_learning_rate"
            if peak in options:
                raise InputError(f"{peak} is what learning_rate gives: leave it out of the options")
            options[peak] = self.learning_rate
        if (counter := _WHOLE_TRAINING.get(str(s.schedule))) and counter not in options:
            options[counter] = max(1, self.steps - options.get("warmup_steps", 0))
        return schedules.get(str(s.schedule), **options)

    def optimizer(self) -> keras.optimizers.Optimizer:
        """With its learning rate or schedule, its weight decay and its average."""
        s = self._settings
        if "learning_rate" in s.optimizer_options:
            raise InputError("learning_rate is no option of the optimiser here: give learning_rate")
        options = dict(s.optimizer_options)
        if s.weight_decay:
            options["weight_decay"] = s.weight_decay
        if s.average is not None:
            options |= {"use_ema": True, "ema_momentum": s.average}
        rate = self.schedule() or self.learning_rate
        return optimizers.get(s.optimizer, learning_rate=rate, **options)

    def clip(self) -> Clip | None:
        """Of the gradients."""
        s = self._settings
        if s.clip_value is not None:
            return gradients.clip_by_value(s.clip_value)
        if s.clip_norm is not None:
            return gradients.clip_by_norm(s.clip_norm)
        if s.clip_global_norm is not None:
            return gradients.clip_by_global_norm(s.clip_global_norm)
        return None

    def clip_effects(self) -> tuple[ClipEffect, ...]:
        """What to log of the clipping."""
        both = (gradients.clipped_share, gradients.turned_angle)
        return both if self._settings.watch_clipping else ()

    def callbacks(self) -> list[keras.callbacks.Callback]:
        """Those that change or end training."""
        s = self._settings
        found: list[keras.callbacks.Callback] = []
        if s.schedule == "performance":
            makers = {"performance": PerformanceSchedule}
            found.append(build_named("schedule", makers, "performance", s.schedule_options))
        if s.early_stopping is not None:
            found.append(
                keras.callbacks.EarlyStopping(
                    "val_loss", patience=s.early_stopping, restore_best_weights=True
                )
            )
        if s.min_update is not None:
            found.append(StopOnSmallUpdates(s.min_update))
        if s.max_steps is not None:
            found.append(MaxSteps(s.max_steps))
        return found


def check_plan(settings: Settings) -> None:
    """Makes everything once, before any data is loaded.

    Raises:
        InputError: settings that do not go together.
    """
    plan = Plan(settings, rows=1_000)
    for part in (plan.layer_words, plan.optimizer, plan.clip, plan.callbacks):
        part()
