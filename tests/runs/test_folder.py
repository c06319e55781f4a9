"""The run folder."""

import csv
import json
from dataclasses import asdict

import numpy as np
import pytest
from matplotlib.figure import Figure

from dnn_tf.runs import Manifest, Settings, read_run
from dnn_tf.runs.folder import RunFolder
from dnn_tf.types import InputError

MANIFEST = Manifest({"python": "3"}, {"cores": 2}, {"threads": [0, 0]}, {"name": "d"}, 0.25, "/m")


def changed(file, **fields):
    file.write_text(json.dumps(json.loads(file.read_text()) | fields))


def begin(path, settings=None):
    settings = settings or Settings()
    part = "start" if settings.starts > 1 else None
    return RunFolder.begin(path, asdict(settings), MANIFEST, part)


def rows(folder):
    with (folder.path / "metrics.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_config_at_once_and_a_row_an_epoch(tmp_path):
    folder = begin(tmp_path / "run", Settings(epochs=2))
    assert json.loads((tmp_path / "run" / "config.json").read_text())["epochs"] == 2
    folder.on_epoch_end(0, {"loss": np.float32(0.5), "seconds": 1.25})
    assert rows(folder) == [{"epoch": "0", "loss": "0.5", "seconds": "1.25"}]
    folder.on_epoch_end(1, {"loss": 0.25, "seconds": 1.0})
    assert [row["epoch"] for row in rows(folder)] == ["0", "1"]


def test_a_first_start_that_measured_nothing(tmp_path):
    folder = begin(tmp_path / "run", Settings(starts=3))
    folder.on_train_begin()  # diverges in its first epoch
    for loss in (0.5, 0.25):
        folder.on_train_begin()
        folder.on_epoch_end(0, {"loss": loss})
    assert rows(folder) == [
        {"start": "2", "epoch": "0", "loss": "0.5"},
        {"start": "3", "epoch": "0", "loss": "0.25"},
    ]


def test_figures_and_json(tmp_path):
    folder = begin(tmp_path, Settings())  # an empty folder will do
    folder.write_figure("f.png", Figure())
    folder.write_json("j.json", {"名": 1})
    assert (tmp_path / "f.png").read_bytes().startswith(b"\x89PNG")
    assert "名" in (tmp_path / "j.json").read_text(encoding="utf-8")


def test_keeps_what_another_run_has_written(tmp_path):
    begin(tmp_path / "run", Settings())
    with pytest.raises(InputError, match="not empty.*name a new folder"):
        begin(tmp_path / "run", Settings())


def test_nowhere_to_write(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="run cannot be written"):
        begin(tmp_path / "file" / "run", Settings())


def test_a_run_is_read_as_it_was_begun(tmp_path):
    settings = Settings(hidden=(7, 5), optimizer="adam", optimizer_options={"beta_1": 0.8})
    begin(tmp_path / "run", settings)
    assert read_run(tmp_path / "run") == (settings, MANIFEST)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda run: (run / "config.json").unlink(), "holds no run .*config.json"),
        (lambda run: (run / "manifest.json").unlink(), "manifest.json is missing or damaged"),
        (lambda run: (run / "config.json").write_text("{"), "config.json is missing or damaged"),
        (lambda run: (run / "config.json").write_text("[]"), "holds no JSON object"),
        (lambda run: (run / "config.json").write_text('{"a": 1, "hidden": []}'), "cannot read"),
        (lambda run: (run / "manifest.json").write_text("{}"), "cannot read"),
        (lambda run: changed(run / "config.json", data=7), "cannot read .data is a name or a path"),
        (lambda run: changed(run / "config.json", hidden=7), "cannot read"),
        (lambda run: changed(run / "manifest.json", machine=7), "its manifest is damaged"),
        (lambda run: changed(run / "manifest.json", out=7), "its manifest is damaged"),
        (lambda run: changed(run / "manifest.json", found_learning_rate="a"), "is no number"),
        (
            lambda run: (
                changed(run / "config.json", learning_rate="auto"),
                changed(run / "manifest.json", found_learning_rate=None),
            ),
            "lacks found_learning_rate",
        ),
    ],
)
def test_what_is_no_run(tmp_path, change, words):
    begin(tmp_path / "run")
    change(tmp_path / "run")
    with pytest.raises(InputError, match=words):
        read_run(tmp_path / "run")


def again(tmp_path, starts=1):
    """The folder of a run that goes on."""
    return RunFolder(tmp_path / "run", "start" if starts > 1 else None)


def test_rows_of_epochs_that_are_trained_once_more_are_replaced(tmp_path):
    folder = begin(tmp_path / "run")
    folder.on_train_begin()
    for epoch in range(4):
        folder.on_epoch_end(epoch, {"loss": 1.0})
    folder = again(tmp_path)
    folder.on_train_begin()
    for epoch in (2, 3, 4):
        folder.on_epoch_end(epoch, {"loss": 0.5})
    assert [(row["epoch"], row["loss"]) for row in rows(folder)] == [
        ("0", "1.0"), ("1", "1.0"), ("2", "0.5"), ("3", "0.5"), ("4", "0.5"),
    ]  # fmt: skip


def test_a_row_that_a_kill_cut_off_is_replaced(tmp_path):
    folder = begin(tmp_path / "run")
    folder.on_train_begin()
    for epoch in range(2):
        folder.on_epoch_end(epoch, {"loss": 0.125})
    file = folder.path / "metrics.csv"
    file.write_bytes(file.read_bytes()[:-4])
    folder = again(tmp_path)
    folder.on_train_begin()
    folder.on_epoch_end(1, {"loss": 0.125})
    assert [(row["epoch"], row["loss"]) for row in rows(folder)] == [("0", "0.125"), ("1", "0.125")]


def test_of_several_starts_only_the_one_under_way_is_replaced(tmp_path):
    folder = begin(tmp_path / "run", Settings(starts=2))
    for _ in range(2):
        folder.on_train_begin()
        for epoch in range(2):
            folder.on_epoch_end(epoch, {"loss": 1.0})
    folder = again(tmp_path, starts=2)
    folder.on_train_begin()  # has ended
    folder.on_train_begin()
    folder.on_epoch_end(1, {"loss": 0.5})
    found = [(row["start"], row["epoch"], row["loss"]) for row in rows(folder)]
    assert found == [("1", "0", "1.0"), ("1", "1", "1.0"), ("2", "0", "1.0"), ("2", "1", "0.5")]


@pytest.mark.parametrize("cut", [1, 4, 9])
def test_a_last_row_that_was_cut_off_is_no_row(tmp_path, cut):
    """Also where what is left of it reads like one."""
    folder = begin(tmp_path / "run")
    folder.on_train_begin()
    for epoch in range(3):
        folder.on_epoch_end(epoch, {"loss": 0.125})
    file = folder.path / "metrics.csv"
    file.write_bytes(file.read_bytes()[:-cut])
    folder.on_epoch_end(3, {"loss": 0.5})
    assert [row["epoch"] for row in rows(folder)] == ["0", "1", "3"]
    assert {row["loss"] for row in rows(folder)} == {"0.125", "0.5"}


@pytest.mark.parametrize("content", [b"epoch;loss\n0;1\n", b"epoch,loss\nx,1\n", b"\xff\xfe\n\n"])
def test_a_damaged_table_is_set_aside(tmp_path, content):
    folder = begin(tmp_path / "run")
    folder.on_train_begin()
    (folder.path / "metrics.csv").write_bytes(content)
    with pytest.warns(UserWarning, match="is damaged: it is metrics.csv.damaged now"):
        folder.on_epoch_end(4, {"loss": 0.5})
    assert [row["epoch"] for row in rows(folder)] == ["4"]
    assert (folder.path / "metrics.csv.damaged").read_bytes() == content


def test_a_full_disk_does_not_end_the_training(tmp_path, monkeypatch):
    folder = begin(tmp_path / "run")
    folder.on_train_begin()

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dnn_tf.runs.folder._write_rows", full)
    with pytest.warns(UserWarning, match="row of epoch 0 could not be written .*No space left"):
        folder.on_epoch_end(0, {"loss": 0.5})
    monkeypatch.undo()
    folder.on_epoch_end(1, {"loss": 0.25})
    assert [row["epoch"] for row in rows(folder)] == ["1"]


def test_a_run_that_was_killed_before_it_began_leaves_the_folder_free(tmp_path):
    begin(tmp_path / "run")
    (tmp_path / "run" / "config.json").unlink()
    begin(tmp_path / "run")
