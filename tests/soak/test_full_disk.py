"""A disk that fills while a network is saved; the script tries every 4 KiB."""

import pytest

from soak.full_disk import run, run_checkpoints, small_disk


@pytest.fixture
def disk(tmp_path):
    try:
        with small_disk(tmp_path) as disk:
            yield disk
    except PermissionError as error:
        pytest.skip(str(error))


def test_the_old_network_stays_whole(disk):
    outcome = run(disk, iter([0, 8192, 20480, 36864, 45056, 65536, 400_000]))
    assert outcome.failed == 6
    assert outcome.enough == 400_000


def test_the_checkpoint_before_stays_whole(disk):
    outcome = run_checkpoints(disk, iter([0, 4096, 12288, 20480, 400_000]))
    assert outcome.failed == 4
    assert outcome.enough == 400_000
