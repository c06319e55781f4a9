"""What an RBM can learn from."""

import numpy as np
import pytest

from dnn_tf.layers import RBM
from dnn_tf.pretraining.rbm_data import as_visible, starting_bias
from dnn_tf.types import InputError


@pytest.mark.parametrize("bad", [-0.1, 1.5])
def test_binary_units_take_probabilities(bad):
    with pytest.raises(InputError, match=rf"x: x\[1, 0\] is {bad}, and binary visible units"):
        as_visible(RBM(2), [[0.0, 1], [bad, 0]], "x")


def test_gaussian_units_take_any_number():
    x = as_visible(RBM(2, "gaussian"), [[-7, 1]], "x")
    assert x.tolist() == [[-7, 1]]
    assert x.dtype == "float32"


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_no_numbers(bad):
    with pytest.raises(InputError, match=r"validation: x\[0, 1\] is"):
        as_visible(RBM(2, "gaussian"), [[0.0, bad]], "validation")


def test_images_are_to_be_flattened():
    with pytest.raises(InputError, match=r"x has the shape \(3, 2, 2\).*flatten the samples"):
        as_visible(RBM(2), np.zeros((3, 2, 2)), "x")


def test_no_rows():
    with pytest.raises(InputError, match="x has no rows"):
        as_visible(RBM(2), np.zeros((0, 2)), "x")


def test_features_that_the_rbm_was_not_built_for():
    rbm = RBM(2, name="r")
    rbm.build((None, 4))
    with pytest.raises(InputError, match="a sample has 3 features, and RBM 'r' was built for 4"):
        as_visible(rbm, np.zeros((5, 3)), "x")


def test_numbers_come_in_the_type_of_the_weights():
    assert as_visible(RBM(2, dtype="float64"), [[0, 1]], "x").dtype == "float64"


def test_a_unit_that_is_never_on_starts_with_a_finite_bias():
    bias = starting_bias(np.array([[0, 1], [0, 1], [0, 1]]), "binary")
    np.testing.assert_allclose(bias, [-np.log(4), np.log(4)])


def test_without_weights_the_rbm_has_the_means_of_the_data():
    x = np.random.default_rng(1).uniform(size=(1000, 3)) < [0.1, 0.5, 0.9]
    rbm = RBM(2, kernel_initializer="zeros")
    rbm.build((None, 3))
    rbm.visible_bias.assign(starting_bias(x, "binary"))
    np.testing.assert_allclose(
        rbm.visible_given(np.zeros((1, 2), "float32"))[0], x.mean(0), atol=0.002
    )


def test_gaussian_units_start_at_the_mean():
    assert starting_bias(np.array([[1.0, 2], [3, 6]]), "gaussian").tolist() == [2, 4]
