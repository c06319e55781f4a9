"""Results are kept as soon as each experiment has ended."""

import json

import pytest
from matplotlib.figure import Figure

from dnn_tf.experiments import contents, reproducing
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.reproducing import collect, reproduce
from dnn_tf.experiments.rows import Row
from dnn_tf.types import InputError


@pytest.fixture
def pages(tmp_path, monkeypatch):
    """Two of them, `one` and `two`, and the names of those that ran."""
    ran = []

    class Page:
        def __init__(self, name):
            self.name = name
            self.__doc__ = f"Page {name}.\n"

        def reproduce(self, setting):
            ran.append(self.name)
            assert setting.directory.is_dir()
            if setting.seed == 13:
                raise KeyboardInterrupt
            rows = [Row("a", 1.0, 1.0), Row("b", float("nan"), 2.0)]
            figure = Figure() if self.name == "one" else None
            return Outcome(rows, figure, [Claim("It is so.", True, "Seen.")])

    known = {name: Page(name) for name in ("one", "two")}
    monkeypatch.setattr(reproducing, "page", lambda name: known[name])
    monkeypatch.setattr(reproducing, "PAGES", list(known))
    monkeypatch.setattr(contents, "page", lambda name: known[name])
    return ran


def test_runs_each_once_and_keeps_what_it_came_to(pages, tmp_path):
    told = []
    folder = tmp_path / "results"
    results = reproduce(["two", "one", "two"], directory=folder, report=told.append)
    assert pages == ["two", "one"]
    assert told == results
    assert [(result.name, result.title) for result in results] == [
        ("two", "Page two"), ("one", "Page one"),
    ]  # fmt: skip
    assert [row["ok"] for row in results[0].rows] == [True, False]
    assert results[0].claims == [
        {"text": "It is so.", "holds": True, "found": "Seen.", "told": "It is so. Holds: Seen."}
    ]
    assert {path.name for path in folder.iterdir()} == {"one.json", "one.png", "two.json"}
    assert json.loads((folder / "one.json").read_text())["rows"][1]["measured"] is None
    assert [result.figure for result in results] == ["", "one.png"]
    assert collect(folder) == results[::-1]


def test_goes_on_after_a_kill(pages, tmp_path):
    first = reproduce(["one"], directory=tmp_path / "results")
    both = reproduce(["one", "two"], directory=tmp_path / "results")
    assert pages == ["one", "two"]
    assert both[0] == first[0]


@pytest.mark.parametrize("change", [{"seed": 1}, {"quick": True}])
def test_results_of_another_setting_are_not_overwritten(pages, tmp_path, change):
    reproduce(["one"], directory=tmp_path / "results")
    with pytest.raises(InputError, match="holds results of a full run from seed 42, and a "):
        reproduce(["two"], directory=tmp_path / "results", **change)
    assert pages == ["one"]


@pytest.mark.parametrize("spoil", ["code", "result", "asked"])
def test_what_is_stale_or_damaged_is_run_again(pages, tmp_path, monkeypatch, spoil):
    reproduce(["one"], directory=tmp_path / "results")
    if spoil == "code":
        monkeypatch.setattr(reproducing, "_code", lambda: "another")
    elif spoil == "result":
        (tmp_path / "results" / "one.json").write_text("{")
    reproduce(["one"], directory=tmp_path / "results", again=spoil == "asked")
    assert pages == ["one", "one"]


def test_the_code_is_that_of_the_whole_package(monkeypatch, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.py").write_text("1")
    monkeypatch.setattr(reproducing, "__file__", str(tmp_path / "a" / "reproducing.py"))
    before = reproducing._code()
    assert before == reproducing._code()
    (tmp_path / "b" / "page.py").write_text("2")
    assert before != reproducing._code()


def test_an_interruption_leaves_no_half_result(pages, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        reproduce(["one"], directory=tmp_path / "results", seed=13)
    assert list((tmp_path / "results").iterdir()) == []


def test_bad_words_are_told_before_anything_runs(pages, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="is a file: name a folder"):
        reproduce(["one"], directory=tmp_path / "file")
    with pytest.raises(InputError, match="seed"):
        reproduce(["one"], directory=tmp_path / "results", seed=-1)
    assert pages == []
    assert not (tmp_path / "results").exists()
