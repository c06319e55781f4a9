import keras
import numpy as np
import pytest

from dnn_tf import layers, optimizers
from dnn_tf.estimator import DNNClassifier
from dnn_tf.estimator.beginning import begun_with, check_unchanged
from dnn_tf.types import InputError


def params(**words):
    return DNNClassifier(**words).get_params(deep=False)


def start(value):
    return keras.initializers.Constant(np.full((2, 2), value))


ALIKE = {
    "hidden": ((5, 3), [5, 3]),
    "activation": (keras.activations.relu, keras.activations.relu),
    "kernel_initializer": (start(1.0), start(1.0)),
    "dropout": (layers.AlphaDropout(0.1), layers.AlphaDropout(0.1)),
    "l2": (0, 0.0),
    "optimizer": (optimizers.Momentum(0.1), optimizers.Momentum(0.1)),
    "learning_rate": (0.1, np.float64(0.1)),
    "epochs": (1, 2),  # partial_fit knows of no epochs
    "batch_size": (5, 7),
    "clip_norm": (None, 1.0),
}


@pytest.mark.parametrize("word", ALIKE)
def test_the_same(word):
    one, other = ALIKE[word]
    check_unchanged(begun_with(params(**{word: one})), params(**{word: other}))


@pytest.mark.parametrize(
    ("word", "one", "other", "message"),
    [
        (
            "hidden",
            (5,),
            (5, 3),
            r"^hidden is \(5, 3\), and training began with \(5,\): .* fit, wh",
        ),
        ("activation", "relu", "elu", "^activation is 'elu', and training began with 'relu'"),
        ("kernel_initializer", start(1.0), start(2.0), r"^kernel_initializer is Constant\(value="),
        ("batch_norm", False, True, "^batch_norm is True"),
        ("dropout", 0.1, layers.AlphaDropout(0.1), "^dropout is AlphaDropout.* began with 0.1:"),
        ("l1", 0.0, 0.1, "^l1 is 0.1"),
        ("l2", 0.0, 0.1, "^l2 is 0.1"),
        ("optimizer", "adam", "nadam", "^optimizer is 'nadam', and training began with 'adam'"),
        (
            "optimizer",
            optimizers.Momentum(0.5),
            optimizers.Momentum(0.25),
            r"^optimizer is Momentum\(learning_rate=0.25, .*, and training began with Momentum\(",
        ),
        ("optimizer", optimizers.Adam(), keras.optimizers.Adam(), "^optimizer is Adam"),
        ("learning_rate", None, 0.1, "^learning_rate is 0.1, and training began with None"),
        ("dtype", None, "float32", "^dtype is 'float32'"),
        ("random_state", 0, 1, "^random_state is 1"),
    ],
)
def test_another(word, one, other, message):
    with pytest.raises(InputError, match=message):
        check_unchanged(begun_with(params(**{word: one})), params(**{word: other}))


def test_a_list_that_grows_in_its_place():
    hidden = [5]
    begun = begun_with(params(hidden=hidden))
    hidden.append(3)
    with pytest.raises(InputError, match=r"hidden is \(5, 3\), and training began with \(5,\)"):
        check_unchanged(begun, params(hidden=hidden))
