"""The options."""

import dataclasses

import pytest

from dnn_tf.cli.parser import make_parser
from dnn_tf.runs import Settings


@pytest.mark.parametrize("command", ["mnist", "train"])
def test_defaults_are_those_of_the_settings(command):
    options = vars(make_parser().parse_args([command]))
    for field in dataclasses.fields(Settings):
        if field.name in options:
            value = options[field.name]
            assert (tuple(value) if isinstance(value, list) else value) == field.default


def test_train_can_set_everything():
    options = vars(make_parser().parse_args(["train"]))
    assert {field.name for field in dataclasses.fields(Settings)} <= set(options)


@pytest.mark.parametrize("command", ["mnist", "train", "evaluate", "predict"])
def test_every_option_is_explained(command, capsys):
    with pytest.raises(SystemExit) as stop:
        make_parser().parse_args([command, "--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    assert "--json" in text
    assert len(text) > 250
