"""Epoch after epoch: train, measure, tell the callbacks."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import keras
import numpy as np

from dnn_tf.data import Split
from dnn_tf.training.averages import averaged, begin_average, finish_average
from dnn_tf.training.evaluation import Evaluator
from dnn_tf.training.keeper import Keeper
from dnn_tf.training.phase import Phase, Taken
from dnn_tf.training.progress import Bar, progress_bar
from dnn_tf.training.replicas import as_float
from dnn_tf.training.snapshot import Position
from dnn_tf.training.together import check_equal, share_start
from dnn_tf.workers import ALONE, Team

PREFIX = {"validation": "val", "test": "test"}


@dataclass
class Loop:
    """The loop around the compiled step.

    Args:
        model: compiled.
        phase: trains an epoch.
        evaluator: measures a split.
        watched: the splits that are measured after each epoch.
        names: of what the phase sums up.
        rows: of an epoch; `None` where nobody has counted them.
        rows_a_step: of a step.
        order: draws the order of the rows.
        callbacks: Keras'.
        epochs: how many.
        keeper: of checkpoints.
        team: of workers that take the steps together, each with a loop of its own.
    """

    model: keras.Model
    phase: Phase
    evaluator: Evaluator
    watched: dict[str, Split]
    names: Sequence[str]
    rows: int | None
    rows_a_step: int
    order: np.random.Generator
    callbacks: Sequence[keras.callbacks.Callback]
    epochs: int
    keeper: Keeper = field(default_factory=Keeper)
    team: Team = ALONE

    def run(self, progress: bool | None) -> keras.callbacks.History:
        """All epochs, or until a callback stops them."""
        model, history = self.model, keras.callbacks.History()
        listeners = self._listeners(history)
        with (
            progress_bar(progress if self.team.is_chief else False, self.epochs, self.rows) as bar,
            self.keeper.at_work(listeners.callbacks) as keeper,
        ):
            begin_average(model.optimizer)
            listeners.on_train_begin()
            position = keeper.resume() or self._epoch_begins(0)
            position = share_start(self.team, model, listeners.callbacks, position)
            bar.reach(position.epoch, position.taken.rows)
            while position.epoch < self.epochs and not self._has_ended(position):
                self._epoch(position, listeners, bar, keeper)
                model.stop_training = self.team.any(model.stop_training, "stop_training")
                check_equal(self.team, model, f"after epoch {position.epoch}")
                position = self._epoch_begins(position.epoch + 1)
                keeper.epoch_ends(position)
            keeper.training_ends(position)
            finish_average(model.optimizer)
            listeners.on_train_end({name: v[-1] for name, v in history.history.items()})
        history.compile_seconds = self.phase.compile_seconds
        model.history = history
        return history

    def _listeners(self, history: keras.callbacks.History) -> keras.callbacks.CallbackList:
        return keras.callbacks.CallbackList(
            [*self.callbacks, history], model=self.model, epochs=self.epochs, verbose=0
        )

    def _epoch_begins(self, epoch: int) -> Position:
        return Position(epoch, dict(self.order.bit_generator.state))

    def _has_ended(self, position: Position) -> bool:
        """An epoch that was broken off is measured and told, even if it was the last."""
        return self.model.stop_training and not position.taken.steps

    def _epoch(
        self,
        position: Position,
        listeners: keras.callbacks.CallbackList,
        bar: Bar,
        keeper: Keeper,
    ) -> None:
        began = time.perf_counter() - position.seconds
        epoch = position.epoch
        if not position.taken.steps:  # else it was told before it was broken off
            listeners.on_epoch_begin(epoch)
        self.order.bit_generator.state = position.order
        order = self.phase.draw(self.order)

        def on_call(taken: Taken) -> None:
            bar.reach(epoch, taken.rows)
            seconds = time.perf_counter() - began
            keeper.between_steps(replace(position, taken=taken, seconds=seconds))

        taken = self.phase.epoch(order, self.rows_a_step, on_call, position.taken)
        if taken.totals is None:
            return  # a callback stopped training at the beginning of the epoch
        with averaged(self.model.optimizer):
            logs = dict(zip(self.names, (taken.totals / taken.rows).tolist(), strict=True))
            logs |= self._measured(listeners)
            logs["learning_rate"] = as_float(self.model.optimizer.learning_rate)
            logs["seconds"] = time.perf_counter() - began
            logs = self.team.chiefs(logs, "what was measured")  # or they might decide otherwise
            bar.end_epoch(epoch, logs)
            keeper.measured(epoch, logs)
            listeners.on_epoch_end(epoch, logs)

    def _measured(self, listeners: keras.callbacks.CallbackList) -> dict[str, float]:
        logs: dict[str, float] = {}
        for name, split in self.watched.items():
            listeners.on_test_begin()
            measured = self.evaluator(split)
            listeners.on_test_end(measured)
            logs |= {f"{PREFIX[name]}_{key}": value for key, value in measured.items()}
        return logs
