"""Which search a folder holds, so that no other one goes on with it."""

import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras_tuner

from dnn_tf.storage import replacing_file
from dnn_tf.tuning.oracles import Durable, make_oracle
from dnn_tf.types import InputError

FILE, _LOCK = "search.json", ".lock"
_PATIENCE = 10.0
"""Seconds to wait for the processes of a search that was killed a moment ago."""


@dataclass(frozen=True)
class Identity:
    """All that decides which trials are run, and what they come to.

    Args:
        algorithm, trials, objective, epochs, patience, folds, seed: see `search`.
        space: the hyperparameters, as KerasTuner writes them.
        networks: the SHA-256 of what `explore` built of it.
        data: the SHA-256 of the arrays.
        source: where they came from.
    """

    algorithm: str
    trials: int
    objective: str
    epochs: int
    patience: int
    folds: int | None
    seed: int
    space: dict[str, Any]
    networks: str
    data: str
    source: str

    def make_oracle(self) -> Durable:
        """The oracle that chooses its trials."""
        return make_oracle(
            self.algorithm,
            objective=self.objective,
            trials=self.trials,
            epochs=self.epochs,
            seed=self.seed,
            hyperparameters=keras_tuner.HyperParameters.from_config(self.space),
        )

    def names(self) -> list[str]:
        """Of the hyperparameters, as the space asks for them."""
        return [one["config"]["name"] for one in self.space["space"]]

    def check(self, directory: Path) -> None:
        """Whether the folder is new, or holds this search; with fewer trials, perhaps.

        Raises:
            InputError: it holds another search, or something else.
        """
        if not directory.exists():
            return
        if not directory.is_dir():
            raise InputError(f"{directory} is a file: name a folder for the search")
        if not (directory / FILE).is_file():
            if any(path.name != _LOCK for path in directory.iterdir()):
                raise InputError(
                    f"{directory} is there already, and holds no search: name a new folder"
                )
            return
        kept = read_identity(directory)
        ours, theirs = asdict(self), asdict(kept)
        differing = [name for name in ours if ours[name] != theirs[name] and name not in _TOLD]
        if "trials" in differing and self.trials > kept.trials and self.algorithm != "hyperband":
            differing.remove("trials")
        if differing:
            told = "; ".join(
                name
                if name in ("space", "networks", "data")
                else f"{name} was {theirs[name]}, and is {ours[name]}"
                for name in differing
            )
            raise InputError(
                f"{directory} holds another search ({told}): name another folder, or give the same "
                "words to go on with that one (more trials are welcome, but not to hyperband)"
            )

    def write(self, directory: Path) -> None:
        """Into the folder of the search."""
        directory.mkdir(parents=True, exist_ok=True)
        with replacing_file(directory / FILE) as beside:
            beside.write_text(
                json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", "utf-8"
            )


_TOLD = ("source",)


def read_identity(directory: Path) -> Identity:
    """Of the search in that folder.

    Raises:
        InputError: the file is damaged, or of another version.
    """
    try:
        return Identity(**json.loads((directory / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            f"{directory / FILE} is missing or damaged ({error}): name another folder"
        ) from error


@contextlib.contextmanager
def locked(directory: Path) -> Iterator[int | None]:
    """Keeps every other search out of the folder, as long as this process, or its child, lives.

    Yields:
        The handle that holds the lock, for children to inherit; `None` where the system has none.

    Raises:
        InputError: another search is at work in it.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        yield None
        return
    with (directory / _LOCK).open("a") as file:
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise InputError(
                        f"another search is at work in {directory}: wait for it, or name another "
                        "folder"
                    ) from None
                time.sleep(0.1)
        yield file.fileno()
