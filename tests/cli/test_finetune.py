"""The third use: a saved network, a folder of one's own images, a good classifier."""

import json
from pathlib import Path

import pytest

from dnn_tf.cli import main

MNIST = str(Path(__file__).parents[2] / "saved_models" / "mnist")
pytestmark = pytest.mark.usefixtures("module_without_xla")
SHORT = ["--epochs", "5", "--stages", "2"]


@pytest.fixture(scope="module")
def photos(tmp_path_factory, write_photos):
    return str(write_photos(tmp_path_factory.mktemp("photos") / "my photos"))


@pytest.fixture(autouse=True)
def _inside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def finetune(photos, *words):
    return main(["finetune", MNIST, "--data", photos, "--out", "mine", *SHORT, *words])


def test_from_photos_to_a_network_that_evaluate_and_predict_take(photos, capsys):
    assert finetune(photos, "--scratch", "--run-dir", "r") == 0
    told = capsys.readouterr().out
    assert "3 classes: sieben 7, six, 五" in told
    assert "27 for train, 3 for validation, 6 for test" in told
    assert "all inverted to light on dark" in told
    lines = [line.split() for line in told.splitlines()]
    assert ["1", "outputs"] in [line[:2] for line in lines]
    assert any(line[-2:] == ["from", "scratch"] for line in lines)
    assert told.endswith("saved model  mine\nrun folder   r\n")
    assert main(["evaluate", "mine", "--data", photos, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n"] == 6
    assert main(["evaluate", "mine", "--data", photos, "--split", "all"]) == 0
    assert "36 samples of" in capsys.readouterr().out
    assert main(["predict", "mine", f"{photos}/五/1.png", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["class"] in ("sieben 7", "six", "五")


def test_json_alone_on_stdout(photos, capsys):
    assert finetune(photos, "--json", "--no-cache", "--per-class", "5") == 0
    captured = capsys.readouterr()
    answer = json.loads(captured.out)
    assert set(answer) >= {
        "stages", "test_accuracy", "scratch_accuracy", "cached", "saved_model", "run_dir",
    }  # fmt: skip
    assert (answer["cached"], answer["scratch_accuracy"]) == (False, None)
    assert answer["rows"] == {"train": 15, "validation": 3, "test": 6}
    assert captured.err.startswith("Training on the ")


def test_what_was_not_cached_is_told_with_the_reason(photos, capsys):
    assert finetune(photos, "--no-cache") == 0
    assert "not cached   not asked for" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--keep", "0"], 2, "error: keep is a whole number, 1 or more, and got 0"),
        (["--keep", "hidden9"], 1, "error: no layer is called 'hidden9': there are X, hidden1"),
        (["--stages", "none"], 2, "argument --stages: invalid int value"),
        (["--rate-decay", "0"], 2, "error: rate_decay is a finite number above 0, and got 0.0"),
        (["--optimizer", "adaam"], 1, "error: unknown optimiser 'adaam': there are"),
        (["--data", "nowhere"], 1, "error: no dataset is called 'nowhere', and no file or folder"),
    ],
)
def test_errors_in_one_line(photos, capsys, words, code, message):
    if code == 2:
        with pytest.raises(SystemExit, match="2"):
            finetune(photos, *words)
    else:
        assert finetune(photos, *words) == code
    told = capsys.readouterr().err.splitlines()
    assert message in told[-1]
    assert not Path("mine").exists()


def test_no_such_network(photos, capsys):
    assert main(["finetune", "no_model", "--data", photos, "--out", "mine"]) == 1
    assert "error: no_model" in capsys.readouterr().err
