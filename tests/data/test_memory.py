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


def test_a_system_that_does_not_tell(monkeypatch, tmp_path):
    monkeypatch.delattr(os, "sysconf")
    monkeypatch.setattr(memory, "_GROUPS", tmp_path / "absent")
    assert memory.machine_memory() is None
    memory.check_fits(10**30, "pets")


@pytest.fixture
def container(monkeypatch, tmp_path):
    """A made-up one: the host tells 64 GB, and Linux the groups and limits that are given.

    The layout is that of Linux' documentation; no limited container was run.
    """

    def container(groups, **limits):
        (tmp_path / "cgroup").write_text(groups)
        for place, limit in limits.items():
            file = tmp_path / "fs" / place.replace("__", "/").replace("memory_", "memory.")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{limit}\n")

    monkeypatch.setattr(os, "sysconf", {"SC_PHYS_PAGES": 64 * 10**6, "SC_PAGE_SIZE": 1000}.get)
    monkeypatch.setattr(memory, "_GROUPS", tmp_path / "cgroup")
    monkeypatch.setattr(memory, "_MOUNTS", tmp_path / "fs")
    return container


V1 = "12:cpuset:/\n4:memory:/docker/1f\n1:name=systemd:/docker/1f\n0::/\n"
V1_NONE = 9223372036854771712
"""What version 1 says where there is no limit."""


@pytest.mark.parametrize(
    ("groups", "limits", "expected"),
    [
        ("0::/\n", {"memory_max": 8 * 10**9}, 8),
        ("0::/\n", {"memory_max": "max"}, 64),
        ("0::/\n", {"memory_max": 100 * 10**9}, 64),
        ("0::/\n", {}, 64),
        ("0::/a/b\n", {"a__b__memory_max": "max", "a__memory_max": 5 * 10**9}, 5),
        ("0::/a/b\n", {"a__b__memory_max": 3 * 10**9, "a__memory_max": 5 * 10**9}, 3),
        ("0::/a:b\n", {"a:b__memory_max": 3 * 10**9}, 3),
        (V1, {"memory__memory_limit_in_bytes": 2 * 10**9}, 2),
        (V1, {"memory__docker__1f__memory_limit_in_bytes": 6 * 10**9}, 6),
        (V1, {"memory__memory_limit_in_bytes": V1_NONE}, 64),
    ],
)
def test_the_limit_of_a_container(container, groups, limits, expected):
    container(groups, **limits)
    assert memory.machine_memory() == expected * 10**9


def test_what_a_container_does_not_hold(container):
    container("0::/\n", memory_max=10**9)
    memory.check_fits(10**9, "pets")
    with pytest.raises(InputError, match="2 GB of memory are needed, and this machine has 1 GB"):
        memory.check_fits(2 * 10**9, "pets")


def test_this_machine_has_some():
    assert memory.machine_memory() > 10**8
