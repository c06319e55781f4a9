"""The short form: few rows, and memory that stays as it is."""

import sys

import pytest

from soak.streamed_rows import make_parser, soak


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_memory_is_flat():
    told = []
    options = ["--rows", "150000", "--features", "200", "--batch-size", "500", "--no-jit"]
    options += ["--window-bytes", str(2**22)]  # 29 windows, and 8 pools of 20,000 rows
    outcome = soak(make_parser().parse_args(options), told.append)
    assert outcome.growth < 40, told
    assert len(outcome.resident) >= 100
    assert told[0].startswith("150,000 rows, 0.03 GB in 1 shards")
