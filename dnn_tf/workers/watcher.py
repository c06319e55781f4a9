"""A process beside this one, which ends it where TensorFlow leaves no other way."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from dnn_tf.workers.channel import Channel

PATIENCE = 3.0
"""Seconds that TensorFlow has to end by itself after a worker was lost."""

_PROGRAM = """
import os, select, signal, sys, time
seconds, patience, process = float(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
lost = select.POLLHUP | select.POLLERR | getattr(select, "POLLRDHUP", 0)
poll = select.poll()
poll.register(0, select.POLLIN | select.POLLHUP)
for connection in sys.argv[4:]:
    poll.register(int(connection), lost)
end, why = time.monotonic() + seconds, f"TensorFlow did not begin in {seconds:g} s"
while (left := end - time.monotonic()) > 0:
    for number, _ in poll.poll(left * 1000):
        if number == 0:
            sys.exit()
        poll.unregister(number)
        end = min(end, time.monotonic() + patience)
        why = "a worker was lost while TensorFlow began"
sys.stderr.write(f"dnn-tf: error: {why}: start all workers again\\n")
sys.stderr.flush()
os.kill(process, signal.SIGKILL)
"""


@contextmanager
def watched(channels: Iterable[Channel], seconds: float) -> Iterator[None]:
    """Within, this process is ended, with a line on stderr, if it hangs.

    While TensorFlow waits for its workers it holds the lock of Python's interpreter: no thread
    runs, no signal is heard, and no connection is looked at. Another process can do that.

    Args:
        channels: to the other workers; a connection that breaks ends this process soon.
        seconds: after which it is ended in any case.
    """
    connections = [channel.fileno() for channel in channels]
    arguments = [str(seconds), str(PATIENCE), str(os.getpid()), *map(str, connections)]
    watcher = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _PROGRAM, *arguments],
        stdin=subprocess.PIPE,
        pass_fds=connections,
    )
    try:
        yield
    finally:
        with suppress(OSError):  # it has ended: somebody pressed Ctrl-C
            watcher.communicate(b"done")
