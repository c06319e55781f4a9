"""Gradients of a batch that is too large to go through the network at once."""

from collections.abc import Callable, Sequence

import tensorflow as tf

from dnn_tf.types import Tensor

Backward = Callable[[Tensor, Tensor], tuple[list[Tensor], Tensor]]
"""`(x, y) -> (gradients of the mean loss, sums over the rows)`."""


def in_slices(backward: Backward, rows_at_once: int) -> Backward:
    """The same for any number of rows, `rows_at_once` at a time.

    The gradients of the slices are added up, each times its share of the rows: their sum is the
    gradient of the mean over all. Only what depends on the rows beside a row (batch normalisation)
    or on chance (dropout) differs from taking all of them at once. The last slice holds what is
    left.
    """

    def sliced(x: Tensor, y: Tensor) -> tuple[list[Tensor], Tensor]:
        rows = x.shape[0]
        n_full, left = divmod(rows, rows_at_once)
        if n_full + bool(left) == 1:
            return backward(x, y)
        done = n_full * rows_at_once

        def part(start: Tensor, size: int) -> list[Tensor]:
            gradients, sums = backward(x[start : start + size], y[start : start + size])
            return [*(g * tf.constant(size / rows, g.dtype) for g in gradients), sums]

        def add(start: Tensor, totals: Sequence[Tensor]) -> tuple[Tensor, list[Tensor]]:
            parts = part(start, rows_at_once)
            return start + rows_at_once, [a + b for a, b in zip(totals, parts, strict=True)]

        first = part(tf.constant(0), rows_at_once)
        _, totals = tf.while_loop(
            lambda start, _: start < done, add, (tf.constant(rows_at_once), first)
        )
        if left:
            totals = [a + b for a, b in zip(totals, part(tf.constant(done), left), strict=True)]
        return totals[:-1], totals[-1]

    return sliced
