"""`python -m dnn_tf`."""

import subprocess
import sys


def test_is_the_command_line():
    out = subprocess.run(
        [sys.executable, "-m", "dnn_tf", "--help"], capture_output=True, text=True, check=True
    )
    assert "dnn-tf COMMAND --help" in out.stdout
