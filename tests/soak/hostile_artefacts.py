"""A folder of hostile artefacts, each refused by `dnn_tf.load`, while a canary stays untouched.

    PYTHONPATH=tests python tests/soak/hostile_artefacts.py [--into FOLDER]

Every artefact has right checksums, where damage is not its point: only the vetting can stop it. The
benign ones beside them are the control: the refusals are not blanket.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dnn_tf
from dnn_tf.saving.contents import MODEL
from dnn_tf.types import InputError
from soak import hostile_folders, hostile_graphs, hostile_networks, hostile_weights
from soak.artefact_kit import make_artefact
from soak.benign_artefacts import BENIGN

Maker = Callable[[Path, Path], None]

HOSTILE: dict[str, Maker] = {
    f"{room.__name__.removeprefix('soak.hostile_')}: {make.__name__.replace('_', ' ')}": make
    for room in (hostile_folders, hostile_networks, hostile_weights, hostile_graphs)
    for make in room.KINDS
}
CANARY = "alive and well\n"


def make_hostile(folder: Path, canary: Path) -> Iterator[tuple[str, Path]]:
    """Every hostile artefact, in a folder of its own: `(name, path)`."""
    sound = make_artefact(folder / "sound")
    for number, (name, make) in enumerate(HOSTILE.items()):
        path = folder / f"{number:03}" / make.__name__
        path.parent.mkdir()
        shutil.copytree(sound, path)
        make(path, canary)
        yield name, path


def refusal(path: Path) -> str:
    """What `load` says, which must be an `InputError` in one line.

    Raises:
        AssertionError: it loaded, or said something else.
    """
    try:
        dnn_tf.load(path)
    except InputError as error:
        message = str(error)
        assert message.isprintable(), repr(message)
        assert 0 < len(message) < 800, repr(message)
        return message
    except BaseException as error:
        raise AssertionError(f"{path}: {type(error).__name__}: {error}") from error
    raise AssertionError(f"{path} was loaded")


@contextmanager
def watched(canary: Path) -> Iterator[None]:
    """The canary's content, times and neighbours are the same afterwards."""

    def state() -> tuple:
        stat = canary.stat()
        return canary.read_text(), stat.st_mtime_ns, stat.st_ino, sorted(canary.parent.iterdir())

    before = state()
    yield
    assert state() == before, f"the canary {canary} was touched"


def run(folder: Path, say: Callable[[str], None] = lambda line: None) -> tuple[int, int]:
    """Makes and loads them all; how many were refused and how many benign ones loaded."""
    canary = folder / "canary" / "canary.txt"
    canary.parent.mkdir(parents=True)
    canary.write_text(CANARY)
    refused = 0
    for name, path in make_hostile(folder, canary):
        sys.path.insert(0, str(path.parent))  # what could be imported from there, would be
        try:
            with watched(canary):
                said = [refusal(path)]
                if "networks" in name or "weights" in name:  # the file by itself, too
                    said.append(refusal(path / MODEL))
        finally:
            sys.path.remove(str(path.parent))
        refused += 1
        say(f"refused  {name}: {said[-1].replace(str(path), path.name)}")
    loaded = 0
    for name, path in BENIGN(folder / "benign"):
        dnn_tf.load(path)
        loaded += 1
        say(f"loaded   {name}")
    return refused, loaded


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--into", type=Path, help="a new folder, kept; else a temporary one")
    into = parser.parse_args().into
    with tempfile.TemporaryDirectory() as temporary:
        refused, loaded = run(into or Path(temporary, "artefacts"), print)
    print(f"{refused} hostile artefacts refused, canary untouched; {loaded} benign ones loaded")


if __name__ == "__main__":
    main()
