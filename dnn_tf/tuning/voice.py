"""How the processes of a search hear of each other: over their pipes, and by signs of life."""

import json
import os
import threading
import time
from collections.abc import Callable
from typing import Any

BEAT = 2.0
"""Seconds from one sign of life to the next."""


def open_voice() -> Callable[..., None]:
    """For a child: what it tells its parent, a JSON object a line, on the stdout it was born with.

    From now on stdout is stderr, which goes to a log, whatever a library prints; and every `BEAT`
    seconds an empty object is told. (A process that is stopped tells nothing, and lives.)

    Returns:
        `tell(**what)`. A parent that is dead hears nothing: the process ends then.
    """
    told = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    one_at_a_time = threading.Lock()

    def tell(**what: Any) -> None:
        with one_at_a_time:
            try:
                print(json.dumps(what), file=told, flush=True)
            except BrokenPipeError:
                os._exit(1)

    def beat() -> None:
        while True:
            tell()
            time.sleep(BEAT)

    threading.Thread(target=beat, daemon=True).start()
    return tell
