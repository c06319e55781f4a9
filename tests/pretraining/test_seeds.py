"""Seeds of everything that is drawn."""

import itertools

import keras
import numpy as np
import pytest

from dnn_tf.initializers import PlainNormal
from dnn_tf.pretraining.seeds import as_seed, layer_seeds, seeded
from dnn_tf.types import InputError


@pytest.mark.parametrize("seed", [3, np.int64(3), np.uint8(3)])
def test_any_whole_number_becomes_pythons(seed):
    assert type(as_seed(seed)) is int
    assert as_seed(seed) == 3


def test_without_one_it_is_numpys():
    np.random.seed(1)
    one = as_seed(None)
    np.random.seed(1)
    assert as_seed(None) == one


@pytest.mark.parametrize("seed", [-1, 1.5, "one", True])
def test_odd_seed(seed):
    with pytest.raises(InputError, match="seed is a whole number from 0 to 4294967295, and got"):
        as_seed(seed)


def test_a_seed_that_generators_do_not_take():
    keras.random.SeedGenerator(as_seed(2**32 - 1))
    with pytest.raises(InputError, match="seed is a whole number from 0 to 4294967295, and"):
        as_seed(2**32)


def test_layers_of_neighbouring_seeds_share_none():
    seeds = list(itertools.chain(*(np.ravel(layer_seeds(seed, 5, uses=4)) for seed in range(50))))
    assert len(set(seeds)) == 50 * 5 * 4


def test_a_further_layer_changes_none_below():
    assert layer_seeds(7, 5, uses=4)[:2] == layer_seeds(7, 2, uses=4)


@pytest.mark.parametrize("start", ["he_normal", "glorot_uniform", PlainNormal(0.1)])
def test_initialisers_that_draw_are_given_a_seed(start):
    one, again, other = (seeded(start, seed)((4, 3)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_a_seed_of_its_own_is_kept():
    assert seeded(PlainNormal(0.1, seed=5), 3).seed == 5


def test_what_does_not_draw_is_left_as_it_is():
    assert not np.any(seeded("zeros", 3)((2,)))

    def ones(shape, dtype=None):
        return keras.ops.ones(shape, dtype)

    assert seeded(ones, 3) is ones
