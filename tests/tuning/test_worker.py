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
    worker = subprocess.Popen(
        [sys.executable, "-c", "from dnn_tf.tuning import worker; worker.read_job = None\n"
         "import dnn_tf.tuning.job as job, time; job.read_job = lambda _: time.sleep(600)\n"
         "worker.main()", str(tmp_path)],
        stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, env=os.environ | variables,
    )  # fmt: skip
    worker.stdin.close()
    assert worker.wait(30) == 1
