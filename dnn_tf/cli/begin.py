"""What every command that trains does first."""

import datetime
import sys
from pathlib import Path


def new_run_dir(command: str) -> Path:
    """A folder named after the command and the second."""
    stem = f"{command}-{datetime.datetime.now():%Y%m%d-%H%M%S}"
    path, number = Path("runs") / stem, 1
    while path.exists():
        number += 1
        path = Path("runs") / f"{stem}-{number}"
    return path


def tell_device(json: bool) -> None:
    """What will do the work: on stdout, which is kept free for JSON."""
    from dnn_tf.training import device_name

    print(f"Training on the {device_name()}.", file=sys.stderr if json else sys.stdout)
