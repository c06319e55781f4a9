"""The process that ends this one; each test has a process of its own to lose."""

import signal
import subprocess
import sys
import time

import pytest

CODE = """
import socket, sys, time
from dnn_tf.workers import watcher
from dnn_tf.workers.channel import Channel
watcher.PATIENCE = 0.2
here, there = socket.socketpair()
channel = Channel.__new__(Channel)
channel._connection = here
with watcher.watched([channel], {seconds}):
    {body}
print("out")
time.sleep({after})
print("alive")
"""


def run(seconds, body, after=0):
    began = time.monotonic()
    ran = subprocess.run(
        [sys.executable, "-c", CODE.format(seconds=seconds, body=body, after=after)],
        capture_output=True,
        text=True,
        timeout=50,
    )
    return ran, time.monotonic() - began


@pytest.mark.parametrize(
    ("seconds", "body", "told"),
    [
        (0.5, "time.sleep(40)", "TensorFlow did not begin in 0.5 s: start all workers again"),
        (40, "there.close(); time.sleep(40)", "a worker was lost while TensorFlow began"),
    ],
    ids=["time is up", "connection broke"],
)
def test_a_process_that_hangs_is_ended(seconds, body, told):
    ran, took = run(seconds, body)
    assert ran.returncode == -signal.SIGKILL
    assert told in ran.stderr
    assert ran.stdout == ""
    assert took < 35


def test_one_that_does_not_is_left_alone():
    ran, _ = run(1, "pass", after=1.5)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == ["out", "alive"]
    assert "start all workers again" not in ran.stderr
