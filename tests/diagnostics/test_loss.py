"""The loss that the gradients are of."""

import keras
import numpy as np
import pytest

from dnn_tf import losses, models
from dnn_tf.diagnostics.loss import total_loss
from dnn_tf.types import InputError

Z = keras.ops.array([[2.0, -1.0], [0.5, 0.5]])
Y = keras.ops.array([0, 1])


@pytest.fixture
def model():
    return models.dnn(3, (2,), 2)


def test_a_function_an_object_and_a_name(model):
    rows = np.array([np.log1p(np.exp(-3.0)), np.log(2.0)])
    ours = total_loss(model, losses.sparse_softmax_cross_entropy)(Y, Z)
    keras_ = total_loss(model, keras.losses.SparseCategoricalCrossentropy(from_logits=True))(Y, Z)
    assert float(ours) == pytest.approx(rows.mean(), rel=1e-6)
    assert float(keras_) == pytest.approx(rows.mean(), rel=1e-6)
    p = keras.ops.softmax(Z)
    named = total_loss(model, "sparse_categorical_crossentropy")(Y, p)
    assert float(named) == pytest.approx(rows.mean(), rel=1e-6)


def test_what_the_model_is_compiled_with(model):
    model.compile(loss="mse")
    assert float(total_loss(model, None)(Z, Z + 3)) == pytest.approx(9)


def test_one_loss_an_output(model):
    both = total_loss(model, [losses.sparse_softmax_cross_entropy, "mse"])
    one = total_loss(model, losses.sparse_softmax_cross_entropy)
    assert float(both([Y, Z], [Z, Z + 2])) == pytest.approx(float(one(Y, Z)) + 4)


def test_one_label_for_one_output_as_compile_takes_them(model):
    outputs, labels = keras.ops.array([[0.5], [0.25]]), keras.ops.array([1.0, 0.0])
    expected = -(np.log(0.5) + np.log(0.75)) / 2
    found = total_loss(model, "binary_crossentropy")(labels, outputs)
    assert float(found) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("loss", ["nothing", 3, keras.losses.MeanSquaredError])
def test_what_is_no_loss(model, loss):
    with pytest.raises(InputError, match="loss is a function .* and got"):
        total_loss(model, loss)


def test_nothing_to_fall_back_on(model):
    with pytest.raises(InputError, match="is not compiled, so it has no loss: give one"):
        total_loss(model, None)
