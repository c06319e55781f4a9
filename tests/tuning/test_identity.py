"""Which search a folder holds."""

import dataclasses
import subprocess
import sys

import keras_tuner
import pytest

from dnn_tf.tuning import identity as module
from dnn_tf.tuning.identity import Identity, locked, read_identity
from dnn_tf.types import InputError


def make(**words):
    hp = keras_tuner.HyperParameters()
    hp.Int("units", 1, 8)
    given = {
        "algorithm": "random", "trials": 5, "objective": "val_loss", "epochs": 9, "patience": 2,
        "folds": None, "seed": 1, "space": hp.get_config(), "networks": "ef56", "data": "ab12",
        "source": "clouds",
    }  # fmt: skip
    return Identity(**given | words)


def test_comes_back_from_the_disk(tmp_path):
    make().write(tmp_path / "new")
    assert read_identity(tmp_path / "new") == make()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"algorithm": "grid"}, "algorithm was random, and is grid"),
        ({"trials": 4}, "trials was 5, and is 4"),
        ({"folds": 3}, "folds was None, and is 3"),
        ({"seed": 2, "epochs": 1}, "epochs was 9, and is 1; seed was 1, and is 2"),
        ({"data": "cd34"}, r"\(data\)"),
        ({"space": {"space": [], "values": {}}}, r"\(space\)"),
        ({"networks": "gh78"}, r"\(networks\)"),
    ],
)
def test_another_search_does_not_go_on_with_it(words, message, tmp_path):
    make().write(tmp_path)
    with pytest.raises(InputError, match=f"holds another search .*{message}.*: name another"):
        make(**words).check(tmp_path)


@pytest.mark.parametrize("words", [{}, {"source": "the same from elsewhere"}, {"trials": 50}])
def test_the_same_does(words, tmp_path):
    make().write(tmp_path)
    make(**words).check(tmp_path)


def test_hyperband_cannot_grow(tmp_path):
    make(algorithm="hyperband").write(tmp_path)
    with pytest.raises(InputError, match="trials was 5, and is 50"):
        make(algorithm="hyperband", trials=50).check(tmp_path)


def test_what_else_is_in_the_way(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is a file"):
        make().check(tmp_path / "file")
    with pytest.raises(InputError, match="holds no search"):
        make().check(tmp_path)
    make().check(tmp_path / "new")
    (tmp_path / "empty").mkdir()
    make().check(tmp_path / "empty")
    (tmp_path / "search.json").write_text('{"trials": 3}')
    with pytest.raises(InputError, match="missing or damaged"):
        make().check(tmp_path)


def test_the_oracle_has_the_words():
    oracle = make(algorithm="bayesian").make_oracle()
    assert oracle.max_trials == 5
    assert oracle.objective.name == "val_loss"
    assert [one.name for one in oracle.get_space().space] == ["units"]
    assert dataclasses.replace(make(), seed=0).make_oracle().seed == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no such lock there")
def test_two_at_a_time_are_one_too_many(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_PATIENCE", 0.2)
    told = pytest.raises(InputError, match="another search is at work")
    with locked(tmp_path), told, locked(tmp_path):
        raise AssertionError("nobody else gets in")
    with locked(tmp_path):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="no such lock there")
def test_a_child_that_is_left_keeps_it(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_PATIENCE", 0.2)
    with locked(tmp_path) as handle:
        child = subprocess.Popen(
            [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=[handle]
        )
    with pytest.raises(InputError, match="another search is at work"), locked(tmp_path):
        pass
    child.communicate(b"\n")
    with locked(tmp_path):
        pass
