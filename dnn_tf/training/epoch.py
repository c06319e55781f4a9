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
    it is cut into calls. Under a `tf.distribute` strategy of several replicas each takes its share
    of the rows of a step, and XLA is left out: TensorFlow cannot compile what replicas do together.

    Shapes:
        `(n, ...)`, `(n,)`, `(steps, batch)`, `()`, `()`, `(measures,)` -> `(measures,)`.
    """
    strategy = tf.distribute.get_strategy()
    n_replicas = strategy.num_replicas_in_sync

    def take_rows(x: Tensor, y: Tensor, rows: Tensor) -> Tensor:
        return step(tf.gather(x, rows), tf.gather(y, rows))

    def take_share(x: Tensor, y: Tensor, rows: Tensor) -> Tensor:
        replica = tf.get_static_value(tf.distribute.get_replica_context().replica_id_in_sync_group)
        ends = [(replica + i) * rows.shape[0] // n_replicas for i in (0, 1)]
        return take_rows(x, y, rows[ends[0] : ends[1]])

    def take_shares(x: Tensor, y: Tensor, rows: Tensor) -> Tensor:
        sums = strategy.run(take_share, args=(x, y, rows))
        return strategy.experimental_local_results(sums)[0]  # each has the sums of all

    take = take_rows if n_replicas == 1 else take_shares

    def run(
        x: Tensor, y: Tensor, batches: Tensor, start: Tensor, stop: Tensor, totals: Tensor
    ) -> Tensor:
        def goes_on(i: Tensor, totals: Tensor) -> Tensor:
            return tf.logical_and(i < stop, tf.math.is_finite(totals[0]))

        def one(i: Tensor, totals: Tensor) -> tuple[Tensor, Tensor]:
            return i + 1, totals + tf.cast(take(x, y, batches[i]), "float64")

        return tf.while_loop(goes_on, one, (start, totals))[1]

    return compile_function(run, jit_compile and n_replicas == 1, run_eagerly)
