"""The process that runs trials: `python -m dnn_tf.tuning.worker DIRECTORY`.

Where the chief is stands in the environment, as KerasTuner wants it. It ends with the last trial,
after so many that it is to be renewed, or when stdin does: its parent is dead then.
"""

import os
import sys
import threading
from pathlib import Path

from dnn_tf.tuning.voice import open_voice

DONE, RENEW = 74, 75
"""Exit codes: there are no more trials; another worker is to go on. Any other is a death."""

TRIALS = 20
"""Of a worker: TensorFlow gives the memory of what it compiled back with the process alone."""


def main() -> None:
    """Runs trials until there are no more."""
    directory = Path(sys.argv[1])
    open_voice()
    threading.Thread(target=_end_with_parent, daemon=True).start()

    from dnn_tf.tuning.identity import read_identity
    from dnn_tf.tuning.job import read_job
    from dnn_tf.tuning.tuner import EnoughTrialsError, Tuner

    task = read_job(directory)
    try:
        Tuner(read_identity(directory).make_oracle(), task, directory, at_most=TRIALS).search()
    except EnoughTrialsError:
        sys.exit(RENEW)
    sys.exit(DONE)


def _end_with_parent() -> None:
    while os.read(0, 1):  # and not sys.stdin, whose lock the end of Python would wait for
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
