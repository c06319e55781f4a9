"""Flipped bits and cut files: a damaged artefact never loads.

    PYTHONPATH=tests python tests/soak/bit_flips.py [--flips 1000] [--cuts 200] [--seed 0]

One bit, or the end of one file, is taken from a folder that loads; then it must be refused by an
`InputError` in one line; then the file is put back. The files take turns, and the places are drawn.
"""

import argparse
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

import dnn_tf
from dnn_tf.storage import unseal
from dnn_tf.training import Checkpoints, restore_best
from dnn_tf.types import InputError
from soak.artefact_kit import make_artefact


class Target(NamedTuple):
    """A folder to be damaged, and what loads it."""

    name: str
    folder: Path
    load: Callable[[Path], object]


def artefact(folder: Path) -> Target:
    """A saved network."""
    return Target("artefact", make_artefact(folder / "artefact"), dnn_tf.load)


def checkpoint(folder: Path) -> Target:
    """A state of a training, and its best network."""
    path, rows = folder / "checkpoint", np.eye(6, dtype="float32")
    model = dnn_tf.models.dnn(6, (8, 5), 3, dropout=0.2)
    dnn_tf.fit(
        model,
        (rows, np.arange(6) % 3),
        loss=dnn_tf.losses.sparse_softmax_cross_entropy,
        optimizer=dnn_tf.optimizers.Adam(),
        epochs=1,
        batch_size=3,
        checkpoint=path,
        run_eagerly=True,
    )
    (state,) = path.glob("epoch-*")
    signature = unseal(state, "state.json")["signature"]

    def load(path: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a best network that is lost: the next line refuses it
            Checkpoints(path).read(signature)
        restore_best(model, path)

    return Target("checkpoint", path, load)


TARGETS: list[Callable[[Path], Target]] = [artefact, checkpoint]
"""Makers of targets, in an empty folder; whatever seals its files may be added."""


def flipped(content: bytes, rng: np.random.Generator) -> bytes:
    """One bit of it changed."""
    place = int(rng.integers(len(content) * 8))
    damaged = bytearray(content)
    damaged[place // 8] ^= 1 << (place % 8)
    return bytes(damaged)


def cut(content: bytes, rng: np.random.Generator) -> bytes:
    """Its end is missing: all of it, one byte, or any number between."""
    return content[: int(rng.choice([0, rng.integers(len(content)), len(content) - 1]))]


def damages(folder: Path, flips: int, cuts: int, seed: int) -> Iterator[tuple[Path, bytes]]:
    """`(file, damaged content)`; the files take turns."""
    rng = np.random.default_rng(seed)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for number in range(flips + cuts):
        file = files[number % len(files)]
        yield file, (flipped if number < flips else cut)(file.read_bytes(), rng)


def refusal(target: Target) -> str | None:
    """What is said instead of loading it; `None` if it loads."""
    try:
        target.load(target.folder)
    except InputError as error:
        return str(error)
    return None


def run(target: Target, flips: int, cuts: int, seed: int = 0) -> int:
    """How many damages were refused, which is all of them.

    Raises:
        AssertionError: one was not, or not by an `InputError` in one line.
    """
    target.load(target.folder)
    refused = 0
    for file, damaged in damages(target.folder, flips, cuts, seed):
        sound = file.read_bytes()
        file.write_bytes(damaged)
        try:
            said = refusal(target)
        finally:
            file.write_bytes(sound)
        assert said is not None, f"{file} was damaged, and loaded"
        assert said.isprintable(), repr(said)
        refused += 1
    target.load(target.folder)
    return refused


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flips", type=int, default=1000)
    parser.add_argument("--cuts", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    for make in TARGETS:
        with tempfile.TemporaryDirectory() as folder:
            target = make(Path(folder))
            refused = run(target, given.flips, given.cuts, given.seed)
            print(f"{target.name}: {refused} of {given.flips + given.cuts} damages refused")


if __name__ == "__main__":
    main()
