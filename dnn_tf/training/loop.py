"""Epoch after epoch: train, measure, tell the callbacks."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np

from dnn_tf.data import Split
from dnn_tf.training.averages import averaged, begin_average, finish_average
from dnn_tf.training.evaluation import Evaluator
from dnn_tf.training.phase import Phase
from dnn_tf.training.progress import Bar, progress_bar
from dnn_tf.training.replicas import as_float

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
        rows: of an epoch.
        rows_a_step: of a step.
        order: draws the order of the rows.
        callbacks: Keras'.
        epochs: how many.
    """

    model: keras.Model
    phase: Phase
    evaluator: Evaluator
    watched: dict[str, Split]
    names: Sequence[str]
    rows: int
    rows_a_step: int
    order: np.random.Generator
    callbacks: Sequence[keras.callbacks.Callback]
    epochs: int

    def run(self, progress: bool | None) -> keras.callbacks.History:
        """All epochs, or until a callback stops them."""
        model, listeners = self.model, self._listeners()
        logs: dict[str, float] = {}
        with progress_bar(progress, self.epochs, self.rows) as bar:
            begin_average(model.optimizer)
            listeners.on_train_begin()
            for epoch in range(self.epochs):
                logs = self._epoch(epoch, listeners, bar)
                if model.stop_training:
                    break
            finish_average(model.optimizer)
            listeners.on_train_end(logs)
        return model.history

    def _listeners(self) -> keras.callbacks.CallbackList:
        return keras.callbacks.CallbackList(
            list(self.callbacks), add_history=True, model=self.model, epochs=self.epochs, verbose=0
        )

    def _epoch(
        self, epoch: int, listeners: keras.callbacks.CallbackList, bar: Bar
    ) -> dict[str, float]:
        began = time.perf_counter()
        listeners.on_epoch_begin(epoch)
        order = self.order.permutation(self.rows)
        totals, rows = self.phase.epoch(order, self.rows_a_step, on_rows=bar.advance)
        if not rows:
            return {}  # a callback stopped training at the beginning of the epoch
        with averaged(self.model.optimizer):
            logs = dict(zip(self.names, (totals / rows).tolist(), strict=True))
            logs |= self._measured(listeners)
            logs["learning_rate"] = as_float(self.model.optimizer.learning_rate)
            logs["seconds"] = time.perf_counter() - began
            bar.end_epoch(logs)
            listeners.on_epoch_end(epoch, logs)
        return logs

    def _measured(self, listeners: keras.callbacks.CallbackList) -> dict[str, float]:
        logs: dict[str, float] = {}
        for name, split in self.watched.items():
            listeners.on_test_begin()
            measured = self.evaluator(split)
            listeners.on_test_end(measured)
            logs |= {f"{PREFIX[name]}_{key}": value for key, value in measured.items()}
        return logs
