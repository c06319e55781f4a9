"""The command that searches."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import dnn_tf
from dnn_tf.cli import main
from dnn_tf.training import fit
from dnn_tf.tuning import best, task

SPACE = """
from dnn_tf.runs import Settings

def space(hp):
    return Settings(
        hidden=(hp.Choice("units", [2, 3]),), optimizer="adam", learning_rate=0.05, batch_size=10
    )

not_a_space = 3
"""


@pytest.fixture(autouse=True)
def _inside(tmp_path, monkeypatch, blobs):
    monkeypatch.chdir(tmp_path)
    for module in (task, best):
        monkeypatch.setattr(
            module, "fit", lambda *args, **words: fit(*args, **words | {"jit_compile": False})
        )
    (tmp_path / "spaces.py").write_text(SPACE)
    np.savez(tmp_path / "blobs.npz", x=blobs.train.x, y=blobs.train.y)


def tune(*words, space="spaces.py:space"):
    short = ["--trials", "2", "--epochs", "2", "--algorithm", "grid"]
    return main(["tune", "--data", "blobs.npz", *short, "--space", space, *words])


def test_from_data_to_a_network_that_evaluate_takes(capsys):
    assert tune("--dir", "here") == 0
    told = capsys.readouterr().out
    lines = [line.split() for line in told.splitlines()]
    assert sum(line[:2] in (["trial", "0"], ["trial", "1"]) for line in lines) == 3
    assert ["trial", "val_accuracy", "seconds", "epochs", "values"] in lines
    assert "trained once more: test accuracy " in told
    assert told.endswith("saved model  here/best\nsearch       here\n")
    assert main(["evaluate", "here/best", "--data", "blobs.npz"]) == 0


def test_json_alone_on_stdout_and_the_same_command_goes_on(capsys):
    assert tune("--dir", "here", "--json", "--out", "net", "--folds", "2") == 0
    captured = capsys.readouterr()
    answer = json.loads(captured.out)
    assert {"number", "status", "score", "seconds", "values"} <= set(answer["best"])
    assert [one["status"] for one in answer["trials"]] == ["completed"] * 2
    assert captured.err.count("\ntrial ") == 2
    assert dnn_tf.load("net").output_shape == (None, 3)
    assert tune("--dir", "here", "--json", "--out", "net", "--folds", "2") == 0
    again = capsys.readouterr()
    assert json.loads(again.out)["trials"] == answer["trials"]
    assert "trial " not in again.err


@pytest.mark.skipif(sys.version_info < (3, 11), reason="keras.py comes before Keras there")
def test_a_file_with_any_name_for_workers_too(capsys, tmp_path):
    (tmp_path / "my.numpy.py").write_text(SPACE)
    (tmp_path / "keras.py").write_text("raise RuntimeError('not the real one')")
    assert tune("--dir", "here", "--workers", "1", space="my.numpy.py:space") == 0
    assert "trained once more" in capsys.readouterr().out


def test_a_folder_of_its_own_where_none_is_named(capsys):
    assert tune() == 0
    folder = capsys.readouterr().out.splitlines()[-1].split()[-1]
    assert folder.startswith("runs/tune-")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--trials", "0"], "trials is a whole number, 1 or more, and got 0"),
        (["--space", "nowhere.py:space"], "nowhere.py cannot be imported (FileNotFoundError"),
        (["--space", "no_such_module:space"], "no_such_module cannot be imported (ModuleNotFound"),
        (["--space", "spaces:no_such"], "spaces has no function 'no_such': name one that it has"),
        (["--space", "spaces.py:not_a_space"], "spaces.py has no function 'not_a_space'"),
        (["--data", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(words, message, capsys):
    assert tune(*words, "--dir", "here") == 1
    told = capsys.readouterr().err.splitlines()
    assert told[-1].startswith("dnn-tf: error: ")
    assert message in told[-1]
    assert not Path("here").exists()


@pytest.mark.parametrize(
    "words", ["--space space", "--algorithm magic", "--trials x", "--objective accuracy"]
)
def test_usage(words, capsys):
    with pytest.raises(SystemExit) as ended:
        tune(*words.split())
    assert ended.value.code == 2
    assert "--" in capsys.readouterr().err
