"""The words that cross borders."""

from dnn_tf.types import DivergenceError, InputError


def test_errors_are_kinds_that_python_knows():
    assert issubclass(InputError, ValueError)
    assert issubclass(DivergenceError, ArithmeticError)
