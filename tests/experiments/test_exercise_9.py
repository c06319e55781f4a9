"""Digits 0 to 4, then 5 to 9, in short. The long form is `benchmarks/transfer.py`."""

import pytest

from dnn_tf.experiments import exercise_9 as run


@pytest.mark.usefixtures("without_xla")
def test_every_stage_on_the_sample(sample):
    low = run.learn_low_digits(sample, seed=1, epochs=10)
    assert [layer.units for layer in low.layers[1:]] == [100] * 5 + [5]
    found = run.exercise_9(sample, low, per_class=50, seed=1, epochs=15)
    assert set(found) == {*run.REFERENCE, "automatic"}
    assert found["5 frozen"] > 0.4
    assert found["all thawed"] > found["4 frozen"]
    assert found["automatic"] > 0.7


@pytest.mark.full_mnist
def test_with_100_images_of_each_digit(full_mnist):
    """One seed; five of them are in the README."""
    low = run.learn_low_digits(full_mnist, seed=1, epochs=10)
    found = run.exercise_9(full_mnist, low, seed=1, epochs=60)
    assert found["5 frozen"] < found["4 frozen"] < found["top 2 thawed"] < found["all thawed"]
    assert found["all thawed"] > 0.89
    # Over five seeds the automatic procedure equals the best stage made by hand; one seed differs
    # from it by 0.014 above to 0.027 below (measured).
    assert found["automatic"] > found["all thawed"] - 0.04
