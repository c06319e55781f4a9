"""The documents' experiments, from the command line."""

import json

import pytest

from dnn_tf.cli import main
from dnn_tf.experiments.contents import PAGES

NAME = "saturated-start"


def test_the_list(capsys):
    assert main(["reproduce", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(PAGES)
    assert main(["reproduce", "--list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [set(one) for one in listed] == [{"name", "title"}] * len(PAGES)


def test_one_by_its_name(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["reproduce", NAME, "--quick"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{NAME}: ")
    assert "2 of 2 references met" in out
    folder = tmp_path / "runs" / "reproduce"
    assert {path.name for path in folder.iterdir()} == {
        f"{NAME}.json", f"{NAME}.png", "results.md",
    }  # fmt: skip
    before = (folder / f"{NAME}.json").read_bytes()

    assert main(["reproduce", NAME, "--quick", "--json"]) == 0  # again: from the folder
    captured = capsys.readouterr()
    rows = json.loads(captured.out)
    assert all(
        row.keys() >= {"experiment", "name", "measured", "reference", "tolerance", "ok", "note"}
        for row in rows
    )
    assert [row["ok"] for row in rows] == [True, True]
    assert captured.err.startswith(f"{NAME}: ")
    assert (folder / f"{NAME}.json").read_bytes() == before


@pytest.mark.parametrize(
    "words", [[], ["--quick"], [NAME, "--all"], ["--all", NAME, "--json"]], ids=" ".join
)
def test_either_names_or_all(words, capsys):
    with pytest.raises(SystemExit) as exit_:
        main(["reproduce", *words])
    assert exit_.value.code == 2
    assert "--list tells their names" in capsys.readouterr().err


def test_an_unknown_name(tmp_path, capsys):
    folder = tmp_path / "results"
    assert main(["reproduce", "chapter-99", "--dir", str(folder)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "'chapter-99'" in line
    assert not folder.exists()
