"""Whether training moved the weights that it was to move, and no others."""

import hashlib
import warnings
from typing import Any, NamedTuple

import keras
import numpy as np

from dnn_tf.transfer.blocks import leaves, own_weights
from dnn_tf.types import InputError


class Movement(NamedTuple):
    """How far a weight was moved.

    Args:
        weight: its path, such as `hidden1/kernel`.
        frozen: whether its layer was frozen when training began.
        moved: the length of the way over the length of the weight at the start; infinite from zero.
    """

    weight: str
    frozen: bool
    moved: float


class FreezeCheck(keras.callbacks.Callback):
    """Compares every weight before and after training, in `dnn_tf.fit` and in `model.fit`.

    Afterwards `movements` says how far each was moved. A frozen weight, or an average of a frozen
    batch norm, that is not bit for bit what it was ends training with an error: the compiled step
    was made before the layer was frozen, or a layer changes its weights by itself. A weight that
    was to be trained and stood still is told in a warning.

    Raises:
        InputError: a frozen weight moved.

    >>> from dnn_tf import models, optimizers, losses, fit
    >>> x, y = np.eye(4, dtype="float32"), np.array([0, 1, 0, 1])
    >>> model, check = models.dnn(4, (3,), 2, activation="elu"), FreezeCheck()
    >>> model.layers[1].trainable = False
    >>> _ = fit(model, (x, y), loss=losses.sparse_softmax_cross_entropy, epochs=1, batch_size=2,
    ...         optimizer=optimizers.Adam(0.1), callbacks=[check])
    >>> [(weight, moved > 0) for weight, frozen, moved in check.movements if "kernel" in weight]
    [('hidden1/kernel', False), ('outputs/kernel', True)]
    """

    def __init__(self) -> None:
        super().__init__()
        self._movements: list[tuple[str, bool, float]] = []  # plain, for a checkpoint
        self._before: list[tuple[bool, np.ndarray]] = []

    @property
    def movements(self) -> list[Movement]:
        """Of every weight, once training has ended."""
        return [Movement(*one) for one in self._movements]

    def on_train_begin(self, logs: Any = None) -> None:  # noqa: ARG002
        """Remembers the weights: of a frozen one its SHA-256, of the others a copy."""
        self._before = [
            (frozen, _digest(weight) if frozen else weight.numpy())
            for weight, frozen in _weights(self.model)
        ]

    def on_train_end(self, logs: Any = None) -> None:  # noqa: ARG002
        """Compares."""
        self._movements = [
            (weight.path, frozen, _moved(frozen, before, weight))
            for (weight, _), (frozen, before) in zip(
                _weights(self.model), self._before, strict=True
            )
        ]
        self._before = []
        if wrong := [one.weight for one in self.movements if one.frozen and one.moved]:
            raise InputError(
                f"{', '.join(wrong)} were frozen and moved in training: the model was compiled "
                "before they were frozen (transfer.freeze does both), or the layer changes them "
                "by itself"
            )
        trained = {id(weight) for weight in self.model.trainable_variables}
        still = [
            one.weight
            for (weight, _), one in zip(_weights(self.model), self.movements, strict=True)
            if id(weight) in trained and one.moved == 0
        ]
        if still:
            warnings.warn(f"{', '.join(still)} were to be trained and did not move", stacklevel=2)


def _weights(model: keras.Model) -> list[tuple[keras.Variable, bool]]:
    """Every weight once, and whether its layer is frozen."""
    found = {
        id(weight): (weight, not layer.trainable)
        for layer in leaves(model)
        for weight in own_weights(layer)
    }
    return list(found.values())


def _digest(weight: keras.Variable) -> np.ndarray:
    """Its SHA-256, `(32,)` uint8."""
    content = np.ascontiguousarray(weight.numpy()).tobytes()
    return np.frombuffer(hashlib.sha256(content).digest(), "uint8")


def _moved(frozen: bool, before: np.ndarray, weight: keras.Variable) -> float:
    if frozen:
        return 0.0 if np.array_equal(before, _digest(weight)) else float("inf")
    way = np.linalg.norm((weight.numpy() - before).astype("float64"))
    length = np.linalg.norm(before.astype("float64"))
    return float(way / length) if length else float("inf") if way else 0.0
