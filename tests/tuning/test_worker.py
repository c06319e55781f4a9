"""The process that runs trials; what it does with them is in `test_workers.py`."""

import os
import subprocess
import sys


def test_ends_with_its_parent(tmp_path):
    """However long the chief does not answer; there is none here."""
    variables = {
        "KERASTUNER_TUNER_ID": "tuner0", "KERASTUNER_ORACLE_IP": "127.0.0.1",
        "KERASTUNER_ORACLE_PORT": "1",
    }  # fmt: skip
    script = """
import time
from dnn_tf.tuning import job, worker
job.read_job = lambda _: time.sleep(600)
worker.main()
"""
    command = [sys.executable, "-c", script, str(tmp_path)]
    worker = subprocess.Popen(command, stdin=subprocess.PIPE, env=os.environ | variables)
    worker.stdin.close()
    assert worker.wait(30) == 1
