"""A reader that goes away."""

import os
import subprocess
import sys

from dnn_tf.cli.patient import patient_stdout

UNREAD = """
import sys
from dnn_tf.cli.patient import patient_stdout
with patient_stdout():
    for _ in range(100_000):
        print("a line that nobody reads")
    sys.stderr.write("came to its end")
"""


def test_goes_on_when_nobody_reads():
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", UNREAD], stdout=writing, stderr=subprocess.PIPE, text=True
    )
    os.close(writing)
    os.read(reading, 10)
    os.close(reading)
    assert process.communicate()[1] == "came to its end"
    assert process.returncode == 0


def test_what_is_read_arrives(capsys):
    with patient_stdout():
        print("a line")
        assert sys.stdout.isatty() is False
    assert capsys.readouterr().out == "a line\n"
