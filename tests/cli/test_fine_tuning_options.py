import argparse
import dataclasses

import pytest

from dnn_tf.cli.fine_tuning_options import add_fine_tuning
from dnn_tf.runs import FineTuneSettings


@pytest.fixture
def parser():
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    add_fine_tuning(parser)
    return parser


def test_what_is_not_given_is_left_to_the_settings(parser):
    assert vars(parser.parse_args([])) == {}


def test_every_setting_has_an_option_of_its_name(parser):
    names = {action.dest for action in parser._actions} - {"help"}
    assert names == {field.name for field in dataclasses.fields(FineTuneSettings)} - {"data"}


def test_defaults_in_the_help_are_those_of_the_settings(parser):
    helps = {action.dest: action.help for action in parser._actions}
    for field in dataclasses.fields(FineTuneSettings):
        if isinstance(field.default, int | float) and not isinstance(field.default, bool):
            assert f"({field.default:g}" in helps[field.name]


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("--keep 2", {"keep": 2}),
        ("--keep hidden2", {"keep": "hidden2"}),
        ("--keep -1", {"keep": -1}),
        ("--no-cache --scratch", {"cache": False, "scratch": True}),
        ("--new-hidden 20 10", {"new_hidden": [20, 10]}),
        ("--new-hidden", {"new_hidden": []}),
    ],
)
def test_words(parser, words, given):
    assert vars(parser.parse_args(words.split())) == given
