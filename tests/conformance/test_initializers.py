"""Every initialiser has the spread of its rule and the distribution of its peer."""

import keras
import numpy as np
import pytest

from conformance.cases import INITIALIZERS

FANS = (30, 50)


@pytest.fixture(params=INITIALIZERS, ids=INITIALIZERS)
def case(request):
    return INITIALIZERS[request.param]


def draws(make, n=400):
    return np.concatenate([make(seed)(FANS).numpy().ravel() for seed in range(n)])


def test_mean_and_variance(case):
    weights = draws(case.make)
    assert abs(weights.mean()) < 5 * np.sqrt(case.variance / weights.size)
    assert weights.var() == pytest.approx(case.variance, rel=0.01)


def test_distribution_is_that_of_the_peer(case):
    """Quantile by quantile, of 60,000 draws each."""
    probabilities = np.linspace(0.01, 0.99, 99)
    ours = np.quantile(draws(case.make, 40), probabilities)
    peer = case.peer().__class__
    config = case.peer().get_config()
    theirs = np.quantile(
        draws(lambda seed: peer.from_config({**config, "seed": 1000 + seed}), 40), probabilities
    )
    np.testing.assert_allclose(ours, theirs, atol=0.05 * np.sqrt(case.variance))


def test_seed_gives_the_same_weights_and_none_gives_new_ones(case):
    np.testing.assert_array_equal(case.make(3)((5, 4)), case.make(3)((5, 4)))
    free = case.make(None)
    assert not np.array_equal(free((5, 4)), free((5, 4)))
    keras.utils.set_random_seed(9)
    one = free((5, 4))
    keras.utils.set_random_seed(9)
    np.testing.assert_array_equal(one, free((5, 4)))


def test_config_round_trip(case):
    one = case.make(4)
    again = keras.initializers.deserialize(keras.initializers.serialize(one))
    assert type(again) is type(one)
    np.testing.assert_array_equal(again((5, 4)), one((5, 4)))


@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16"])
def test_dtype(case, dtype):
    assert case.make(1)((5, 4), dtype).dtype == dtype
