"""TensorFlow without its greetings and its advice."""

import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from dnn_tf.types import InputError, PeerError


@contextmanager
def quiet_start() -> Iterator[None]:
    """Keeps what is written to the stderr of the process back, unless the block fails.

    TensorFlow greets before its own log level counts, from C++, so only the file descriptor helps.
    From then on its logger in Python tells errors only: its warnings (about retracing, say) are
    for those who write the functions.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as kept:
        os.dup2(kept.fileno(), 2)
        try:
            yield
            logging.getLogger("tensorflow").setLevel(logging.ERROR)
        except (InputError, PeerError):
            raise  # says it all
        except Exception:
            kept.seek(0)
            os.write(stderr, kept.read())
            raise
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
