"""The words that cross borders."""

from dnn_tf.types import DivergenceError, InputError, first_line


def test_errors_are_kinds_that_python_knows():
    assert issubclass(InputError, ValueError)
    assert issubclass(DivergenceError, ArithmeticError)


def test_first_line_is_for_people():
    error = ValueError("{{function_node __wrapped__X}} disk full\nmore")
    assert first_line(error) == "disk full"
    assert first_line(KeyError()) == "KeyError"
