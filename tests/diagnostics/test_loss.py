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
    with pytest.raises(InputError, match="is not compiled with a loss: give one"):
        total_loss(model, None)


def test_a_function_is_given_labels_in_the_form_of_the_outputs(model):
    """Or `y - p` would be a number for each pair of rows."""
    y, p = keras.ops.array([1.0, 0.0, 0.0]), keras.ops.array([[1.0], [0.0], [0.5]])
    squared = total_loss(model, lambda y, p: keras.ops.square(y - p))
    assert float(squared(y, p)) == pytest.approx(0.25 / 3)
    assert float(squared(p, y)) == pytest.approx(0.25 / 3)
    ours = total_loss(model, losses.sigmoid_cross_entropy)
    assert float(ours(y, p)) == pytest.approx(float(ours(y, p[:, 0])))


class Own(keras.Model):
    """Its loss takes the inputs, and knows nothing of `training`."""

    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(2)

    def call(self, x):
        return self.dense(x)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None):
        return keras.ops.mean(keras.ops.square(x - y_pred))


def test_a_loss_that_the_model_computes_itself():
    model = Own()
    model.compile("adam")
    assert float(total_loss(model, None)(Y, Z, Z + 2)) == pytest.approx(4)


def test_a_loss_that_is_added_up_in_the_layers():
    x = keras.Input((3,))
    penalised = keras.layers.Dense(1, kernel_initializer="ones", kernel_regularizer="l1")
    penalised.kernel_regularizer.l1 = 1.0
    model = keras.Model(x, penalised(x))
    model.compile("adam")
    outputs = model(keras.ops.ones((2, 3)))
    assert float(total_loss(model, None)(Y, outputs, None)) == pytest.approx(3)
    plain = models.dnn(3, (2,), 2)
    plain.compile("adam")
    with pytest.raises(InputError, match="is not compiled with a loss"):
        total_loss(plain, None)(Y, Z, None)
