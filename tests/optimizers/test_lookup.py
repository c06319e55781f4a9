"""Optimisers by name."""

import pytest

from dnn_tf import optimizers
from dnn_tf.types import InputError

WITHOUT_NAME = {"get", "LayerwiseRates"}  # which is around another


@pytest.mark.parametrize("name", [name for name in optimizers.__all__ if name not in WITHOUT_NAME])
def test_every_public_class_has_a_name(name):
    known = "gradient_descent" if name == "GradientDescent" else name.lower()
    optimizer = optimizers.get(known, learning_rate=0.25)
    assert type(optimizer) is getattr(optimizers, name)
    assert float(optimizer.learning_rate) == 0.25


def test_options_are_passed_on():
    optimizer = optimizers.get("rmsprop", start="ones", clipnorm=2.0)
    assert (optimizer.start, optimizer.clipnorm) == ("ones", 2.0)


def test_unknown_name():
    with pytest.raises(InputError, match=r"^unknown optimiser 'sgd': there are gradient_descent,"):
        optimizers.get("sgd")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"betas": 0.9}, "^the optimiser 'adam': .*betas.*; its own options are learning_rate,"),
        ({"beta_1": 2}, "^beta_1 is a number from 0 up to and without 1, and got 2$"),
    ],
)
def test_bad_options(options, message):
    with pytest.raises(InputError, match=message) as error:
        optimizers.get("adam", **options)
    assert "\n" not in str(error.value)


def test_an_optimiser_may_be_given_a_name():
    assert optimizers.get("adam", name="mine").name == "mine"
