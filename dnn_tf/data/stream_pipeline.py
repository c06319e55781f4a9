"""From the blocks of a source to the batches of an epoch: mixed, cut anew, and as features.

Whole blocks go through every stage, and TensorFlow's own threads take them through while training
computes. A stage holds a few of them, so that the memory it takes does not grow.
"""

import math
from collections.abc import Callable
from typing import Any

from dnn_tf.types import Tensor

PHILOX = "philox"
"""The generator of random numbers, named so that the order is the same on every device."""


def in_graph(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as it is: `tf.data` would have AutoGraph rewrite it."""
    import tensorflow as tf

    return tf.autograph.experimental.do_not_convert(function)


def without_first(blocks: Tensor, rows: int) -> Tensor:
    """The blocks from that row on."""
    import tensorflow as tf

    if rows == 0:
        return blocks

    @in_graph
    def cut(left: Tensor, block: tuple[Tensor, Tensor]) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        x, y = block
        here = tf.minimum(left, tf.shape(y, out_type=tf.int64)[0])
        return left - here, (x[here:], y[here:])

    @in_graph
    def has_rows(x: Tensor, y: Tensor) -> Tensor:  # noqa: ARG001
        return tf.shape(y)[0] > 0

    return blocks.scan(tf.constant(rows, tf.int64), cut).filter(has_rows)


def mixed(blocks: Tensor, pool_rows: int, seed: int, first_pool: int) -> Tensor:
    """Pools of so many rows, those of each in an order drawn for it.

    Args:
        blocks: that begin with the first row of a pool.
        pool_rows: of a pool; the last one has what is left.
        seed: of all orders.
        first_pool: the number of that pool, so that an epoch can be taken up in its middle.
    """
    import tensorflow as tf

    @in_graph
    def mix(number: Tensor, block: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        x, y = block
        order = tf.random.experimental.stateless_shuffle(
            tf.range(tf.shape(y)[0]), seed=tf.stack([tf.constant(seed, tf.int64), number]),
            alg=PHILOX,
        )  # fmt: skip
        return tf.gather(x, order), tf.gather(y, order)

    pools = blocks.rebatch(pool_rows).enumerate(first_pool).map(mix)
    return pools.prefetch(1)  # or the steps would wait for a whole pool where one begins


def as_features(blocks: Tensor, scale: float | None, shape: tuple[int, ...]) -> Tensor:
    """`x / scale` as float32, or `x` as it is, in rows of that shape."""
    import tensorflow as tf

    @in_graph
    def features(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        if scale is not None:
            x = tf.cast(x, "float32") / scale
        return tf.reshape(x, (-1, *shape)), y

    size = math.prod(shape)
    same = scale is None and tuple(blocks.element_spec[0].shape[1:]) == tuple(shape)
    return blocks if same or not size else blocks.map(features)


def steady(batches: Tensor, ahead: int) -> Tensor:
    """Always in the same order, and so many read ahead."""
    import tensorflow as tf

    options = tf.data.Options()
    options.deterministic = True
    options.experimental_optimization.inject_prefetch = False  # it would hold more of them
    return batches.prefetch(ahead).with_options(options)
