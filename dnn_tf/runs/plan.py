"""How long a run trains, and with which learning rate in each step."""

import math
import sys
from dataclasses import dataclass
from typing import Any

import keras

from dnn_tf import schedules
from dnn_tf.arguments import check_whole, is_real
from dnn_tf.runs import parts
from dnn_tf.runs.settings import Settings
from dnn_tf.types import InputError

_WHOLE_TRAINING = {"power": "decay_steps", "one_cycle": "total_steps", "cosine": "decay_steps"}


@dataclass(frozen=True)
class Plan:
    """The learning rate of a run, step by step.

    Args:
        settings: of the run.
        steps: of the whole training; see `count_steps`.
        learning_rate: what the settings give, or what was found.
    """

    settings: Settings
    steps: int
    learning_rate: float

    @property
    def title(self) -> str:
        """Of the figure of its schedule."""
        return f"{self.settings.schedule}, {self.steps:,} steps in {self.settings.epochs} epochs"

    @property
    def first_learning_rate(self) -> float:
        """That of step 0."""
        schedule = self.schedule()
        return self.learning_rate if schedule is None else float(schedule(0))

    def schedule(self) -> keras.optimizers.schedules.LearningRateSchedule | None:
        """A function of the step, if that is what the settings ask for.

        Raises:
            InputError: its options are wrong, or do not go with the other settings.
        """
        name = self.settings.schedule
        if name is None or name == "performance":  # a callback
            return None
        options = dict(self.settings.schedule_options)
        if "name" in options:  # a word of `schedules.get`
            raise InputError(f"the schedule {name!r} takes no option 'name': leave it out")
        if name == "piecewise":
            return schedules.get(name, **_as_lists(options))
        peak = "max_learning_rate" if name == "one_cycle" else "initial_learning_rate"
        if peak in options:
            raise InputError(f"{peak} is what learning_rate gives: leave it out of the options")
        options[peak] = self.learning_rate
        warmup_steps = self._warmup_steps()
        if name in _WHOLE_TRAINING:
            options.setdefault(_WHOLE_TRAINING[name], self.steps - warmup_steps)
        return schedules.get(name, **options)

    def _warmup_steps(self) -> int:
        """How many steps the rate climbs, fewer than there are."""
        if self.settings.schedule != "cosine":
            return 0
        warmup_steps: int = self.settings.schedule_options.get("warmup_steps", 0)
        check_whole(0, warmup_steps=warmup_steps)
        if warmup_steps >= self.steps:
            raise InputError(
                f"warmup_steps is {warmup_steps}, and the whole training has {self.steps} steps: "
                "take fewer, or train for longer"
            )
        return warmup_steps

    def optimizer(self) -> keras.optimizers.Optimizer:
        """A new one, with its learning rate or schedule."""
        return parts.optimizer(self.settings, self.schedule() or self.learning_rate)


def _as_lists(options: dict[str, Any]) -> dict[str, Any]:
    """One boundary may come as a number."""
    return {name: [value] if is_real(value) else value for name, value in options.items()}


def rows_a_step(settings: Settings, rows: int) -> int:
    """How many of that many training rows a step takes."""
    if settings.batch_size == "all":
        return rows
    return int(settings.batch_size) * settings.gradient_accumulation_steps


def count_steps(settings: Settings, rows: int | None) -> int:
    """The steps of the whole training.

    Args:
        settings: of the run.
        rows: of the training split. `None`: not known yet; training then has no end but
            `max_steps`.

    >>> count_steps(Settings(epochs=3, batch_size=300), rows=1000)
    12
    """
    steps = sys.maxsize
    if rows is not None:
        steps = settings.epochs * math.ceil(rows / rows_a_step(settings, rows))
    return steps if settings.max_steps is None else min(steps, settings.max_steps)


def check_plan(settings: Settings, rows: int | None = None) -> None:
    """Makes everything once, so that nothing is refused later.

    Args:
        settings: of the run.
        rows: of the training split. `None`: before any data is loaded; what depends on the length
            of training is then left out.

    Raises:
        InputError: settings that do not go together, or not with so many rows.
    """
    _check_learning_rate(settings)
    _check_ftrl(settings)
    if rows is not None:
        _check_accumulation(settings, rows)
    for make in (parts.layer_words, parts.clip, parts.callbacks):
        make(settings)
    rate = settings.learning_rate
    given = 1.0 if rate == "auto" else float(rate)  # whatever the trial will find
    Plan(settings, count_steps(settings, rows), given).optimizer()


def _check_learning_rate(settings: Settings) -> None:
    """A schedule that has the rate from elsewhere."""
    rate = settings.learning_rate
    if settings.schedule == "piecewise" and rate != Settings.learning_rate:
        raise InputError(
            f"learning_rate is {rate!r}, and a piecewise schedule gives its own: leave "
            "learning_rate out, the values are the learning rates"
        )
    if rate == "auto" and "warmup_target" in settings.schedule_options:
        raise InputError(
            "learning_rate is 'auto', which finds a peak, and warmup_target is one: leave "
            "warmup_target and warmup_steps out, or give a learning rate to start from"
        )


def _check_ftrl(settings: Settings) -> None:
    """FTRL makes each weight anew, in proportion to the learning rate of the step."""
    if settings.optimizer != "ftrl":
        return
    if settings.schedule is not None or settings.learning_rate == "auto":
        asked = settings.schedule or settings.learning_rate
        raise InputError(
            f"ftrl with {asked!r}: ftrl computes the weights anew in every step, in proportion to "
            "the learning rate, and a rate that changes scales them all: give one learning rate"
        )
    if settings.weight_decay:
        raise InputError(
            "ftrl with weight_decay: ftrl computes the weights anew in every step, and the decay "
            "would be lost: give optimizer_options l2_regularization_strength instead"
        )


def _check_accumulation(settings: Settings, rows: int) -> None:
    batches, rows_asked = settings.gradient_accumulation_steps, rows_a_step(settings, rows)
    if batches > 1 and rows_asked > rows:
        raise InputError(
            f"a step of {batches} batches of {settings.batch_size} takes {rows_asked} rows, and "
            f"there are only {rows} rows: lower gradient_accumulation_steps or batch_size"
        )
