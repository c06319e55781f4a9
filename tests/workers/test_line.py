"""Two ends of a line in one process; tests/training/test_together.py has real ones."""

import socket
import subprocess
import sys
import threading
import time

import pytest
import tensorflow as tf

from dnn_tf.types import PeerError
from dnn_tf.workers import jointly, line
from dnn_tf.workers.channel import Channel
from dnn_tf.workers.cluster import Cluster
from dnn_tf.workers.line import Line
from workers.processes import environment

ADDRESSES, NAMES = ("a:1", "b:2"), ("chief", "worker 0")


def channels():
    listening = socket.create_server(("127.0.0.1", 0))
    one = socket.create_connection(listening.getsockname())
    other = listening.accept()[0]
    listening.close()
    return Channel(one), Channel(other)


@pytest.fixture
def pair():
    """The chief, the worker, and what was aborted."""
    aborted = []
    one, other = channels()
    chief = Line(Cluster(ADDRESSES, NAMES, 0), {1: one}, aborted.append)
    worker = Line(Cluster(ADDRESSES, NAMES, 1), {0: other}, aborted.append)
    yield chief, worker, aborted
    for end, channel in ((chief, one), (worker, other)):
        end._closed = True
        channel.close()


def both(one, other):
    """What two functions return that wait for each other."""
    found = []
    thread = threading.Thread(target=lambda: found.append(other()))
    thread.start()
    first = one()
    thread.join(10)
    return first, found[0]


def test_they_agree(pair):
    chief, worker, _ = pair
    assert both(lambda: chief.chiefs({"n": 1}), lambda: worker.chiefs(None)) == ({"n": 1},) * 2
    assert both(lambda: chief.gathered(5), lambda: worker.gathered(6)) == ([5, 6],) * 2
    assert both(lambda: chief.any(False), lambda: worker.any(True)) == (True, True)
    assert (chief.is_chief, worker.is_chief, worker.size) == (True, False, 2)


def test_a_connection_breaks(pair):
    chief, worker, aborted = pair
    worker._closed = True
    worker._channels[0].close()
    told = r"worker 0 \(b:2\) is lost: its connection broke; epoch 3 is kept; start all workers ag"
    with pytest.raises(PeerError, match=told), chief.at_work(lambda: "epoch 3 is kept"):
        chief.gathered(1)
    assert aborted == ["worker 0 (b:2) is lost: its connection broke"]
    with pytest.raises(PeerError, match="is lost"), chief.at_work():
        pytest.fail("nothing can go on")


def test_tensorflow_notices_first(pair):
    chief, worker, _ = pair
    worker._closed = True
    with pytest.raises(PeerError, match="is lost"), chief.at_work():
        worker._channels[0].close()
        raise tf.errors.UnavailableError(None, None, "Collective ops is aborted")


def test_an_error_of_one_is_told_to_the_other(pair):
    chief, worker, _ = pair
    with pytest.raises(KeyError), worker.at_work():
        raise KeyError("mine")
    with pytest.raises(PeerError, match=r"worker 0 \(b:2\) ended: KeyError: 'mine'; start all"):
        chief.gathered(1)


def test_an_error_of_all_is_not(pair):
    chief, worker, _ = pair
    with pytest.raises(KeyboardInterrupt), worker.at_work():
        raise jointly(KeyboardInterrupt("kept"))
    assert both(lambda: chief.gathered(1), lambda: worker.gathered(2)) == ([1, 2], [1, 2])


def test_one_that_leaves_is_not_lost(pair):
    chief, worker, aborted = pair
    worker.close()
    worker.close()
    time.sleep(0.1)
    with chief.at_work():
        pass
    with pytest.raises(PeerError, match=r"worker 0 \(b:2\) has left"):
        chief.gathered(1)
    assert aborted == []


def test_they_are_at_different_places(pair):
    chief, worker, _ = pair
    worker._give(0, "the weights", 1)
    with pytest.raises(PeerError, match="it is at 'the weights' where this worker is at 'a step'"):
        chief.gathered(1, "a step")


def test_silence(monkeypatch):
    monkeypatch.setattr(line, "SILENCE", 0.2)
    monkeypatch.setattr(line, "BEAT", 0.05)
    one, other = channels()  # nobody is at the other end
    chief = Line(Cluster(ADDRESSES, NAMES, 0), {1: one}, lambda _: None)
    with pytest.raises(PeerError, match="gave no sign of life for 0.2 s"), chief.at_work():
        chief.gathered(1)
    other.close()


HANGS = """
import socket, time
from dnn_tf.workers import line
from dnn_tf.workers.channel import Channel
from dnn_tf.workers.cluster import Cluster
line.GRACE = 0.2
listening = socket.create_server(("127.0.0.1", 0))
one = socket.create_connection(listening.getsockname())
other = listening.accept()[0]
chief = line.Line(Cluster(("a:1", "b:2"), ("chief", "worker 0"), 0), {1: Channel(one)}, print)
with chief.at_work(lambda: "epoch 1 is kept in runs"):
    other.close()
    time.sleep(150)  # as TensorFlow does, deaf to all
"""


def test_a_process_that_hangs_is_ended():
    ended = subprocess.run(
        [sys.executable, "-c", HANGS],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == (
        "dnn-tf: error: worker 0 (b:2) is lost: its connection broke; epoch 1 is kept in runs; "
        "start all workers again"
    )
