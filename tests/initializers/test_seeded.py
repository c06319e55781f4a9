"""Seeds."""

import keras
import numpy as np
import pytest

from dnn_tf.initializers.seeded import SeededInitializer
from dnn_tf.types import InputError


def test_its_own_seed_or_a_new_one():
    assert SeededInitializer(5).draw_seed() == 5
    free = SeededInitializer()
    assert len({free.draw_seed() for _ in range(50)}) == 50
    keras.utils.set_random_seed(1)
    one = free.draw_seed()
    keras.utils.set_random_seed(1)
    assert free.draw_seed() == one


@pytest.mark.parametrize("seed", ["a", -1, 2.5])
def test_seed_is_a_whole_number(seed):
    with pytest.raises(InputError, match="seed is a whole number, 0 or more"):
        SeededInitializer(seed)


def test_config():
    assert SeededInitializer(np.int64(5)).get_config() == {"seed": 5}
    assert SeededInitializer(5).get_config() == {"seed": 5}
