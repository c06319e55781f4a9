"""What each command prints, in this process; the network is trained on the bundled digits."""

import json
import shlex

import numpy as np
import pytest
from PIL import Image

from dnn_tf.cli import main

SHORT = ["--data", "mnist-sample", "--epochs", "1", "--learning-rate", "0.1"]
KEYS = {
    "test_accuracy", "validation_accuracy", "epochs", "seconds_per_epoch", "source", "saved_model",
    "run_dir",
}  # fmt: skip


@pytest.fixture
def inside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_mnist(inside, capsys):
    assert main(["mnist", *SHORT, "--out", "m", "--run-dir", "r"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Training on the CPU." or lines[0].startswith("Training on the GPU")
    assert lines[1].startswith("0 Train accuracy: 0.")
    assert "data         bundled sample of MNIST" in "\n".join(lines)
    assert lines[-2].startswith("predicted ")
    assert len(lines[-1].split()) == 21
    assert (inside / "m" / "saved_model.pb").is_file()
    assert (inside / "r" / "curves.png").is_file()


@pytest.mark.parametrize("command", ["mnist", "train"])
def test_json_alone_on_stdout(inside, capsys, command):
    assert main([command, *SHORT, "--json"]) == 0
    captured = capsys.readouterr()
    answer = json.loads(captured.out)
    assert set(answer) >= KEYS
    assert answer["epochs"] == len(answer["seconds_per_epoch"]) == 1
    assert "0 Train accuracy" in captured.err
    assert (inside / answer["saved_model"] / "saved_model.pb").is_file()
    assert answer["run_dir"].startswith(f"runs/{command}-")
    assert {path.name for path in inside.iterdir()} == {"runs", "saved_models"}


def test_two_runs_in_one_second_have_two_folders(inside):
    for _ in range(2):
        assert main(["train", *SHORT, "--hidden", "5", "--json"]) == 0
    assert len(list((inside / "runs").iterdir())) == 2


def test_train_with_everything(inside, capsys):
    options = (
        "--hidden 20 10 --activation elu --layer dense --initializer he_normal "
        "--clip-value 1.0 --batch-size 100 --seed 7 --out m --run-dir r"
    )
    assert main(["train", *SHORT, *shlex.split(options)]) == 0
    config = json.loads((inside / "r" / "config.json").read_text())
    assert config == {
        "data": "mnist-sample", "hidden": [20, 10], "activation": "elu", "layer": "dense",
        "initializer": "he_normal", "learning_rate": 0.1, "batch_size": 100, "epochs": 1,
        "clip_value": 1.0, "seed": 7,
    }  # fmt: skip
    assert "saved model  m" in capsys.readouterr().out


def test_evaluate(saved, capsys):
    assert main(["evaluate", str(saved), "--data", "mnist-sample"]) == 0
    assert "1000 test samples of bundled sample" in capsys.readouterr().out
    assert main(["evaluate", str(saved), "--data", "mnist-sample", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"accuracy", "loss", "n", "source"}


def test_predict(saved, sample, inside, capsys):
    pixels = np.uint8(np.round(sample.test.x[0].reshape(28, 28) * 255))
    Image.fromarray(255 - pixels).resize((90, 120)).save(inside / "a.jpg")
    assert main(["predict", str(saved), "a.jpg"]) == 0
    assert capsys.readouterr().out.startswith("a.jpg: ")
    assert main(["predict", str(saved), "a.jpg", "a.jpg", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [set(row) for row in rows] == [{"file", "class", "probability", "inverted"}] * 2
    assert rows[0]["file"] == "a.jpg"
    assert rows[0]["inverted"] is True
