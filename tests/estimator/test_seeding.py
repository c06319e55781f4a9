import random
import threading

import keras
import numpy as np
import pytest
from keras.src.random.seed_generator import global_seed_generator

from dnn_tf import models
from dnn_tf.estimator.seeding import building, draw_seeds


def everything():
    """What the generators would give next, and what Keras computes in."""
    of_keras = global_seed_generator().state  # at first it takes a number of Python's
    return (
        random.getstate(),
        np.random.get_state()[1].tolist(),
        np.random.get_state()[2],
        of_keras.numpy().tolist(),
        keras.config.floatx(),
        keras.config.dtype_policy().name,
    )


def test_seeds_go_by_the_random_state():
    assert draw_seeds(3) == draw_seeds(3) == draw_seeds(np.random.RandomState(3))
    assert draw_seeds(3) != draw_seeds(4)
    assert len(set(draw_seeds(3))) == 4
    state = np.random.RandomState(3)
    assert draw_seeds(state) != draw_seeds(state)  # the next ones
    np.random.seed(5)
    first = draw_seeds(None)
    assert draw_seeds(None) != first
    np.random.seed(5)
    assert draw_seeds(None) == first


def test_the_same_seed_draws_the_same_weights_and_nobody_notices():
    before = everything()
    made = []
    for seed in (1, 1, 2):
        with building(seed, "float32"):
            made.append(models.dnn(4, (3,), 2, dropout=0.5, kernel_initializer="glorot_uniform"))
    one, again, other = ([v.numpy() for v in model.variables] for model in made)
    for a, b in zip(one, again, strict=True):
        np.testing.assert_array_equal(a, b)
    assert not np.array_equal(one[0], other[0])
    assert everything() == before


def test_an_error_leaves_nothing_behind():
    before = everything()
    with pytest.raises(KeyError), building(1, "float64"):
        random.random()
        np.random.random()
        raise KeyError
    assert everything() == before


def test_the_precision_is_that_of_the_whole_network():
    with building(1, "float64"):
        model = models.dnn(4, (3,), 2)
    assert model.input.dtype == model.output.dtype == "float64"
    assert {v.dtype for v in model.variables} == {"float64"}


def test_two_threads_draw_what_each_would_draw_alone():
    drawn = {}

    def draw(seed):
        for _ in range(20):
            with building(seed, "float32"):
                drawn.setdefault(seed, set()).add((random.random(), random.random()))

    threads = [threading.Thread(target=draw, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(drawn[seed]) for seed in (1, 2)] == [1, 1]
