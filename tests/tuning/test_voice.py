"""How processes hear of each other."""

import json
import subprocess
import sys

SCRIPT = """
import os, sys, time
from dnn_tf.tuning import voice
voice.BEAT = 0.01
tell = voice.open_voice()
print("noise of a library", flush=True)
tell(port=3)
time.sleep(0.2)
tell(ended="1")
sys.stdin.read()
time.sleep(60)
"""


def start():
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_objects_and_signs_of_life_and_no_noise():
    with start() as child:
        told = []
        while {"ended": "1"} not in told:
            told.append(json.loads(child.stdout.readline()))
        assert [message for message in told if message] == [{"port": 3}, {"ended": "1"}]
        assert told.count({}) > 3
        child.kill()
        assert "noise of a library" in child.stderr.read().splitlines()


def test_ends_where_nobody_hears_it():
    with start() as child:
        json.loads(child.stdout.readline())
        child.stdout.close()
        assert child.wait(20) == 1
