"""The command that looks at layers."""

import json

import pytest

from dnn_tf.cli import main


def test_a_table_and_a_figure(saved, tmp_path, capsys):
    figure = tmp_path / "layers.png"
    command = ["inspect", str(saved), "--data", "mnist-sample", "--rows", "100"]
    assert main([*command, "--figure", str(figure)]) == 0
    out = capsys.readouterr().out
    assert "healthy: nothing wrong in 3 layers" in out
    assert out.splitlines()[-1] == f"figure       {figure}"
    assert figure.read_bytes().startswith(b"\x89PNG")


def test_for_a_program(saved, capsys):
    command = ["inspect", str(saved), "--data", "mnist-sample", "--split", "test", "--json"]
    assert main(command) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["rows"], answer["healthy"], answer["root"]) == (1000, True, None)
    assert [layer["name"] for layer in answer["layers"]] == ["hidden1", "hidden2", "outputs"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--figure a.txt", "a.txt does not end in .png, .pdf, .svg: name it a.txt.png"),
        ("--figure nowhere/a.png", "nowhere is no folder: make it"),
        ("--rows 0", "rows is a whole number, 1 or more, and got 0"),
    ],
)
def test_one_line_for_what_cannot_be(saved, capsys, options, message):
    assert main(["inspect", str(saved), "--data", "mnist-sample", *options.split()]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
