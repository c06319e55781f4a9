"""The process that chooses the trials."""

import json
import subprocess
import sys

import keras_tuner
import pytest
from keras_tuner.src.distribute.oracle_client import OracleClient

from dnn_tf.tuning.identity import Identity


@pytest.fixture
def directory(tmp_path):
    hp = keras_tuner.HyperParameters()
    hp.Int("units", 1, 8)
    Identity(
        algorithm="random", trials=1, objective="val_loss", epochs=9, patience=2, folds=None,
        seed=1, space=hp.get_config(), networks="ef56", data="ab12", source="clouds",
    ).write(tmp_path)  # fmt: skip
    return tmp_path


def start(directory):
    return subprocess.Popen(
        [sys.executable, "-m", "dnn_tf.tuning.chief", str(directory)], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_serves_tells_who_ended_and_ends_with_its_parent(directory, monkeypatch):
    with start(directory) as chief:

        def told():
            """But for the signs of life."""
            return next(message for line in chief.stdout if (message := json.loads(line)))

        port = told()["port"]
        monkeypatch.setenv("KERASTUNER_ORACLE_IP", "127.0.0.1")
        monkeypatch.setenv("KERASTUNER_ORACLE_PORT", str(port))
        monkeypatch.setenv("KERASTUNER_TUNER_ID", "tuner0")
        client = OracleClient(None)
        trial = client.create_trial("tuner0")
        assert trial.status == "RUNNING"
        chief.stdin.write("died tuner0 was killed\ndied tuner9 was killed\n")
        chief.stdin.flush()
        client.update_trial(trial.trial_id, {"val_loss": 0.5})
        trial.status = "COMPLETED"
        client.end_trial(trial)
        assert told() == {"ended": "0"}
        assert client.create_trial("tuner0").status == "STOPPED"
        chief.stdin.close()
        assert chief.wait(20) == 0
        chief.stdin = None
    state = json.loads((directory / "trials" / "trial_0" / "trial.json").read_text())
    assert (state["status"], state["score"]) == ("COMPLETED", 0.5)


def test_a_damaged_folder_ends_it_with_the_reason(directory):
    (directory / "search.json").write_text("{")
    _, told = start(directory).communicate()
    assert told.strip().splitlines()[-1].startswith("dnn_tf.types.InputError: ")
