"""The short form of `kills.py`."""

import subprocess
import sys
from pathlib import Path


def test_a_killed_training_ends_with_the_same_bits():
    """In a process of its own: the trainings are forked, which this one is too old for."""
    script = Path(__file__).with_name("kills.py")
    run = subprocess.run(
        [sys.executable, script, "--kills", "2", "--no-jit"], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.splitlines()[-1] == "2 kills, 0 ended with other bits"
    assert run.stdout.count("the same bits") == 2
