import argparse
import inspect

import pytest

from dnn_tf.cli.tuning_options import add_tuning
from dnn_tf.tuning import search
from dnn_tf.tuning.oracles import ALGORITHMS
from dnn_tf.tuning.task import OBJECTIVES

ELSEWHERE = {"data", "directory", "out", "report", "progress", "jit_compile"}
"""Given otherwise, or from Python only."""


@pytest.fixture
def actions():
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    add_tuning(parser)
    assert vars(parser.parse_args([])) == {}  # what is not given is left to the search
    return {action.dest: action for action in parser._actions if action.dest != "help"}


def test_every_word_of_the_search_has_an_option_of_its_name(actions):
    assert set(actions) == set(inspect.signature(search).parameters) - ELSEWHERE


def test_defaults_in_the_help_are_those_of_the_search(actions):
    for name, parameter in inspect.signature(search).parameters.items():
        if isinstance(parameter.default, int | str) and name not in ELSEWHERE:
            assert f"({parameter.default})" in actions[name].help


def test_choices_are_those_of_the_search(actions):
    assert actions["algorithm"].choices == ALGORITHMS
    assert actions["objective"].choices == OBJECTIVES
