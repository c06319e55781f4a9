"""Seeds."""

import keras

from dnn_tf.initializers.seeded import SeededInitializer


def test_its_own_seed_or_a_new_one():
    assert SeededInitializer(5).draw_seed() == 5
    free = SeededInitializer()
    assert free.draw_seed() != free.draw_seed()
    keras.utils.set_random_seed(1)
    one = free.draw_seed()
    keras.utils.set_random_seed(1)
    assert free.draw_seed() == one


def test_config():
    assert SeededInitializer(5).get_config() == {"seed": 5}
