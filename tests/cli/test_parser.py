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
            value, default = options[field.name], getattr(Settings(), field.name)
            assert (type(default)(value) if isinstance(value, list) else value) == default


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


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("beta_2=0.99", ("beta_2", 0.99)),
        ("decay-steps=1000", ("decay_steps", 1000)),
        ("values=0.1,0.01", ("values", [0.1, 0.01])),
        ("staircase=True", ("staircase", True)),
        ("bias_correction=off", ("bias_correction", False)),
        ("bias_correction=No", ("bias_correction", False)),
        ("bias_correction=YES", ("bias_correction", True)),
        ("bias_correction=on", ("bias_correction", True)),
        ("look_ahead=true look", ("look_ahead", "true look")),
        ("epsilon=1e-8", ("epsilon", 1e-8)),
    ],
)
def test_options_by_name(text, option):
    options = make_parser().parse_args(["train", "--optimizer-option", text])
    assert options.optimizer_options == [option]
    assert type(options.optimizer_options[0][1]) is type(option[1])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--schedule-option", "decay_steps"], "NAME=VALUE was expected, and got 'decay_steps'"),
        (["--schedule-option", "=3"], "NAME=VALUE was expected"),
        (["--batch-size", "most"], "a number or 'all' was expected, and got 'most'"),
        (["--learning-rate", "fast"], "a number or 'auto' was expected, and got 'fast'"),
        (["--clip-value", "1", "--clip-norm", "1"], "not allowed with argument --clip-value"),
    ],
)
def test_what_no_option_is(words, message, capsys):
    with pytest.raises(SystemExit) as stop:
        make_parser().parse_args(["train", *words])
    assert stop.value.code == 2
    assert message in capsys.readouterr().err
