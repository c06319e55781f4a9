"""What every replica of a `tf.distribute` strategy does together with the others."""

from collections.abc import Sequence
from typing import Any

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
