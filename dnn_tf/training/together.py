"""Several workers, each with a `fit` of its own, begin with the same and end with the same."""

import zlib
from collections.abc import Callable, Sequence
from typing import Any

import keras

from dnn_tf.training.callback_state import remembered, remind
from dnn_tf.training.randomness import randomness, set_randomness
from dnn_tf.training.signature import Signature
from dnn_tf.training.snapshot import Position, Snapshot, copies
from dnn_tf.types import InputError, PeerError
from dnn_tf.workers import Team, jointly


def check_alike(team: Team, signature: Callable[[], Signature]) -> None:
    """Whether all workers have been asked for the same training.

    Raises:
        InputError: on all of them; it says in what they differ.
    """
    if team.size == 1:
        return
    randomness()  # Keras makes a variable for it, and variables are made by all at once
    chief, *others = team.gathered(signature(), "what is to be trained")
    for rank, other in enumerate(others, 1):
        if differing := [word for word in {**chief, **other} if chief.get(word) != other.get(word)]:
            error = InputError(
                f"the worker of rank {rank} and the chief differ in {', '.join(differing)}: give "
                "all workers the same program, the same settings and the same data"
            )
            raise jointly(error)


def share_start(
    team: Team,
    model: keras.Model,
    callbacks: Sequence[keras.callbacks.Callback],
    position: Position,
) -> Position:
    """Gives all workers what the chief has: variables, random states, and how far it has come.

    What callbacks remember is the chief's where a training goes on; texts, such as the names of
    files, stay each worker's own.

    Args:
        team: of workers.
        model: compiled, and its optimiser built.
        callbacks: of this worker.
        position: of this worker.

    Returns:
        The chief's position.
    """
    if team.size == 1:
        return position
    variables = [*model.variables, *model.optimizer.variables]
    if team.is_chief:
        snapshot = Snapshot(
            position, copies(variables), remembered(callbacks), randomness(), model.stop_training
        )
        team.chiefs_arrays(*snapshot.pack(), "the start")
        return position
    snapshot = Snapshot.unpack(*team.chiefs_arrays({}, {}, "the start"))
    snapshot.put_back(variables)
    set_randomness(snapshot.randomness)
    model.stop_training = snapshot.stop_training
    if snapshot.position.epochs:
        remind(callbacks, [(name, _without_texts(state)) for name, state in snapshot.callbacks])
    return snapshot.position


def _without_texts(attributes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if not isinstance(value, str)}


def check_equal(team: Team, model: keras.Model, when: str) -> None:
    """Whether the variables have the same bits on all workers.

    Raises:
        PeerError: on all of them.
    """
    if team.size == 1:
        return
    state = 0
    for array in copies([*model.variables, *model.optimizer.variables]):
        state = zlib.crc32(array.tobytes(), state)
    chief, *others = team.gathered(state, "the weights")
    for rank, other in enumerate(others, 1):
        if other != chief:
            error = PeerError(
                f"the worker of rank {rank} has other weights than the chief {when}: something on "
                "one of them changes weights or the learning rate by itself, such as a callback; "
                "let it do so on all alike"
            )
            raise jointly(error)
