import keras
import numpy as np

from dnn_tf import models
from dnn_tf.transfer.copying import copied, fresh, some_rows


def test_a_copy_gives_the_same_and_shares_nothing():
    model = models.dnn(6, (5,), 3, batch_norm=True, dropout=0.5)
    copy = copied(model)
    np.testing.assert_array_equal(copy(some_rows(model)), model(some_rows(model)))
    assert not {id(weight) for weight in model.weights} & {id(weight) for weight in copy.weights}


def test_fresh_weights_are_drawn_by_the_global_seed():
    model = models.dnn(6, (5,), 3)
    drawn = []
    for seed in (1, 1, 2):
        keras.utils.set_random_seed(seed)
        drawn.append(fresh(model).get_layer("hidden1").kernel.numpy())
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert not np.array_equal(drawn[0], drawn[2])
    assert not np.array_equal(drawn[0], model.get_layer("hidden1").kernel)


def test_rows_are_of_the_kind_that_the_model_takes():
    words = keras.Sequential([keras.Input((7,), dtype="int32"), keras.layers.Embedding(5, 2)])
    assert some_rows(words).dtype == "int32"
    pictures = keras.Sequential([keras.Input((None, None, 3)), keras.layers.Conv2D(2, 3)])
    assert some_rows(pictures).shape == (8, 16, 16, 3)
