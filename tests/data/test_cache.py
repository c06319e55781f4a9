"""Decoded images are kept, and never trusted blindly."""

import numpy as np
import pytest

from dnn_tf.data import cache


@pytest.fixture
def made(monkeypatch, tmp_path):
    """A cache of its own, and a maker that counts."""
    monkeypatch.setenv("DNN_TF_CACHE", str(tmp_path / "cache"))
    calls = []

    def make():
        calls.append(1)
        return {"a": np.arange(10_000)}

    make.calls = calls
    return make


def test_second_time_is_read(made):
    for _ in range(2):
        np.testing.assert_array_equal(cache.cached("x", "1", made)["a"], np.arange(10_000))
    assert len(made.calls) == 1


def test_other_fingerprint_is_made_again(made):
    cache.cached("x", "1", made)
    cache.cached("x", "2", made)
    assert len(made.calls) == 2


@pytest.mark.parametrize("damage", ["cut", "flip", "text"])
def test_damage_is_made_again(made, damage):
    cache.cached("x", "1", made)
    file = cache.cache_dir() / "x.npz"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes({"cut": content[:500], "flip": content, "text": b"hello"}[damage])
    np.testing.assert_array_equal(cache.cached("x", "1", made)["a"], np.arange(10_000))
    assert len(made.calls) == 2


def test_without_a_place_it_warns_and_goes_on(made, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DNN_TF_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.warns(UserWarning, match="could not be kept .* set DNN_TF_CACHE"):
        np.testing.assert_array_equal(cache.cached("x", "1", made)["a"], np.arange(10_000))


def test_nothing_is_left_beside_it(made):
    cache.cached("x", "1", made)
    assert [file.name for file in cache.cache_dir().iterdir()] == ["x.npz"]


def test_where(monkeypatch, tmp_path):
    monkeypatch.delenv("DNN_TF_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.cache_dir() == tmp_path / "dnn_tf"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache.cache_dir().parts[-2:] == (".cache", "dnn_tf")
