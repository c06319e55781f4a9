import pytest

from dnn_tf.estimator.compilation import compiling_pays

MNIST = {"n_rows": 55_000, "batch_size": 50, "epochs": 40, "n_weights": 266_610}


def test_long_work_and_short_work():
    assert compiling_pays(**MNIST)
    assert not compiling_pays(n_rows=150, batch_size=50, epochs=40, n_weights=500)


@pytest.mark.parametrize("word", ["n_rows", "epochs", "n_weights"])
def test_more_work_pays_sooner(word):
    little = {"n_rows": 1000, "batch_size": 100, "epochs": 50, "n_weights": 50_000}
    assert not compiling_pays(**little)
    assert compiling_pays(**{**little, word: 100 * little[word]})


def test_a_second_size_of_batch_costs_a_second_compilation():
    words = {"batch_size": 50, "epochs": 20, "n_weights": 100_000}
    assert compiling_pays(n_rows=6_000, **words)
    assert not compiling_pays(n_rows=6_010, **words)


def test_batches_larger_than_all_rows():
    words = {"n_rows": 100, "epochs": 10_000, "n_weights": 1000}
    assert compiling_pays(batch_size=100, **words) == compiling_pays(batch_size=1000, **words)
