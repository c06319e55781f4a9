"""A phase of training: one compiled step, one optimiser, one set of rows."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from dnn_tf.data import Split, Stream
from dnn_tf.training.epoch import Run, make_run
from dnn_tf.training.every_steps import EverySteps
from dnn_tf.training.likeness import made_of
from dnn_tf.training.loss_scale import LossScale
from dnn_tf.training.rollback import advance, finite
from dnn_tf.training.rows import Window, rows_of
from dnn_tf.training.sharing import Shared
from dnn_tf.training.step import make_step
from dnn_tf.training.stream_windows import Reading, StreamRows
from dnn_tf.types import Clip, ClipEffect, DivergenceError, Measure, Tensor
from dnn_tf.workers import team_of

SECONDS_A_CALL = 0.5
"""So long may one call of the compiled function take: a progress bar moves, Ctrl-C is heard."""


@dataclass(frozen=True)
class Taken:
    """What was taken of an epoch.

    Args:
        steps: so many.
        rows: that they used.
        totals: the sums over these rows of the loss, of each metric and of each effect of the clip;
            `None` before the first step.
    """

    steps: int = 0
    rows: int = 0
    totals: np.ndarray | None = None


class Phase:
    """Runs epochs over the rows of a split.

    What is trainable is read once, here: after a freeze or a thaw, make a new one.

    Attributes:
        compile_seconds: that tracing and compiling took so far; next to nothing where another phase
            was made of the same, with rows of the same shape.
    """

    def __init__(
        self,
        model: keras.Model,
        train: Split,
        loss: Measure,
        optimizer: keras.optimizers.Optimizer,
        clip: Clip | None = None,
        metrics: Sequence[Measure] = (),
        clip_effects: Sequence[ClipEffect] = (),
        rows_at_once: int | None = None,
        counters: Sequence[EverySteps] = (),
        jit_compile: bool = True,
        run_eagerly: bool = False,
    ):
        step = make_step(model, loss, optimizer, clip, metrics, clip_effects, rows_at_once)
        self._state = [*model.variables, *optimizer.variables]
        parts = loss, clip, tuple(metrics), tuple(clip_effects), rows_at_once

        def run(jit_compile: bool) -> Run:
            compiled = make_run(step, jit_compile, run_eagerly)
            likeness = partial(made_of, model, optimizer, *parts, jit_compile)
            return Shared(compiled, None if run_eagerly else likeness, self._state)

        self._run = run(jit_compile)
        # One step an epoch does not earn back what it takes XLA to compile it.
        self._run_rest = run(False) if jit_compile else self._run
        self.compile_seconds = 0.0
        self._compiled: set[tuple[Run, tf.TensorShape]] = set()
        self._model = model
        model.stop_training = False  # as compile does
        self._watched = finite(self._state)  # a constant may be infinite: a mask, say
        self._team = team_of()
        self._rows: Any = (
            StreamRows(model, train) if isinstance(train, Stream) else rows_of(train, self._team)
        )
        self._n_measures = 1 + len(metrics) + len(clip_effects)
        self._counters = counters
        self._loss_scale = LossScale(optimizer)
        self._steps_a_call = 100

    def draw(self, order: np.random.Generator) -> np.ndarray | Reading:
        """The order of the rows in an epoch; of a stream, the seed of it."""
        return self._rows.draw(order)

    def epoch(
        self,
        order: np.ndarray | Reading,
        batch_size: int,
        on_call: Callable[[Taken], None],
        taken: Taken = Taken(),
    ) -> Taken:
        """Takes the rows in this order, batch by batch; the last batch holds what is left.

        Ends early, between two steps, when one of the counters stops training.

        Args:
            order: the number of every row; see `draw`.
            batch_size: rows a step.
            on_call: is told now and then, between two steps, what was taken up to there.
            taken: where to go on in an epoch that was broken off.

        Returns:
            What was taken.

        Raises:
            DivergenceError: a loss, a gradient or a weight became NaN or infinite; the step is
                undone.
        """
        if isinstance(order, Reading):
            return self._read(order, batch_size, on_call, taken)
        batch_size = min(batch_size, len(order))
        n_full = len(order) // batch_size * batch_size
        full = order[:n_full].reshape(-1, batch_size)
        rest = order[n_full:].reshape(1, -1)
        for run, batches, first in ((self._run, full, 0), (self._run_rest, rest, len(full))):
            if batches.size:
                taken = self._batches(run, batches, first, taken, on_call)
        return taken

    def _batches(
        self,
        run: Run,
        batches: np.ndarray,
        first: int,
        taken: Taken,
        on_call: Callable[[Taken], None],
    ) -> Taken:
        """Steps over batches of one size."""
        while (start := taken.steps - first) < len(batches) and not self._is_stopped():
            window = self._rows.window(batches, start)
            taken = self._through(run, window, first, taken, on_call)
            del window  # or there would be two of them for a moment
        return taken

    def _read(
        self, order: Reading, batch_size: int, on_call: Callable[[Taken], None], taken: Taken
    ) -> Taken:
        """Steps over a stream, whose end is known when it comes."""
        for window, is_rest in order.windows(batch_size, taken.steps, taken.rows):
            run = self._run_rest if is_rest else self._run
            taken = self._through(run, window, 0, taken, on_call)
            del window  # as above
            if self._is_stopped():
                break
        return taken

    def _through(
        self,
        run: Run,
        window: Window,
        first: int,
        taken: Taken,
        on_call: Callable[[Taken], None],
    ) -> Taken:
        """The steps of a window that are left, in calls of a length that the clock decides.

        A call also ends where a counter is due. The totals go from call to call, so that how an
        epoch is cut shows in no result.
        """
        size = int(window.batches.shape[1])
        while (start := taken.steps - first) < window.end and not self._is_stopped():
            left = min((counter.steps_left() for counter in self._counters), default=window.end)
            stop = min(window.end, start + self._steps_a_call, start + int(min(left, window.end)))
            stop = min(self._team.gathered(stop, "where the call ends"))  # each has a clock
            began = time.perf_counter()
            totals, done = self._call(run, window, start, stop, taken)
            if done < stop:
                raise DivergenceError(
                    f"step {first + done + 1} of the epoch made the loss, a gradient or a weight "
                    "NaN or infinite; the weights are those of the step before: lower the learning "
                    "rate, clip the gradients, or scale the features"
                )
            taken = Taken(first + stop, taken.rows + (stop - start) * size, totals)
            self._steps_a_call = _that_many(stop - start, time.perf_counter() - began)
            for counter in self._counters:
                counter.took(stop - start)
            on_call(taken)
        return taken

    def _call(
        self, run: Run, window: Window, start: int, stop: int, taken: Taken
    ) -> tuple[np.ndarray, int]:
        """The steps `start` to `stop`; the totals, and the first step that was not taken."""
        before = tf.zeros(self._n_measures, "float64") if taken.totals is None else taken.totals

        def attempt(start: int, stop: int) -> Tensor:
            here = tf.constant(start - window.first), tf.constant(stop - window.first)
            return run(window.x, window.y, window.batches, *here, tf.constant(before))

        if (compiled := (run, window.batches.shape)) not in self._compiled:
            began = time.perf_counter()
            attempt(start, start)  # no step: all of the time that it takes is compilation
            self.compile_seconds += time.perf_counter() - began
            self._compiled.add(compiled)
        totals, done = advance(
            attempt, self._state, start, stop, self._watched, self._loss_scale.is_sound,
            lambda sound: not self._team.any(not sound, "a bad step"),
        )  # fmt: skip
        return totals.numpy(), done

    def _is_stopped(self) -> bool:
        """Whether a callback has ended the training, on any of the workers."""
        stopped = self._team.any(self._model.stop_training, "stop_training")
        self._model.stop_training = stopped
        return stopped


def _that_many(steps: int, seconds: float) -> int:
    """Steps for the next call, where so many took so long."""
    return max(1, int(SECONDS_A_CALL * steps / seconds))
