"""A loss with other parameters, in training and in a file."""

import functools
import warnings

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf import losses, models
from dnn_tf.types import InputError

pytestmark = pytest.mark.usefixtures("module_without_xla")

X, Y = np.eye(4, dtype="float32"), np.array([0.0, 1, 2, 3])


def compiled(loss):
    model = models.dnn(4, (3,), 1)
    model.compile("sgd", loss)
    return model


def test_is_the_function_with_its_parameters_and_a_mean():
    loss = losses.Configured(losses.huber, delta=2.0)
    y, z = np.zeros((5, 2)), np.random.default_rng(0).normal(size=(5, 2)) * 3
    per_example = losses.huber(y, z, delta=2.0)
    np.testing.assert_allclose(loss(y, z), np.mean(per_example), rtol=1e-6)
    np.testing.assert_allclose(loss.call(y, z), per_example)
    total = losses.Configured(losses.huber, delta=2.0, reduction="sum")
    np.testing.assert_allclose(total(y, z), np.sum(per_example), rtol=1e-6)
    assert loss.name == "huber"
    named = losses.Configured(losses.huber, delta=2.0, name="mine")
    assert losses.Configured.from_config(named.get_config()).name == "mine"


@pytest.mark.parametrize(
    ("function", "words", "message"),
    [
        ("huber", {}, "Configured takes a loss function, such as huber, and got 'huber'"),
        (losses.huber, {"detla": 2.0}, "huber has the parameters delta, and got detla"),
        (losses.squared_error, {"dtype": "float64"}, "has the parameters none, and got dtype"),
    ],
)
def test_parameters(function, words, message):
    with pytest.raises(InputError, match=message):
        losses.Configured(function, **words)


@pytest.mark.parametrize(
    "loss",
    [
        losses.Configured(losses.quantile, q=0.9),
        losses.Configured(losses.contrastive, margin=3.0, reduction="sum"),
    ],
    ids=lambda loss: loss.name,
)
def test_comes_back_with_the_network(loss, tmp_path):
    model = compiled(loss)
    model.save(tmp_path / "m.keras")
    again = keras.saving.load_model(tmp_path / "m.keras")
    assert again.evaluate(X, Y, verbose=0) == pytest.approx(model.evaluate(X, Y, verbose=0))
    assert again.loss.parameters == loss.parameters


def test_deep_supervision_comes_back_too(tmp_path):
    """Not as the loss of a single output."""
    model = models.with_auxiliary_outputs(models.dnn(4, (3, 3), 2), ["hidden1"])
    model.compile("sgd", losses.deep_supervision(losses.sparse_softmax_cross_entropy, (1, 0.3)))
    model.save(tmp_path / "m.keras")
    again = keras.saving.load_model(tmp_path / "m.keras")
    y = np.array([0, 1, 0, 1])
    assert again.evaluate(X, y, verbose=0) == pytest.approx(model.evaluate(X, y, verbose=0))


def test_a_partial_trains_and_the_network_is_saved_without_it(tmp_path):
    model = models.dnn(4, (3,), 2)
    dnn_tf.fit(
        model,
        (X, np.stack([Y, -Y], axis=1)),
        loss=functools.partial(losses.quantile, q=0.9),
        epochs=1,
        batch_size=2,
        optimizer=dnn_tf.optimizers.GradientDescent(0.1),
    )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")  # on Python 3.13 TensorFlow has some of its own
        dnn_tf.save(model, tmp_path / "m")
    (told,) = (str(warning.message) for warning in caught if warning.category is UserWarning)
    assert "saved without its loss" in told
    assert "losses.Configured is a loss that a file can hold" in told
    assert model.compiled
    np.testing.assert_array_equal(dnn_tf.load(tmp_path / "m")(X), model(X))
