import keras
import numpy as np
import pytest

from dnn_tf import initializers, layers, optimizers
from dnn_tf.estimator import parts
from dnn_tf.estimator.words import Words
from dnn_tf.types import InputError


@pytest.mark.parametrize(
    ("activation", "start"),
    [
        ("relu", initializers.HeNormal),
        ("tanh", initializers.XavierNormal),
        ("selu", initializers.LeCunNormal),
        ("softsign", initializers.DocumentNormal),  # there is no rule for it
    ],
)
def test_the_start_goes_by_the_activation(activation, start):
    model = parts.network(Words((3,), activation), 4, 2)
    assert isinstance(model.get_layer("hidden1").kernel_initializer, start)


def test_a_start_that_is_named_is_taken():
    model = parts.network(Words((3,), kernel_initializer="lecun_uniform"), 4, 2)
    assert isinstance(model.get_layer("hidden1").kernel_initializer, initializers.LeCunUniform)


def test_the_network_has_what_was_asked_for():
    model = parts.network(Words((5, 3), batch_norm=True, dropout=0.2), 4, 2)
    assert [layer.name for layer in model.layers[-5:]] == [
        "hidden2", "hidden2_bn", "hidden2_activation", "hidden2_dropout", "outputs",
    ]  # fmt: skip
    assert (model.input_shape, model.output_shape) == ((None, 4), (None, 2))


def test_the_penalties_are_those_of_the_documents():
    model = parts.network(Words((), l1=0.1, l2=0.5), 3, 2)
    w = model.get_layer("outputs").kernel.numpy()
    expected = 0.1 * np.abs(w).sum() + 0.25 * np.square(w).sum()
    np.testing.assert_allclose(keras.ops.convert_to_numpy(sum(model.losses)), expected, rtol=1e-6)
    assert parts.network(Words(()), 3, 2).losses == []


def test_an_odd_part_is_told_in_one_line():
    with pytest.raises(InputError, match=r"cannot be built \(.*\): check hidden, activation"):
        parts.network(Words((3,), activation=lambda x, y: x), 4, 2)


def test_an_optimiser_by_name_and_its_rate():
    assert type(parts.optimizer(Words(optimizer="nesterov"))) is optimizers.Nesterov
    rate = parts.optimizer(Words(learning_rate=0.25)).learning_rate
    assert float(keras.ops.convert_to_numpy(rate)) == 0.25


def test_an_optimiser_is_copied_untrained():
    given = keras.optimizers.SGD(0.5, momentum=0.9)
    w = keras.Variable([1.0])
    given.apply([keras.ops.ones(1)], [w])
    made = parts.optimizer(Words(optimizer=given, learning_rate=0.25))
    assert made is not given
    assert not made.built
    assert made.momentum == 0.9
    assert float(keras.ops.convert_to_numpy(made.learning_rate)) == 0.25
    assert float(keras.ops.convert_to_numpy(given.learning_rate)) == 0.5


def test_an_optimiser_that_cannot_be_made_anew():
    class Odd(keras.optimizers.SGD):
        def __init__(self, needed):
            super().__init__(needed)

    with pytest.raises(InputError, match="optimiser Odd cannot be made anew from its config"):
        parts.optimizer(Words(optimizer=Odd(0.1)))


@pytest.mark.parametrize(
    ("word", "clipped"),
    [
        ("clip_value", [[1.0, 1.0], [0.5]]),
        ("clip_norm", [[0.6, 0.8], [0.5]]),
        ("clip_global_norm", [[3 / 25.25**0.5, 4 / 25.25**0.5], [0.5 / 25.25**0.5]]),
    ],
)
def test_clips(word, clipped):
    gradients = [keras.ops.array([3.0, 4.0]), keras.ops.array([0.5])]
    for got, expected in zip(parts.clip(Words(**{word: 1.0}))(gradients), clipped, strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-6)
    assert parts.clip(Words()) is None


def test_early_stopping_keeps_the_best():
    assert parts.callbacks(Words()) == []
    (callback,) = parts.callbacks(Words(early_stopping=3))
    assert (callback.patience, callback.monitor, callback.restore_best_weights) == (
        3,
        "val_loss",
        True,
    )


def test_layers_can_be_given():
    model = parts.network(Words((3,), activation="selu", dropout=layers.AlphaDropout(0.1)), 4, 2)
    assert isinstance(model.get_layer("hidden1_dropout"), layers.AlphaDropout)
