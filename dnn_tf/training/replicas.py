"""What every replica of a `tf.distribute` strategy does together with the others."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras
import tensorflow as tf

from dnn_tf.types import Tensor


def n_replicas() -> int:
    """How many take the same step at once; 1 without a strategy."""
    context = tf.distribute.get_replica_context()
    return 1 if context is None else context.num_replicas_in_sync


def sum_over_replicas(values: Sequence[Tensor]) -> list[Tensor]:
    """Each value summed over the replicas, which each get the sums."""
    if n_replicas() == 1 or not values:
        return list(values)
    context = tf.distribute.get_replica_context()
    return context.all_reduce(tf.distribute.ReduceOp.SUM, list(values))


def as_float(number: Any) -> float:
    """A number, or a variable that each replica has, as Python's."""
    return float(tf.convert_to_tensor(number))


def assign_all(variables: Sequence[Any], values: Sequence[Tensor]) -> None:
    """Puts the values into the variables, on each replica its own."""
    if n_replicas() == 1:
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
        return

    def assign(strategy: tf.distribute.Strategy, values: Sequence[Tensor]) -> None:
        for variable, value in zip(variables, values, strict=True):
            strategy.extended.update(variable.value, lambda v, x: v.assign(x), args=(value,))

    tf.distribute.get_replica_context().merge_call(assign, args=(values,))


_APART = 0x5DEECE66D
"""An odd number, so that its multiples have little in common."""


class OwnState:
    """What a pass forward changes in a model, where several replicas do it, each with its rows.

    Averages, as batch normalisation keeps them, are moved by the mean of what the replicas would
    move them by, each counting by its rows: so they are the same on all after every step, and the
    mean that they follow is that of the whole batch. (Its variance is not: each replica normalises
    with that of its rows, and the average of these is a little smaller.)

    Random numbers are drawn by each replica from a seed of its own, or dropout would take the same
    neurons from all; afterwards the state of the generators is the same on all again.

    Args:
        model: built.
    """

    def __init__(self, model: keras.Model):
        frozen = {id(v) for layer in model._flatten_layers() if not layer.trainable
                  for v in layer.variables}  # fmt: skip
        moving = [v for v in model.non_trainable_variables if id(v) not in frozen]
        self._averages = [v for v in moving if tf.as_dtype(v.dtype).is_floating]
        self._seeds = [v for v in moving if v.path.endswith("seed_generator_state")]

    @contextmanager
    def shared(self, rows: Tensor) -> Iterator[None]:
        """For one pass forward over so many rows."""
        if n_replicas() == 1:
            yield
            return
        before = [tf.identity(average) for average in self._averages]
        self._set_apart()
        yield
        self._set_apart()  # twice is not at all
        if not before:
            return
        share = rows / sum_over_replicas([rows])[0]
        moves = [
            (tf.convert_to_tensor(average) - value) * tf.cast(share, value.dtype)
            for average, value in zip(self._averages, before, strict=True)
        ]
        for average, value, move in zip(
            self._averages, before, sum_over_replicas(moves), strict=True
        ):
            average.assign(value + move)

    def _set_apart(self) -> None:
        replica = tf.distribute.get_replica_context().replica_id_in_sync_group
        for seed in self._seeds:
            state = tf.convert_to_tensor(seed)  # the seed, and how often it was drawn from
            mark = tf.cast(replica, "int64") * _APART % 2**31
            seed.assign(tf.bitwise.bitwise_xor(state, tf.cast([mark, 0], state.dtype)))
