"""A disk that fills at any 4 KiB while something is written: what was there before still loads.

A network is saved over another, and a checkpoint is written after another.

    PYTHONPATH=tests python tests/soak/full_disk.py [--step 4096]

The disk is a tmpfs of its own, as large as what is there and so many bytes more; mounting it needs
root and Linux. A filler takes the room away, so that one mount serves for all sizes.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tensorflow as tf

import dnn_tf
from dnn_tf.training import Best, Checkpoints
from dnn_tf.training.snapshot import Position, Snapshot
from dnn_tf.types import InputError

SIZE = 8 * 2**20


class Outcome(NamedTuple):
    """What became of saving at every room that was tried."""

    failed: int
    succeeded: int
    enough: int
    """Bytes of room at which saving first succeeded."""


@contextmanager
def small_disk(folder: Path, size: int = SIZE) -> Iterator[Path]:
    """A file system of that many bytes.

    Raises:
        PermissionError: it cannot be mounted here.
    """
    disk = folder / "disk"
    disk.mkdir()
    try:
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)],
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise PermissionError("mounting a tmpfs needs root, on Linux") from error
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def leave(disk: Path, room: int) -> None:
    """Fills the disk until so many bytes are left."""
    filler = disk / "filler"
    filler.unlink(missing_ok=True)
    state = os.statvfs(disk)
    with filler.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, state.f_bavail * state.f_frsize - room)


def network(bias: float):
    """A small one, told from others by its bias."""
    model = dnn_tf.models.dnn(6, (8, 5), 3)
    model.compile(
        dnn_tf.optimizers.GradientDescent(0.1), dnn_tf.losses.sparse_softmax_cross_entropy
    )
    model.layers[-1].bias.assign([bias] * 3)
    return model


def check_both_forms(place: Path, expected) -> None:
    """The network of Keras and the one of TensorFlow hold every bit that is expected.

    Raises:
        AssertionError: one does not.
    """
    loaded = dnn_tf.load(place)
    served = tf.train.load_checkpoint(str(place / "variables" / "variables"))
    for number, weight in enumerate(expected.weights):
        name = f"weights/{number}/.ATTRIBUTES/VARIABLE_VALUE"
        np.testing.assert_array_equal(loaded.weights[number].numpy(), weight.numpy())
        np.testing.assert_array_equal(served.get_tensor(name), weight.numpy())


def run(
    disk: Path, rooms: Iterator[int], say: Callable[[str], None] = lambda line: None
) -> Outcome:
    """Saves into each room, over a network that must be there with every bit if that fails.

    Raises:
        AssertionError: it is not, something is left over, or the error is no line of its own.
    """
    old, new = network(1.0), network(2.0)
    place = disk / "saved"
    failed = succeeded = enough = 0
    for room in rooms:
        shutil.rmtree(place, ignore_errors=True)
        (disk / "filler").unlink(missing_ok=True)
        dnn_tf.save(old, place)
        leave(disk, room)
        try:
            dnn_tf.save(new, place)
        except (OSError, InputError) as error:
            expected = old
            failed += 1
            lines = str(error).splitlines()
            assert len(lines) == 1, lines
            say(f"{room:8,} bytes: {type(error).__name__}: {lines[0][:120]}")
        else:
            expected = new
            succeeded += 1
            enough = enough or room
            say(f"{room:8,} bytes: saved")
        check_both_forms(place, expected)
        left = {path.name for path in disk.iterdir()} - {"saved", "filler"}
        assert not left, left
    return Outcome(failed, succeeded, enough)


def run_checkpoints(disk: Path, rooms: Iterator[int]) -> Outcome:
    """Writes a state and a best network into each room, where others are.

    Raises:
        AssertionError: the newest state that was written is not read, or something is left over.
    """
    path, signature = disk / "checkpoints", {"batch_size": 10}
    failed = succeeded = enough = 0
    for room in rooms:
        shutil.rmtree(path, ignore_errors=True)
        (disk / "filler").unlink(missing_ok=True)
        checkpoints = Checkpoints(path)
        _write_epoch(checkpoints, signature, 1)
        leave(disk, room)
        try:
            _write_epoch(checkpoints, signature, 2)
        except OSError:
            expected = 1
            failed += 1
        else:
            expected = 2
            succeeded += 1
            enough = enough or room
        (disk / "filler").unlink()
        state, best = checkpoints.read(signature)
        assert state.position.epoch == expected
        np.testing.assert_array_equal(state.variables[0], np.full(5000, expected, "float32"))
        assert best is not None
        left = {entry.name[:6] for entry in path.iterdir()} - {"best", "epoch-"}
        assert not left, left
    return Outcome(failed, succeeded, enough)


def _write_epoch(checkpoints: Checkpoints, signature: dict, epoch: int) -> None:
    variables = [np.full(5000, epoch, "float32")]
    order = np.random.default_rng(0).bit_generator.state
    snapshot = Snapshot(Position(epoch, order), variables, [], {}, False)
    checkpoints.write(snapshot, signature, Best(epoch - 1, "loss", 1 / epoch), variables)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--step", type=int, default=4096, help="bytes from room to room")
    step = parser.parse_args().step
    with tempfile.TemporaryDirectory() as folder, small_disk(Path(folder)) as disk:
        outcome = run(disk, iter(range(0, 60 * 4096, step)), print)
        kept = run_checkpoints(disk, iter(range(0, 30 * 4096, step)))
    print(
        f"{kept.failed} checkpoints failed and left the one before whole, {kept.succeeded} "
        f"succeeded; {kept.enough:,} bytes were enough"
    )
    print(
        f"{outcome.failed} saves failed and left the old network whole, {outcome.succeeded} "
        f"succeeded; {outcome.enough:,} bytes were enough"
    )


if __name__ == "__main__":
    main()
