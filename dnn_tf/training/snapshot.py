"""All that the next step of a training depends on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from dnn_tf.training.callback_state import State
from dnn_tf.training.packing import Arrays, pack, unpack
from dnn_tf.training.phase import Taken
from dnn_tf.types import InputError


@dataclass(frozen=True)
class Position:
    """How far a training has come.

    Args:
        epoch: that is under way, from 0.
        order: the state of the generator of row orders as it was before that epoch.
        taken: of that epoch; nothing where it has not begun.
        seconds: that were spent on it.
    """

    epoch: int
    order: dict[str, Any]
    taken: Taken = field(default_factory=Taken)
    seconds: float = 0.0

    @property
    def epochs(self) -> int:
        """That were taken, whole or in part."""
        return self.epoch + bool(self.taken.steps)

    def __str__(self) -> str:
        return f"epoch {self.epoch}, step {self.taken.steps}"


@dataclass(frozen=True)
class Snapshot:
    """A training at a moment between two steps.

    Args:
        position: where it is.
        variables: the values of all of them: weights, averages, random states, the optimiser's.
        callbacks: what each remembers.
        randomness: the states of the generators that belong to nobody.
        stop_training: whether a callback has ended it.
    """

    position: Position
    variables: list[np.ndarray]
    callbacks: State
    randomness: dict[str, Any]
    stop_training: bool

    def put_back(self, variables: Sequence[Any]) -> None:
        """Gives the variables their values, all of them or none.

        Raises:
            InputError: they are not those that were kept.
        """
        shapes = [list(variable.shape) for variable in variables]
        if shapes != [list(value.shape) for value in self.variables]:
            raise InputError(
                f"the checkpoint keeps {len(self.variables)} variables, of the model and of its "
                f"optimiser, and here are {len(shapes)}, or of other shapes: build both as they "
                "were, with the same layers frozen"
            )
        for variable, value in zip(variables, self.variables, strict=True):
            own = keras.ops.convert_to_numpy(variable).dtype
            # bfloat16 comes out of a file as two bytes without a meaning.
            variable.assign(value.view(own) if value.dtype.kind == "V" else value)

    def pack(self) -> tuple[dict[str, Any], Arrays]:
        """As JSON and arrays."""
        arrays: Arrays = {}
        taken = vars(self.position.taken)
        fields = {**vars(self), "position": {**vars(self.position), "taken": taken}}
        return pack(fields, arrays), arrays

    @classmethod
    def unpack(cls, packed: dict[str, Any], arrays: Arrays) -> "Snapshot":
        """What was packed."""
        fields = unpack(packed, arrays)
        position = fields.pop("position")
        taken = Taken(**position.pop("taken"))
        return cls(Position(**position, taken=taken), **fields)


def copies(variables: Sequence[Any]) -> list[np.ndarray]:
    """The values of variables, untouched by what becomes of them."""
    return [np.array(keras.ops.convert_to_numpy(variable)) for variable in variables]
