"""Kills while a network is saved; the script kills 40 times."""

from soak.killed_saves import run


def test_the_old_or_the_new_network_loads(tmp_path):
    assert run(tmp_path / "saved", kills=2, seed=3) == 2
