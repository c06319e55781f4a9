"""SIGKILL at any moment of saving over a network: the old one or the new one loads, always.

    PYTHONPATH=tests python tests/soak/killed_saves.py [--kills 40] [--seed 0]

A process saves one network after another to the same place, as fast as it can, and says which it
has begun and which it has done. It is killed at a random moment; then the place must hold the last
that was done or the one that was begun, whole; then another process goes on.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

import dnn_tf

SAVER = """
import itertools, sys
import dnn_tf

place, first = sys.argv[1], int(sys.argv[2])
model = dnn_tf.models.dnn(6, (8, 5), 3)
for number in itertools.count(first):
    for weight in model.weights:
        weight.assign(0 * weight + number)
    print(f"{number} begun", flush=True)
    dnn_tf.save(model, place, measured={"number": number})
    print(f"{number} done", flush=True)
"""


class Kill(NamedTuple):
    """How a kill went."""

    done: int
    begun: int
    found: int
    left: int
    """Half-made folders beside, for the next `save` to sweep away."""


def number_in(place: Path) -> int:
    """Which network the place holds, by every weight and by the card.

    Raises:
        AssertionError: the card is of another one.
    """
    model = dnn_tf.load(place)
    values = {float(value) for weight in model.weights for value in np.ravel(weight.numpy())}
    number = dnn_tf.saving.read_card(place).metrics["number"]
    assert values == {number}, (values, number)
    return int(number)


def kill(place: Path, first: int, seconds: float) -> Kill:
    """Saves from `first` on, and kills that so long after the first save.

    Raises:
        AssertionError: the place holds neither the one that was done nor the one that was begun.
    """
    command = [sys.executable, "-c", SAVER, str(place), str(first)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as saver:
        while saver.stdout.readline() not in (f"{first} done\n", ""):
            pass
        time.sleep(seconds)
        saver.kill()
        lines = saver.stdout.read().split()
    said = [(int(number), word) for number, word in zip(lines[::2], lines[1::2], strict=False)]
    done = max([first, *(number for number, word in said if word == "done")])
    begun = max([done, *(number for number, word in said if word == "begun")])
    found = number_in(place)
    assert found in (done, begun), (done, begun, found)
    return Kill(done, begun, found, len(list(place.parent.iterdir())) - 1)


def run(place: Path, kills: int, seed: int, say: Callable[[str], None] = lambda line: None) -> int:
    """How many kills were survived, which is all of them."""
    rng = np.random.default_rng(seed)
    first = 1
    for number in range(kills):
        outcome = kill(place, first, float(rng.uniform(0, 0.4)))
        say(f"kill {number + 1}: {outcome}")
        first = outcome.begun + 1
    return kills


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        survived = run(Path(folder, "saved"), given.kills, given.seed, print)
    print(f"{survived} kills: the old or the new network loaded after every one")


if __name__ == "__main__":
    main()
