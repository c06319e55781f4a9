"""Who sees to it that a training can go on after a kill."""

import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import keras
import numpy as np

from dnn_tf.training.callback_state import lost, remembered, remind, settle
from dnn_tf.training.checkpoints import Best, Checkpoints
from dnn_tf.training.interruption import postponed_interrupt
from dnn_tf.training.randomness import randomness, set_randomness
from dnn_tf.training.signature import Signature, sign_callbacks
from dnn_tf.training.snapshot import Position, Snapshot, copies
from dnn_tf.types import InputError
from dnn_tf.workers import ALONE, Team, jointly


class Keeper:
    """Is told of every moment at which a training could be kept; this one keeps nothing."""

    @contextmanager
    def at_work(self, callbacks: Sequence[keras.callbacks.Callback]) -> Iterator["Keeper"]:  # noqa: ARG002
        """For the time of a training with these callbacks."""
        yield self

    def resume(self) -> Position | None:
        """Puts everything back as it was kept, and says where that was."""
        return None

    def between_steps(self, position: Position) -> None:
        """The training stands between two steps of an epoch."""

    def measured(self, epoch: int, logs: dict[str, float]) -> None:
        """The network was measured; no callback has touched it since."""

    def epoch_ends(self, position: Position) -> None:
        """The training stands between two epochs."""

    def training_ends(self, position: Position) -> None:
        """There will be no more steps; the callbacks have not been told yet."""

    def where(self) -> str:
        """What there is to go on with, in a few words."""
        return "nothing is kept, for fit was given no checkpoint"


class Follower(Keeper):
    """Of a worker whose chief keeps the training: stops with it, and hears what it has kept."""

    def __init__(self, team: Team):
        self._team = team
        self._interrupted: Callable[[], bool] = lambda: False
        self._where = "the chief keeps nothing yet"

    @contextmanager
    def at_work(self, callbacks: Sequence[keras.callbacks.Callback]) -> Iterator[Keeper]:  # noqa: ARG002
        """Ctrl-C waits for the next moment between two steps."""
        with postponed_interrupt() as self._interrupted:
            yield self

    def between_steps(self, position: Position) -> None:  # noqa: ARG002
        """Ends with all workers, if one was interrupted."""
        stop, self._where = agree_to_stop(self._team, self._interrupted(), "")
        if stop:
            raise jointly(KeyboardInterrupt(self._team.chiefs("", _LAST)))

    def epoch_ends(self, position: Position) -> None:
        """Ends with all workers, if one was interrupted."""
        self.between_steps(position)

    def where(self) -> str:
        """As the chief has told it."""
        return self._where


_LAST = "the last checkpoint"


def agree_to_stop(team: Team, interrupted: bool, where: str) -> tuple[bool, str]:
    """Whether one of the workers was interrupted, and what the chief has kept."""
    told = team.gathered([interrupted, where], "an interrupt")
    return any(stop for stop, _ in told), told[0][1]


class CheckpointKeeper(Keeper):
    """Writes checkpoints: now and then, at Ctrl-C, and in the end.

    Args:
        model: compiled, and its optimiser built.
        checkpoints: where to.
        signature: of the training, but for its callbacks.
        epochs: that were asked for.
        team: of workers that are told of it; an interrupt of one ends all.
    """

    def __init__(
        self,
        model: keras.Model,
        checkpoints: Checkpoints,
        signature: Signature,
        epochs: int,
        team: Team = ALONE,
    ):
        self._team = team
        self._kept: Position | None = None
        self._model = model
        self._epochs = epochs
        self._checkpoints = checkpoints
        self._signature = signature
        self._variables = [*model.variables, *model.optimizer.variables]
        self._callbacks: Sequence[keras.callbacks.Callback] = ()
        self._interrupted: Callable[[], bool] = lambda: False
        self._told_lost: set[str] = set()
        self._best: Best | None = None
        self._best_weights: list[np.ndarray] | None = None  # until they are written
        self._written = time.monotonic()

    @contextmanager
    def at_work(self, callbacks: Sequence[keras.callbacks.Callback]) -> Iterator[Keeper]:
        """Ctrl-C waits for the next moment between two steps."""
        self._callbacks = callbacks
        with postponed_interrupt() as self._interrupted:
            yield self

    def resume(self) -> Position | None:
        """From the newest checkpoint that is whole, if there is any.

        Raises:
            InputError: it is of another training, or of one with more epochs.
        """
        self._warn_of_losses()
        settle(self._callbacks)
        self._signature = self._signature | sign_callbacks(remembered(self._callbacks))
        randomness()  # what makes itself at its first use does so now, and not at a time of chance
        found = self._checkpoints.read(self._signature)
        if found is None:
            return None
        snapshot, self._best = found
        if snapshot.position.epochs > self._epochs:
            raise InputError(
                f"{self._checkpoints.path} holds a training that has come to "
                f"{snapshot.position}, and epochs={self._epochs} was asked: ask for more, or name "
                "another folder"
            )
        snapshot.put_back(self._variables)
        remind(self._callbacks, snapshot.callbacks)
        set_randomness(snapshot.randomness)
        self._model.stop_training = snapshot.stop_training
        self._kept = snapshot.position
        return snapshot.position

    def between_steps(self, position: Position) -> None:
        """Writes when it is time to."""
        stop, _ = agree_to_stop(self._team, self._interrupted(), self.where())
        if stop:
            done = "kept" if self._write(position) else "not kept"
            told = f"{position} is {done} in {self._checkpoints.path}"
            raise jointly(KeyboardInterrupt(self._team.chiefs(told, _LAST)))
        if time.monotonic() - self._written >= self._checkpoints.seconds:
            self._write(position)

    def epoch_ends(self, position: Position) -> None:
        """Writes when it is time to."""
        self.between_steps(position)

    def measured(self, epoch: int, logs: dict[str, float]) -> None:
        """Copies the weights if they are the best so far."""
        monitor = "val_loss" if "val_loss" in logs else "loss"
        value = logs[monitor]
        if value < (np.inf if self._best is None else self._best.value):  # and no NaN
            self._best = Best(epoch, monitor, value)
            self._best_weights = copies(self._model.variables)

    def training_ends(self, position: Position) -> None:
        """Writes, so that the ended training is known as such."""
        self._write(position)

    def _write(self, position: Position) -> bool:
        """Whether it could be done. A full disk does not end the training."""
        self._warn_of_losses()
        snapshot = Snapshot(
            position,
            copies(self._variables),
            remembered(self._callbacks),
            randomness(),
            self._model.stop_training,
        )
        self._written = time.monotonic()
        try:
            self._checkpoints.write(snapshot, self._signature, self._best, self._best_weights)
        except OSError as error:
            warnings.warn(
                f"{position} could not be kept in {self._checkpoints.path} "
                f"({error.strerror or error}): training goes on; the checkpoints before are whole",
                stacklevel=2,
            )
            return False
        self._best_weights = None
        self._kept = position
        self._written = time.monotonic()
        return True

    def where(self) -> str:
        """The newest checkpoint."""
        if self._kept is None:
            return f"no checkpoint was written yet to {self._checkpoints.path}"
        return f"{self._kept} is kept in {self._checkpoints.path}"

    def _warn_of_losses(self) -> None:
        """Once of each thing."""
        if new := lost(self._callbacks) - self._told_lost:
            warnings.warn(
                f"a checkpoint cannot keep {', '.join(sorted(new))}: after a kill it starts anew; "
                "keep numbers, text, arrays, and lists or dicts of these",
                stacklevel=2,
            )
        self._told_lost |= new
