"""The short form: few rows, and memory that stays as it is."""

import sys

import pytest

from soak.streamed_rows import make_parser, soak


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_memory_is_flat():
    told = []
    options = ["--rows", "60000", "--features", "200", "--batch-size", "500", "--no-jit"]
    options += ["--window-bytes", str(2**21), "--alone"]  # 24 windows, 6 pools of 10,000 rows
    outcome = soak(make_parser().parse_args(options), told.append)
    assert outcome.growth < 40, told
    assert len(outcome.resident) >= 100
    assert told[0].startswith("60,000 rows, 0.01 GB in 1 shards")
