"""The commands and their options."""

import pytest

from dnn_tf.cli.parser import make_parser
from dnn_tf.exporting import FORMATS


@pytest.mark.parametrize(
    "command", ["mnist", "train", "evaluate", "inspect", "predict", "export", "import-tf1"]
)
def test_every_option_is_explained(command, capsys):
    with pytest.raises(SystemExit) as stop:
        make_parser().parse_args([command, "--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    assert "--json" in text
    assert len(text) > 250


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_can_be_asked_for(format):
    options = make_parser().parse_args(["export", "m", "--format", format])
    assert (options.format, options.out) == (format, None)


def test_a_run_is_either_gone_on_with_or_repeated(capsys):
    with pytest.raises(SystemExit):
        make_parser().parse_args(["train", "--resume", "a", "--from", "b"])
    assert "not allowed with argument" in capsys.readouterr().err
