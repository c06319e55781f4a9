"""The process of one peer: `python -m benchmarks.child PEER FOLDER`, started by the driver."""

import importlib
import os
import sys
from pathlib import Path

from benchmarks.data import read_work
from benchmarks.peers import MODULES
from benchmarks.turn import Turn


def main() -> None:
    """Imports the peer, waits, reads the work, and does it epoch by epoch."""
    name, place = sys.argv[1:]
    # What a framework prints goes to the log: the line to the driver is not its to write on.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    turn = Turn(sys.stdin, answers)
    module, _, form = MODULES[name].partition(":")
    peer = importlib.import_module(f"benchmarks.peers.{module}")
    turn.say(versions=peer.versions(), device=peer.device())
    turn.listen()
    work, data = read_work(Path(place))
    if form:
        peer.run(work, data, turn, form)
    else:
        peer.run(work, data, turn)


if __name__ == "__main__":
    main()
