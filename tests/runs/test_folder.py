"""The run folder."""

import csv
import json

import numpy as np
import pytest
from matplotlib.figure import Figure

from dnn_tf.runs import Settings
from dnn_tf.runs.folder import RunFolder
from dnn_tf.types import InputError


def rows(folder):
    with (folder.path / "metrics.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_config_at_once_and_a_row_an_epoch(tmp_path):
    folder = RunFolder(tmp_path / "run", Settings(epochs=2))
    assert json.loads((tmp_path / "run" / "config.json").read_text())["epochs"] == 2
    folder.on_epoch_end(0, {"loss": np.float32(0.5), "seconds": 1.25})
    assert rows(folder) == [{"epoch": "0", "loss": "0.5", "seconds": "1.25"}]
    folder.on_epoch_end(1, {"loss": 0.25, "seconds": 1.0})
    assert [row["epoch"] for row in rows(folder)] == ["0", "1"]


def test_a_first_start_that_measured_nothing(tmp_path):
    folder = RunFolder(tmp_path / "run", Settings(starts=3))
    folder.on_train_begin()  # diverges in its first epoch
    for loss in (0.5, 0.25):
        folder.on_train_begin()
        folder.on_epoch_end(0, {"loss": loss})
    assert rows(folder) == [
        {"start": "2", "epoch": "0", "loss": "0.5"},
        {"start": "3", "epoch": "0", "loss": "0.25"},
    ]


def test_figures_and_json(tmp_path):
    folder = RunFolder(tmp_path, Settings())  # an empty folder will do
    folder.write_figure("f.png", Figure())
    folder.write_json("j.json", {"名": 1})
    assert (tmp_path / "f.png").read_bytes().startswith(b"\x89PNG")
    assert "名" in (tmp_path / "j.json").read_text(encoding="utf-8")


def test_keeps_what_another_run_has_written(tmp_path):
    RunFolder(tmp_path / "run", Settings())
    with pytest.raises(InputError, match="not empty.*name a new folder"):
        RunFolder(tmp_path / "run", Settings())


def test_nowhere_to_write(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="run cannot be written"):
        RunFolder(tmp_path / "file" / "run", Settings())
