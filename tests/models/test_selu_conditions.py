"""What SELU needs around it, and the warning where it has something else."""

import warnings

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf import layers, models


def test_starts_with_lecuns_weights_by_itself():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = models.dnn(activation="selu", dropout=layers.AlphaDropout(0.1))
    for name in ("hidden1", "outputs"):
        start = model.get_layer(name).kernel_initializer
        assert type(start).__name__ == "LeCunNormal"


@pytest.mark.parametrize("activation", ["selu", dnn_tf.activations.selu, keras.activations.selu])
@pytest.mark.parametrize("start", ["document", "he_normal", keras.initializers.HeNormal()])
def test_another_start_is_warned_of_once(activation, start):
    with pytest.warns(UserWarning, match="take kernel_initializer='lecun_normal'") as caught:
        models.dnn(activation=activation, kernel_initializer=start)
    assert len(caught) == 1
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    "start",
    [
        "lecun_normal",
        "lecun_uniform",
        keras.initializers.LecunNormal(),
        keras.initializers.VarianceScaling(),
    ],
)
def test_any_of_lecuns_will_do(start):
    model = models.dnn(activation="selu", kernel_initializer=start)  # warnings are errors
    assert model.get_layer("hidden1").activation is dnn_tf.activations.selu


@pytest.mark.parametrize(
    "dropout",
    [0.1, np.float32(0.1), layers.Dropout(0.1), keras.layers.GaussianDropout(0.1)],
)
def test_plain_dropout_is_warned_of_once(dropout):
    with pytest.warns(UserWarning, match=r"take dropout=layers.AlphaDropout\(rate\)") as caught:
        models.dnn(activation="selu", dropout=dropout)
    assert len(caught) == 1
    assert caught[0].filename == __file__


def test_batch_norm_is_warned_of():
    with pytest.warns(UserWarning, match="only in a plain stack: leave batch_norm out"):
        models.dnn(activation=keras.layers.Activation("selu"), batch_norm=True)
