"""The short form of `killed_searches.py`."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds processes in /proc")


def test_a_killed_parent_leaves_nobody_and_the_search_goes_on():
    script = Path(__file__).with_name("killed_searches.py")
    command = [sys.executable, script, "--kills", "1", "--kind", "parent"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.splitlines()[-1] == "1 kills, every trial run, none twice"
