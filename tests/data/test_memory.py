"""What cannot fit is refused before it is made."""

import os

import pytest

from dnn_tf.data import memory
from dnn_tf.types import InputError


def test_what_fits_passes():
    memory.check_fits(1000, "pets")


def test_what_does_not_fit(monkeypatch):
    monkeypatch.setattr(memory, "machine_memory", lambda: 8 * 10**9)
    memory.check_fits(8 * 10**9, "pets")
    words = "pets: 12 GB of memory are needed, and this machine has 8 GB: give a smaller size"
    with pytest.raises(InputError, match=words):
        memory.check_fits(12 * 10**9, "pets", "give a smaller size")


def test_a_system_that_does_not_tell(monkeypatch):
    monkeypatch.delattr(os, "sysconf")
    assert memory.machine_memory() is None
    memory.check_fits(10**30, "pets")


def test_this_machine_has_some():
    assert memory.machine_memory() > 10**8
