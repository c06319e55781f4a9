"""The command line: parse, call, print.

Nothing heavy is imported before the arguments are understood, so `--help` answers at once.
"""

import sys
import warnings
from collections.abc import Sequence

from dnn_tf.cli.parser import make_parser
from dnn_tf.cli.patient import patient_stdout

FAILED, INTERRUPTED = 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit code: 0 done, 1 failed, 2 usage, 130 interrupted."""
    parser = make_parser()
    options = parser.parse_args(arguments)
    warnings.showwarning = lambda message, *_, **__: _tell("warning", str(message))
    try:
        from dnn_tf.cli import commands
        from dnn_tf.types import DivergenceError, InputError, PeerError

        try:
            with patient_stdout():
                commands.run(options, parser)
        except (InputError, DivergenceError, PeerError) as error:
            _tell("error", str(error))
            return FAILED
    except KeyboardInterrupt as interrupt:
        _tell("interrupted", str(interrupt) or "no model was saved")
        return INTERRUPTED
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _tell("error", f"{where}{error.strerror or error}")
        return FAILED
    except MemoryError:
        _tell("error", "out of memory: take a smaller network or smaller batches")
        return FAILED
    return 0


def _tell(kind: str, message: str) -> None:
    print(f"dnn-tf: {kind}: {message}", file=sys.stderr, flush=True)
