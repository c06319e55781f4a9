import json

import pytest

from dnn_tf.cli import main
from dnn_tf.cli.parser import make_parser
from workers.processes import run_job

TRAIN = ["-m", "dnn_tf", "train", "--workers-from-env", "--data", "mnist-sample", "--json"]
pytestmark = pytest.mark.timeout(600)  # processes that may share two cores


def test_two_processes_train_and_the_chief_tells(tmp_path):
    places = ["--run-dir", tmp_path / "run", "--out", tmp_path / "model"]
    words = [*TRAIN, *places, "--epochs", "1", "--hidden", "20", "--batch-norm"]
    chief, worker = run_job(words, seconds=300).values()
    assert (chief.code, worker.code) == (0, 0), (chief.err, worker.err)
    result = json.loads(chief.out)
    assert result["test_accuracy"] > 0.3
    assert worker.out == ""
    (told,) = worker.err.splitlines()
    assert told.startswith("dnn-tf: worker 1 (127.0.0.1:")
    assert "the chief, which writes and tells the result" in told
    assert json.loads((tmp_path / "run" / "manifest.json").read_text())["machine"]["replicas"] == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model", "run"]


def test_a_worker_that_does_not_come(tmp_path):
    (chief,) = run_job([*TRAIN, "--rendezvous-seconds", "1"], seconds=100, only=[0]).values()
    assert chief.code == 1
    (told,) = chief.err.splitlines()
    assert told.startswith("dnn-tf: error: worker 1 (127.0.0.1:")
    assert "did not come within 1 s" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--workers-from-env"], "TF_CONFIG is not set"),
        (["--gpus", "2"], "2 GPUs were asked for, and TensorFlow sees "),
    ],
)
def test_what_is_not_there(words, told, capsys, monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    assert main(["train", *words]) == 1
    assert told in capsys.readouterr().err


def test_the_options():
    parse = make_parser().parse_args
    assert parse(["train", "--gpus", "all"]).gpus == "all"
    assert parse(["train"]).rendezvous_seconds == 60
    for words in (["--gpus", "two"], ["--gpus", "2", "--workers-from-env"]):
        with pytest.raises(SystemExit):
            parse(["train", *words])
