"""Performance scheduling: a learning rate that falls when the validation error does not."""

from typing import Any

import keras
import numpy as np

from dnn_tf.arguments import check_between, check_choice, check_whole
from dnn_tf.data import Split
from dnn_tf.training.averages import averaged
from dnn_tf.training.evaluation import Evaluator, make_evaluator
from dnn_tf.training.every_steps import EverySteps
from dnn_tf.training.loss_scale import unwrapped
from dnn_tf.training.replicas import as_float
from dnn_tf.types import InputError


class PerformanceSchedule(EverySteps):
    """Every `every` steps measures the validation error; where it stopped falling, `eta * factor`.

    The document divides the learning rate by lambda: `factor = 1 / lambda`. Works in `dnn_tf.fit`
    and in `model.fit`, for an optimiser whose learning rate is a number. (`ReduceLROnPlateau` of
    Keras looks at the ends of epochs only.)

    Args:
        every: steps between two measurements of the loss on the validation rows. `None`: the ends
            of epochs, where `monitor` is looked up in what was measured.
        patience: so many measurements in a row may fail to improve; the next one lowers the rate.
            Default 0: the first one does.
        factor: what the learning rate is multiplied by, between 0 and 1. Default 0.1.
        min_learning_rate: the floor, 0 or more. Default 0.
        min_delta: an improvement is one by more than this, 0 or more. Default 0.
        monitor: what to look up at the ends of epochs, not with `every`. Default `"val_loss"`.
        mode: `"min"` or `"max"`: which way `monitor` improves. Default `"auto"`: `"max"` where its
            name contains `acc`, else `"min"`.
        validation: `(x, y)`, for `every` in `model.fit`; `dnn_tf.fit` has its own.

    An optimiser that keeps an average of the weights (`use_ema=True`) is measured with the average.

    Raises:
        InputError: an argument outside its range; `monitor` or `mode` with `every`; an optimiser
            with a schedule of its own; nothing to measure, or more than one loss.
    """

    def __init__(
        self,
        every: int | None = None,
        *,
        patience: int = 0,
        factor: float = 0.1,
        min_learning_rate: float = 0.0,
        min_delta: float = 0.0,
        monitor: str | None = None,
        mode: str = "auto",
        validation: Split | tuple[np.ndarray, np.ndarray] | None = None,
    ):
        super().__init__(every)
        check_whole(0, patience=patience)
        check_between(0, 1, factor=factor)
        check_between(0, float("inf"), min_learning_rate=min_learning_rate, min_delta=min_delta)
        check_choice(("auto", "min", "max"), mode=mode)
        if every is not None and (monitor is not None or mode != "auto"):
            raise InputError(
                f"PerformanceSchedule(every={every}) measures the loss, and got "
                f"monitor={monitor!r}, mode={mode!r}: leave them out, or leave out every"
            )
        self.patience = patience
        self.factor = factor
        self.min_learning_rate = min_learning_rate
        self.min_delta = min_delta
        self.monitor = monitor or "val_loss"
        self.mode = ("max" if "acc" in self.monitor else "min") if mode == "auto" else mode
        self.validation = Split(*validation) if isinstance(validation, tuple) else validation
        self.best = float("inf")
        self.failures = 0
        self._evaluate: Evaluator | None = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Forgets what an earlier training measured."""
        super().on_train_begin(logs)
        self.best, self.failures, self._evaluate = float("inf"), 0, None
        optimizer = self.model.optimizer
        schedule = unwrapped(optimizer)._learning_rate
        if not isinstance(schedule, keras.Variable):
            raise InputError(
                f"PerformanceSchedule sets the learning rate, and {optimizer.name!r} takes its own "
                "from a schedule: give the optimiser a number"
            )
        if self.every is not None:
            self._check_measurable()

    def _check_measurable(self) -> None:
        loss = self.model.loss
        if not isinstance(loss, str) and not callable(loss):
            found = f"one an output ({', '.join(map(str, loss))})" if loss else "none"
            raise InputError(
                f"PerformanceSchedule(every=...) measures one loss, and the model has {found}: "
                "compile it with one name or function, or leave out every"
            )
        if self.validation is None and self._offered is None:
            raise InputError(
                "PerformanceSchedule(every=...) measures on validation rows, and there are none: "
                "train on a Dataset that has them, or give validation=(x, y)"
            )

    def act(self, logs: dict[str, Any]) -> None:
        """Measures, and lowers the rate when it is time."""
        measured = self._measured(logs)
        sign = 1 if self.mode == "min" else -1
        if sign * measured < self.best - self.min_delta:
            self.best, self.failures = sign * measured, 0
            return
        self.failures += 1
        if self.failures > self.patience:
            self.failures = 0
            optimizer = self.model.optimizer
            rate = as_float(optimizer.learning_rate)
            optimizer.learning_rate = min(rate, max(rate * self.factor, self.min_learning_rate))

    def _measured(self, logs: dict[str, Any]) -> float:
        if self.every is None:
            if self.monitor not in logs:
                raise InputError(
                    f"PerformanceSchedule monitors {self.monitor!r}, and measured were "
                    f"{', '.join(logs)}"
                )
            return float(logs[self.monitor])
        if self._evaluate is None:
            self._evaluate = make_evaluator(self.model, keras.losses.get(self.model.loss), ())
        rows = self._offered if self.validation is None else self.validation
        assert rows is not None  # on_train_begin has made sure
        with averaged(self.model.optimizer):
            return self._evaluate(rows)["loss"]
