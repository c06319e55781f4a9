"""Exit codes, and errors in one line."""

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from dnn_tf.cli import main

SHORT = ["--data", "mnist-sample", "--epochs", "1"]


def fails(capsys, *arguments):
    """Runs a command that must fail with code 1 and one line, and returns the line."""
    assert main([str(argument) for argument in arguments]) == 1
    captured = capsys.readouterr()
    assert captured.out in ("", "Training on the CPU.\n")
    (line,) = captured.err.splitlines()
    assert line.startswith("dnn-tf: error: ")
    return line


@pytest.fixture
def bad_files(tmp_path):
    (tmp_path / "text.png").write_text("hello")
    Image.fromarray(np.zeros((9, 9), "uint8")).save(tmp_path / "good.png")
    return tmp_path


class TestBadInput:
    def test_models(self, tmp_path, bad_files, capsys):
        assert "no such folder" in fails(capsys, "evaluate", tmp_path / "x", "--data", "mnist")
        assert "not a model saved by" in fails(capsys, "predict", tmp_path, bad_files / "good.png")

    def test_images(self, saved, bad_files, capsys):
        line = fails(capsys, "predict", saved, bad_files / "good.png", bad_files / "text.png")
        assert "text.png: not an image" in line
        assert "none.png: no such file" in fails(capsys, "predict", saved, bad_files / "none.png")
        assert "no such file" in fails(capsys, "predict", saved, bad_files)

    def test_data(self, tmp_path, saved, capsys, monkeypatch):
        assert "no dataset is called 'mnits'" in fails(capsys, "mnist", "--data", "mnits")
        monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "typo"))
        assert "typo, which is no folder" in fails(capsys, "evaluate", saved, "--data", "mnist")
        (tmp_path / "typo" / "mnist" / "3.0.1").mkdir(parents=True)
        (tmp_path / "typo" / "mnist" / "3.0.1" / "mnist-train.tfrecord").write_text("x")
        assert "is damaged" in fails(capsys, "mnist")

    def test_places(self, tmp_path, capsys):
        (tmp_path / "file").write_text("mine")
        run = ("--run-dir", tmp_path / "r")
        line = fails(capsys, "mnist", *SHORT, "--out", tmp_path / "file" / "m", *run)
        assert "file" in line
        assert "is a file" in fails(capsys, "mnist", *SHORT, "--out", tmp_path / "file", *run)
        line = fails(capsys, "mnist", *SHORT, "--out", tmp_path, "--run-dir", tmp_path.parent / "r")
        assert "(file), and it would be lost" in line
        line = fails(capsys, "mnist", *SHORT, "--out", tmp_path / "m", "--run-dir", tmp_path / "m")
        assert "is in the folder of the saved model" in line
        line = fails(capsys, "mnist", *SHORT, "--out", tmp_path / "m", "--run-dir", tmp_path)
        assert "not empty" in line
        assert [path.name for path in tmp_path.iterdir()] == ["file"]
        assert (tmp_path / "file").read_text() == "mine"

    def test_divergence(self, tmp_path, capsys):
        places = ("--out", tmp_path / "m", "--run-dir", tmp_path / "r")
        line = fails(capsys, "train", *SHORT, "--learning-rate", "1e20", *places)
        assert "lower the learning rate" in line


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "name a command"),
        (["mnits"], "invalid choice: 'mnits'"),
        (["mnist", "--epochs", "many"], "invalid int value: 'many'"),
        (["mnist", "--epochs", "0"], "epochs is a whole number, 1 or more, and got 0"),
        (["train", "--learning-rate", "-1"], "learning_rate is a finite number above 0"),
        (["evaluate", "m"], "--data"),
    ],
)
def test_usage(arguments, words, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert words in capsys.readouterr().err


def test_interrupted(monkeypatch, capsys):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("dnn_tf.cli.training.mnist", interrupt)
    assert main(["mnist"]) == 130
    assert capsys.readouterr().err == "dnn-tf: interrupted: no model was saved\n"


def test_interrupted_while_tensorflow_starts(monkeypatch, capfd):
    def interrupt(*_):
        os.write(2, b"TensorFlow's greetings\n")
        raise KeyboardInterrupt

    monkeypatch.setattr("tensorflow.constant", interrupt)
    assert main(["mnist"]) == 130
    assert capfd.readouterr().err == "dnn-tf: interrupted: no model was saved\n"


def test_a_warning_is_one_line(monkeypatch, capsys, tmp_path, saved):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DNN_TF_OFFLINE", "1")
    out = subprocess.run(
        [sys.executable, "-m", "dnn_tf", "evaluate", str(saved), "--data", "mnist"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "1000 test samples of bundled sample" in out.stdout
    (line,) = out.stderr.splitlines()
    assert line.startswith("dnn-tf: warning: TFDS mnist is not in")


def test_training_again_and_again_says_nothing_on_stderr(tmp_path):
    """Each start compiles anew, which TensorFlow takes for a mistake and warns of."""
    out = subprocess.run(
        [sys.executable, "-m", "dnn_tf", "train", *SHORT, "--hidden", "3", "--batch-size", "all",
         "--starts", "7", "--out", tmp_path / "m", "--run-dir", tmp_path / "r"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert out.stderr == ""


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.count(".") == 2


def test_help_answers_before_anything_heavy_is_imported():
    code = (
        "import sys\nfrom dnn_tf.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print({'tensorflow', 'keras', 'numpy', 'rich'} & set(sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.startswith("usage: dnn-tf")
    assert out.stdout.endswith("set()\n")


def test_out_of_memory(monkeypatch, capsys):
    def too_much(*_):
        raise MemoryError

    monkeypatch.setattr("dnn_tf.cli.training.mnist", too_much)
    assert "out of memory" in fails(capsys, "mnist")
