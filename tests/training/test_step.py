"""One step."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import dnn_tf
from dnn_tf.gradients import clip_by_global_norm, clip_by_norm, clip_by_value, clipped_share
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.optimizers import GradientDescent
from dnn_tf.training.step import compile_function, make_step, measure
from dnn_tf.types import InputError


@pytest.fixture
def batch(blobs):
    return tf.constant(blobs.train.x[:10]), tf.constant(blobs.train.y[:10])


def test_by_hand():
    """One weight, one sample: loss (w x - y)^2, so w <- w - 0.1 * 2 (w x - y) x."""
    model = dnn_tf.models.dnn(1, (), 1)
    model.set_weights([np.array([[3.0]]), np.array([0.0])])
    step = make_step(model, lambda y, z: (z[:, 0] - y) ** 2, GradientDescent(0.1))
    sums = step(tf.constant([[2.0]]), tf.constant([1.0]))
    np.testing.assert_allclose(sums, [25.0])
    np.testing.assert_allclose(model.get_weights()[0], [[1.0]], rtol=1e-6)
    np.testing.assert_allclose(model.get_weights()[1], [-1.0], rtol=1e-6)


def test_is_the_step_of_model_fit(small_model, batch):
    twin = keras.models.clone_model(small_model)
    twin.set_weights(small_model.get_weights())
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    twin.compile(keras.optimizers.SGD(0.1), loss)
    twin.train_on_batch(*batch)
    make_step(small_model, sparse_softmax_cross_entropy, GradientDescent(0.1))(*batch)
    for ours, theirs in zip(small_model.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_sums_and_metrics_are_those_before_the_step(small_model, batch):
    accuracy = dnn_tf.metrics.accuracy
    before = measure(small_model, [sparse_softmax_cross_entropy, accuracy], *batch, False)[1]
    step = make_step(
        small_model, sparse_softmax_cross_entropy, GradientDescent(1.0), None, [accuracy]
    )
    np.testing.assert_allclose(step(*batch), before, rtol=1e-6)


def test_a_keras_loss_that_is_a_mean_counts_for_every_row(small_model, batch):
    theirs = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    one = measure(small_model, [sparse_softmax_cross_entropy], *batch, False)
    other = measure(small_model, [theirs], *batch, False)
    np.testing.assert_allclose(one[0], other[0], rtol=1e-6)
    np.testing.assert_allclose(one[1], other[1], rtol=1e-6)


def test_weights_that_come_with_the_first_call_are_not_left_out_in_silence(batch):
    inputs = keras.Input((6,))
    late = keras.layers.Dense(3, activation=keras.layers.PReLU())  # Keras builds it when called
    model = keras.Sequential([inputs, late])
    if len(model.trainable_variables) == 3:
        pytest.skip("this Keras builds it at once")
    step = make_step(model, sparse_softmax_cross_entropy, GradientDescent(0.1))
    with pytest.raises(InputError, match="got more weights in its first call"):
        step(*batch)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float64"])
def test_penalties_in_any_precision(batch, policy):
    keras.config.set_dtype_policy(policy)
    model = dnn_tf.models.dnn(6, (5,), 3, kernel_regularizer=dnn_tf.regularizers.L2(0.1))
    keras.config.set_dtype_policy("float32")
    loss, _ = measure(model, [sparse_softmax_cross_entropy], *batch, False)
    plain = sparse_softmax_cross_entropy(batch[1], model(batch[0]))
    expected = float(tf.reduce_mean(tf.cast(plain, tf.float64))) + sum(map(float, model.losses))
    assert float(loss) == pytest.approx(expected, rel=1e-2)
    make_step(model, sparse_softmax_cross_entropy, GradientDescent(0.1))(*batch)


def test_penalties_of_the_layers_are_in_the_loss(batch):
    inputs = keras.Input((6,))
    outputs = keras.layers.Dense(3, kernel_regularizer=keras.regularizers.L2(0.5))(inputs)
    model = keras.Model(inputs, outputs)
    kernel = model.get_weights()[0]
    with_penalty, _ = measure(model, [sparse_softmax_cross_entropy], *batch, False)
    plain = tf.reduce_mean(sparse_softmax_cross_entropy(batch[1], model(batch[0])))
    np.testing.assert_allclose(with_penalty - plain, 0.5 * (kernel**2).sum(), rtol=1e-5)


def test_clip_stands_before_the_optimiser(small_model, batch):
    before = small_model.get_weights()
    clip = clip_by_value(1e-4)
    make_step(small_model, sparse_softmax_cross_entropy, GradientDescent(1.0), clip)(*batch)
    moves = [np.abs(a - b).max() for a, b in zip(before, small_model.get_weights(), strict=True)]
    assert max(moves) == pytest.approx(1e-4, rel=1e-2)


def test_frozen_layers_stay(small_model, batch):
    small_model.get_layer("hidden1").trainable = False
    before = small_model.get_layer("hidden1").get_weights()
    make_step(small_model, sparse_softmax_cross_entropy, GradientDescent(1.0))(*batch)
    for a, b in zip(before, small_model.get_layer("hidden1").get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_compile_function():
    def is_graph():
        return not tf.executing_eagerly()

    assert compile_function(is_graph, False, run_eagerly=True)() is False
    assert compile_function(is_graph, False, run_eagerly=False)()


CLIPS = {  # the step's, and the words of the optimiser
    "none": (None, {}),
    "by value": (clip_by_value(0.1), {}),
    "by norm": (clip_by_norm(0.1), {}),
    "by global norm": (clip_by_global_norm(0.1), {}),
    "zeros": (lambda gradients: [tf.zeros_like(g) for g in gradients], {}),
    "clipvalue": (None, {"clipvalue": 0.1}),
    "clipnorm": (None, {"clipnorm": 0.1}),
    "global_clipnorm": (None, {"global_clipnorm": 0.1}),
}


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize(("clip", "words"), CLIPS.values(), ids=CLIPS)
@pytest.mark.parametrize("mode", [(False, True), (False, False), (True, False)])
def test_no_clip_hides_a_bad_gradient(clip, words, bad, mode):
    """The loss is a number, and so would be the clipped gradient."""

    @tf.custom_gradient
    def broken(z):
        return z, lambda upstream: bad * tf.ones_like(upstream)

    model = dnn_tf.models.dnn(1, (), 1)
    step = make_step(model, lambda y, z: broken(z)[:, 0] - y, GradientDescent(0.1, **words), clip)
    sums = compile_function(step, *mode)(tf.ones((2, 1)), tf.ones(2))
    assert np.isfinite(sums).all()
    assert not any(np.isfinite(weight).any() for weight in model.get_weights())


def test_effects_are_weighted_by_rows(small_model, batch):
    """Like the loss: a mean over an epoch is their sum by its rows."""
    step = make_step(
        small_model, sparse_softmax_cross_entropy, GradientDescent(0.1), clip_by_value(1e-9),
        clip_effects=[clipped_share, lambda gradients, clipped: 0.25],
    )  # fmt: skip
    _, share, quarter = step(*batch)
    assert 5 < float(share) <= 10  # of ten rows; a unit that is off has gradients of 0
    assert float(quarter) == 2.5


def test_a_clip_that_loses_a_gradient_is_refused(small_model, batch):
    step = make_step(
        small_model, sparse_softmax_cross_entropy, GradientDescent(0.1), lambda gs: gs[1:]
    )
    with pytest.raises(InputError, match="^clip was given 6 gradients and returned 5$"):
        step(*batch)


def test_a_weight_that_the_loss_does_not_depend_on_is_warned_about_and_stays(small_model, batch):
    model = keras.Model(
        small_model.inputs, [*small_model.outputs, keras.layers.Dense(2)(small_model.inputs[0])]
    )
    unused = model.layers[-1].get_weights()

    def of_the_first(y, outputs):
        return sparse_softmax_cross_entropy(y, outputs[0])

    before = small_model.get_weights()
    with pytest.warns(UserWarning, match=r"depend on dense.*/kernel, dense.*/bias: not trained"):
        make_step(model, of_the_first, GradientDescent(0.1, weight_decay=0.1))(*batch)
    for a, b in zip(unused, model.layers[-1].get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert all((a != b).any() for a, b in zip(before, small_model.get_weights(), strict=True))


def test_a_loss_without_gradients_is_refused(small_model, batch):
    def hard(y, outputs):
        return tf.cast(tf.argmax(outputs, axis=1) == y, "float32")

    with pytest.raises(InputError, match="does not depend on any weight of model") as error:
        make_step(small_model, hard, GradientDescent(0.1))(*batch)
    assert "\n" not in str(error.value)


def test_an_optimiser_of_other_weights_is_refused(small_model):
    optimizer = GradientDescent(0.1)
    optimizer.build([keras.Variable([1.0])])
    with pytest.raises(InputError, match="has trained other weights: take a new optimiser"):
        make_step(small_model, sparse_softmax_cross_entropy, optimizer)
