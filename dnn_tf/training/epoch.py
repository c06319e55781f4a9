"""Many steps in one call: an epoch runs inside one `tf.function`."""

from collections.abc import Callable

import tensorflow as tf

from dnn_tf.training.step import Step, compile_function
from dnn_tf.types import Tensor

Run = Callable[[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor], Tensor]


def make_run(step: Step, jit_compile: bool = True, run_eagerly: bool = False) -> Run:
    """A function that runs the steps `start` to `stop` of an epoch.

    `run(x, y, batches, start, stop, totals) -> totals`: the rows of step `i` are `batches[i]`, and
    each step adds the sums of its loss and metrics to `totals`. It ends early after a step whose
    loss is no finite number, and `totals[0]` is none either then.

    Only the shapes of the arrays are compiled in, so one compilation serves every epoch, however
    it is cut into calls.

    Shapes:
        `(n, ...)`, `(n,)`, `(steps, batch)`, `()`, `()`, `(measures,)` -> `(measures,)`.
    """

    def run(
        x: Tensor, y: Tensor, batches: Tensor, start: Tensor, stop: Tensor, totals: Tensor
    ) -> Tensor:
        def goes_on(i: Tensor, totals: Tensor) -> Tensor:
            return tf.logical_and(i < stop, tf.math.is_finite(totals[0]))

        def take(i: Tensor, totals: Tensor) -> tuple[Tensor, Tensor]:
            sums = step(tf.gather(x, batches[i]), tf.gather(y, batches[i]))
            return i + 1, totals + tf.cast(sums, "float64")

        return tf.while_loop(goes_on, take, (start, totals))[1]

    return compile_function(run, jit_compile, run_eagerly)
