"""The options of the commands that train."""

import dataclasses

import pytest

from dnn_tf.cli.devices import DEVICES
from dnn_tf.cli.parser import make_parser
from dnn_tf.runs import Settings

ANYWHERE = {"command", "version", "json", "resume", "repeats"}


@pytest.mark.parametrize("command", ["mnist", "train"])
def test_what_is_not_given_is_left_to_the_settings(command):
    assert set(vars(make_parser().parse_args([command]))) <= ANYWHERE | {*DEVICES}


def test_train_can_set_everything():
    (commands,) = (a for a in make_parser()._actions if a.dest == "command")
    options = {action.dest for action in commands.choices["train"]._actions}
    assert {field.name for field in dataclasses.fields(Settings)} <= options


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
