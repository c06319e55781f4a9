"""What each command prints, in this process; the network is trained on the bundled digits."""

import json
import shlex

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import dnn_tf
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
@pytest.mark.usefixtures("without_xla")
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


@pytest.mark.usefixtures("without_xla")
def test_two_runs_in_one_second_have_two_folders(inside):
    for _ in range(2):
        assert main(["train", *SHORT, "--hidden", "5", "--json"]) == 0
    assert len(list((inside / "runs").iterdir())) == 2


@pytest.mark.usefixtures("without_xla")
def test_train_with_everything(inside, capsys):
    options = (
        "--hidden 20 10 --activation elu --layer dense --initializer he_normal --batch-norm "
        "--dropout 0.1 --dropout-inputs 0.05 --l1 1e-6 --l2 1e-5 --max-norm 3 "
        "--optimizer nesterov --momentum 0.95 --optimizer-option learning_rate_inside=false "
        "--weight-decay 1e-5 --schedule exponential --schedule-option decay_steps=1000 "
        "--gradient-accumulation-steps 2 --clip-norm 1.0 --watch-clipping --watch-layers "
        "--early-stopping 20 "
        "--min-update 1e-9 --max-steps 15 --average 0.5 --starts 2 --threshold 1e-3 "
        "--batch-size 100 --seed 7 --out m --run-dir r"
    )
    assert main(["train", *SHORT, *shlex.split(options)]) == 0
    config = json.loads((inside / "r" / "config.json").read_text())
    assert config == {
        "data": "mnist-sample", "hidden": [20, 10], "activation": "elu", "layer": "dense",
        "initializer": "he_normal", "batch_norm": True, "dropout": 0.1, "dropout_inputs": 0.05,
        "l1": 1e-6, "l2": 1e-5, "max_norm": 3.0, "optimizer": "nesterov",
        "optimizer_options": {"learning_rate_inside": False, "momentum": 0.95},
        "weight_decay": 1e-5, "learning_rate": 0.1, "schedule": "exponential",
        "schedule_options": {"decay_steps": 1000}, "batch_size": 100,
        "gradient_accumulation_steps": 2, "epochs": 1, "clip_value": None, "clip_norm": 1.0,
        "clip_global_norm": None, "watch_clipping": True, "watch_layers": True,
        "early_stopping": 20,
        "min_update": 1e-9, "max_steps": 15, "average": 0.5, "starts": 2, "threshold": 1e-3,
        "seed": 7, "precision": "float32",
    }  # fmt: skip
    layers = (inside / "r" / "layers.csv").read_text().splitlines()
    assert {line.split(",")[0] for line in layers} == {"training", "1", "2"}  # of both starts
    out = capsys.readouterr().out
    assert "saved model  m" in out
    assert "best epoch   0, whose weights were kept" in out
    assert "starts       validation loss by seed 7: " in out
    assert "sparsity     weights below 0.001 set to 0: " in out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--optimizer adam --momentum 0.9", "the optimiser 'adam'"),
        ("--optimizer sgd", "unknown optimiser 'sgd': there are gradient_descent, momentum"),
        ("--momentum 1.5 --optimizer momentum", "momentum is a number from 0 up to and without 1"),
        ("--schedule linear", "unknown schedule 'linear': there are piecewise, exponential"),
        ("--schedule piecewise", "the schedule 'piecewise' needs boundaries"),
        ("--schedule power --schedule-option rate=3", "takes no option 'rate'"),
        ("--schedule performance --schedule-option factor=3", "factor is a number from 0"),
        ("--schedule-option decay_steps=3", "decay_steps: options of a schedule"),
        ("--watch-clipping", "watch_clipping measures what a clip does"),
        ("--optimizer-option learning_rate=3", "give learning_rate"),
        ("--schedule one_cycle --schedule-option max_learning_rate=3", "leave it out"),
        ("--schedule piecewise --learning-rate auto", "a piecewise schedule gives its own"),
        ("--optimizer adam --optimizer-option beta_3=1", "'beta_3'"),
        ("--optimizer adam --optimizer-option beta_2=abc", "beta_2 is a number from 0"),
        ("--optimizer adam --optimizer-option bias_correction=of", "is True or False"),
        ("--optimizer ftrl --optimizer-option learning_rate_power=abc", "the optimiser 'ftrl'"),
        ("--optimizer-option clipnorm=abc", "give clip_norm instead (--clip-norm)"),
        ("--optimizer-option name=a", "takes no option 'name'"),
        ("--optimizer-option name=a,b", "takes no option 'name'"),
        ("--optimizer-option weight_decay=abc", "give weight_decay instead"),
        (
            "--optimizer momentum --momentum 0.9 --optimizer-option momentum=0.5",
            "--momentum and --optimizer-option momentum are the same: give one",
        ),
        ("--schedule cosine --schedule-option warmup_steps=abc", "warmup_steps is a whole number"),
        (
            "--schedule performance --schedule-option validation=abc --schedule-option every=5",
            "takes no option 'validation'",
        ),
        ("--seed 4294967295 --starts 2", "2 starts count up from seed 4294967295"),
    ],
)
def test_what_does_not_go_together_is_refused_before_anything_is_loaded(
    inside, capsys, options, message
):
    with pytest.raises(SystemExit) as stop:
        main(["train", *shlex.split(options)])
    assert stop.value.code == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert message in error
    assert list(inside.iterdir()) == []


@pytest.mark.usefixtures("without_xla")
def test_piecewise_with_one_boundary(inside):
    pieces = ["--schedule-option", "boundaries=20", "--schedule-option", "values=0.1,0.01"]
    command = ["train", "--data", "mnist-sample", "--epochs", "1", "--hidden", "5"]
    assert main([*command, "--schedule", "piecewise", *pieces, "--run-dir", "r"]) == 0
    assert (inside / "r" / "schedule.png").is_file()
    result = json.loads((inside / "r" / "result.json").read_text())
    assert result["learning_rate"] == pytest.approx(0.1)


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


@pytest.mark.usefixtures("without_xla")
def test_the_rate_that_was_found_is_told_and_not_that_of_the_first_step(inside, capsys):
    """One cycle climbs to it, from a tenth of it."""
    options = "--learning-rate auto --schedule one_cycle --hidden 10 --epochs 1 --run-dir r"
    assert main(["train", "--data", "mnist-sample", *shlex.split(options)]) == 0
    result = json.loads((inside / "r" / "result.json").read_text())
    assert result["found_learning_rate"] == pytest.approx(10 * result["learning_rate"])
    line = f"learning rate {result['found_learning_rate']:.3g}, found by a trial"
    assert line in capsys.readouterr().out


@pytest.mark.parametrize("format", ["onnx", "litert", "savedmodel"])
def test_export(inside, capfd, saved, format):
    assert main(["export", str(saved), "--format", format, "--out", f"m.{ENDINGS[format]}"]) == 0
    captured = capfd.readouterr()
    assert f": {format}, " in captured.out
    assert "in 66 random samples (1e-05 is allowed)" in captured.out or format == "savedmodel"
    assert captured.err == ""


ENDINGS = {"onnx": "onnx", "litert": "tflite", "savedmodel": "folder"}


def test_export_for_a_program(inside, capsys, saved):
    assert main(["export", str(saved), "--format", "savedmodel", "--out", "m", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["path"] == str(inside / "m")
    assert answer["difference"] <= 1e-5


def test_an_export_that_is_refused(inside, capfd, saved):
    assert main(["export", str(saved), "--format", "onnx", "--out", "m.tflite"]) == 1
    assert capfd.readouterr().err == (
        "dnn-tf: error: m.tflite does not end in .onnx: name it m.onnx\n"
    )


@pytest.fixture
def checkpoint(inside):
    """Of a TF1 network with two hidden layers."""
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        for name, shape in {"hidden1": (4, 3), "hidden2": (3, 3), "outputs": (3, 2)}.items():
            v1.get_variable(f"dnn/{name}/kernel", shape)
            v1.get_variable(f"dnn/{name}/bias", shape[1:])
        v1.get_variable("global_step", (), "int64", v1.zeros_initializer())
        session.run(v1.global_variables_initializer())
        return v1.train.Saver().save(session, str(inside / "my_model_final.ckpt"))


def test_import_tf1(inside, capsys, checkpoint):
    assert main(["import-tf1", checkpoint, "--out", "m", "--activation", "elu,relu"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["dnn/hidden1/kernel", "4", "x", "3", "hidden1.kernel"]
    assert "6 variables taken, 1 left out" in lines[-2]
    model = dnn_tf.load(inside / "m")
    names = [model.get_layer(name).activation.__name__ for name in ("hidden1", "hidden2")]
    assert names == ["elu", "relu"]


def test_import_tf1_for_a_program(inside, capsys, checkpoint):
    assert main(["import-tf1", checkpoint, "--out", "m", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["saved_model"] == str(inside / "m")
    assert {row["variable"] for row in answer["variables"]} >= {"global_step", "dnn/outputs/bias"}
