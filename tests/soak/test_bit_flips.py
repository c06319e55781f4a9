"""A few flipped bits and cut files; the script does thousands."""

import numpy as np
import pytest

from soak.bit_flips import TARGETS, Target, cut, damages, flipped, run


@pytest.mark.parametrize("make", TARGETS, ids=lambda make: make.__name__)
def test_none_of_them_loads(make, tmp_path):
    assert run(make(tmp_path), flips=60, cuts=30, seed=1) == 90


def test_a_target_that_does_not_notice_is_told_of(tmp_path):
    (tmp_path / "file").write_bytes(bytes(100))
    blind = Target("blind", tmp_path, lambda folder: None)
    with pytest.raises(AssertionError, match="was damaged, and loaded"):
        run(blind, flips=1, cuts=0)
    assert (tmp_path / "file").read_bytes() == bytes(100)


def test_every_damage_is_one():
    rng = np.random.default_rng(0)
    content = bytes(range(256))
    for _ in range(50):
        damaged = flipped(content, rng)
        assert sum((a ^ b).bit_count() for a, b in zip(content, damaged, strict=True)) == 1
        shorter = cut(content, rng)
        assert content.startswith(shorter)
        assert len(shorter) < len(content)


def test_the_files_take_turns(tmp_path):
    for name in "abc":
        (tmp_path / name).write_bytes(b"xyz")
    assert [file.name for file, _ in damages(tmp_path, 4, 3, 0)] == list("abcabca")
