"""A new optimiser that remembers what an old one did."""

import warnings
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import keras

from dnn_tf.types import InputError, first_line

Place: TypeAlias = "tuple[str | int, ...]"

_AVERAGES = "_model_variables_moving_average"
_OTHER_LISTS = {"_trainable_variables", "_variables"}


def renewed(
    optimizer: keras.optimizers.Optimizer, weights: list[keras.Variable]
) -> keras.optimizers.Optimizer:
    """One of the same settings for these weights, which goes on where the old one was.

    An optimiser serves the weights that it was built for. The new one counts on from the same step,
    and knows of every weight that the old one trained what that did (momentum, mean squares); of
    the others it begins anew.

    Raises:
        InputError: the old one cannot be described (its learning rate is a function).
    """
    try:
        new = type(optimizer).from_config(optimizer.get_config())
    except (TypeError, ValueError) as error:
        raise InputError(
            f"the optimiser {optimizer.name!r} cannot be made anew ({first_line(error)}): give it "
            "a number or a schedule for its learning rate, or compile the model with a new one"
        ) from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # LayerwiseRates may name what is frozen now
        new.build(weights)
    _remember(new, optimizer)
    return new


def _remember(new: keras.optimizers.Optimizer, old: keras.optimizers.Optimizer) -> None:
    """Hands over every count, and of each weight that both know all slots.

    Not by the paths of the slots: they depend on where an optimiser was built.
    """
    number_of = {id(weight): number for number, weight in enumerate(old._trainable_variables)}
    slots = dict(_slots(old))
    for place, of_new in _slots(new):
        for weight, slot in zip(new._trainable_variables, of_new, strict=True):
            if slot is None:
                continue
            if id(weight) in number_of:
                slot.assign(slots[place][number_of[id(weight)]])
            elif place == (_AVERAGES,):
                slot.assign(weight)  # an average of the weights begins at the weights
    for name, count in vars(old).items():
        if isinstance(count, keras.Variable):
            getattr(new, name).assign(count)
    if hasattr(old, "inner_optimizer"):
        _remember(new.inner_optimizer, old.inner_optimizer)


def _slots(optimizer: keras.optimizers.Optimizer) -> Iterator[tuple[Place, Sequence[Any]]]:
    """Lists with a variable for every weight, and where in the optimiser they are."""
    for name, value in vars(optimizer).items():
        if name not in _OTHER_LISTS:
            yield from _lists(value, (name,), len(optimizer._trainable_variables))


def _lists(value: Any, place: Place, length: int) -> Iterator[tuple[Place, Sequence[Any]]]:
    if not isinstance(value, list | tuple) or not value:
        return
    if all(one is None or isinstance(one, keras.Variable) for one in value):
        if len(value) == length:
            yield place, value
        return
    for number, inner in enumerate(value):
        yield from _lists(inner, (*place, number), length)
