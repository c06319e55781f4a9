"""Backpropagation by hand against the tape, and the fourth document's matrix calculus."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dnn_tf import activations, backpropagation, layers, losses, models
from dnn_tf.types import InputError

ACTIVATIONS = ("identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu")
RNG = np.random.default_rng(0)


def network(activation, hidden=(5, 4, 3)):
    keras.config.set_dtype_policy("float64")
    model = models.dnn(6, hidden, 2, activation=activation, kernel_initializer=None)
    keras.config.set_dtype_policy("float32")
    for weight in model.trainable_weights:  # the biases too
        weight.assign(weight + 0.1 * RNG.normal(size=weight.shape))
    return model


def by_the_tape(model, x, y):
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(losses.sparse_softmax_cross_entropy(y, model(x)))
    return [g.numpy() for g in tape.gradient(total, model.trainable_weights)]


def by_hand(layers, x, y, xp):
    a, z = backpropagation.forward(x, layers, xp)
    delta = activations.softmax(a[-1]) - np.eye(2)[y]  # L12: p - y
    return [part for pair in backpropagation.backward(delta, a, z, layers, xp) for part in pair]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("library", ["keras.ops", "numpy"])
def test_equals_the_tape(activation, library):
    model, y = network(activation), RNG.integers(0, 2, 7)
    x = RNG.normal(size=(7, 6)).astype("float32").astype("float64")  # a model takes float32
    stack, xp = backpropagation.layers_of(model), keras.ops
    if library == "numpy":
        xp = np
        stack = [
            layer._replace(
                W=layer.W.numpy(),
                b=layer.b.numpy(),
                f=lambda z, f=layer.f: f(z) if f is activations.identity else f(z).numpy(),
                f_derivative=lambda z, f=layer.f_derivative: f(z).numpy(),
            )
            for layer in stack
        ]
    found = by_hand(stack, x, y, xp)
    if library == "numpy":
        assert all(type(part) is np.ndarray and part.dtype == "float64" for part in found[2:])
    for ours, theirs in zip(found, by_the_tape(model, x, y), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)


def test_by_hand_on_three_numbers():
    """x = 2, sigmoid(0) = 1/2, output 4 * 1/2 = 2, label 1: delta = 1."""
    hidden = backpropagation.Dense(
        np.array([[1.0]]), np.array([-2.0]), lambda z: 1 / (1 + np.exp(-z)), lambda z: 0.25 + 0 * z
    )
    output = backpropagation.Dense(np.array([[4.0]]), np.array([0.0]), lambda z: z, np.ones_like)
    layers = [hidden, output]
    a, z = backpropagation.forward(np.array([[2.0]]), layers, np)
    (dW1, db1), (dW2, db2) = backpropagation.backward(a[-1] - 1, a, z, layers, np)
    assert (dW2.item(), db2.item()) == (0.5, 1)
    assert (dW1.item(), db1.item()) == (2, 1)  # 1 * 4 * 1/4, times x


def test_the_printed_recursion_has_no_shapes():
    """E24: W^T and f' entry by entry."""
    W, slope, delta = np.ones((4, 3)), np.ones((1, 4)), np.ones((1, 3))
    with pytest.raises(ValueError, match="broadcast"):
        W.T * slope.T * delta
    assert ((delta @ W.T) * slope).shape == (1, 4)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: models.dnn(4, (3,), 2, batch_norm=True), "'hidden1_bn' is another BatchNorm"),
        (lambda: models.dnn(4, (3,), 2, activation="gelu"), "no derivative of 'gelu'"),
        (lambda: models.dnn(4, (3,), 2, activation="maxout"), "'hidden1' is another Maxout"),
        (lambda: models.cnn((8, 8, 1), (2,), ()), "'image' is another Reshape"),
    ],
)
def test_other_networks(build, message):
    with pytest.raises(InputError, match=message):
        backpropagation.layers_of(build())


def test_keras_own_dense_layers():
    model = models.dnn(6, (5,), 2, layer=keras.layers.Dense)
    x, y = RNG.normal(size=(7, 6)).astype("float32"), RNG.integers(0, 2, 7)
    found = by_hand(backpropagation.layers_of(model), x, y, keras.ops)
    for ours, theirs in zip(found, by_the_tape(model, x, y), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


def test_keras_own_activations():
    x = keras.Input((6,))
    hidden = keras.layers.Dense(5, "selu")(x)
    model = keras.Model(x, keras.layers.Dense(2)(hidden))
    rows, y = RNG.normal(size=(7, 6)), RNG.integers(0, 2, 7)  # float64 to float32 weights
    found = by_hand(backpropagation.layers_of(model), rows, y, keras.ops)
    for ours, theirs in zip(found, by_the_tape(model, rows, y), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def of_sequences():
    x = keras.Input((5, 3))
    return keras.Model(x, layers.NeuronLayer(2)(x))


def without_bias():
    x = keras.Input((3,))
    return keras.Model(x, keras.layers.Dense(2, use_bias=False)(x))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (of_sequences, r"takes rows, \(batch, n_inputs\)"),
        (without_bias, "takes dense layers with a bias alone"),
    ],
)
def test_other_shapes(build, message):
    with pytest.raises(InputError, match=message):
        backpropagation.layers_of(build())


def two_heads():
    x = keras.Input((3,))
    return keras.Model(x, [layers.NeuronLayer(2)(x), layers.NeuronLayer(2)(x)])


def one_layer_twice():
    x, layer = keras.Input((3,)), layers.NeuronLayer(3)
    return keras.Model(x, layer(layer(x)))


@pytest.mark.parametrize("build", [two_heads, one_layer_twice])
def test_no_stack(build):
    with pytest.raises(InputError, match="is no stack"):
        backpropagation.layers_of(build())


class TestMatrixCalculus:
    """B3 to B5: the fourth document's identities, each against the tape."""

    W, x, t = RNG.normal(size=(3, 4)), RNG.normal(size=(4, 1)), RNG.normal(size=(3, 1))

    def gradient(self, function, at):
        at = tf.constant(at)
        with tf.GradientTape() as tape:
            tape.watch(at)
            value = function(at)
        return tape.gradient(value, at).numpy()

    def test_jacobian_of_a_linear_map(self):
        """d(Wx)/dx = W^T where a column belongs to an output; the tape has a row for each."""
        x = tf.constant(self.x)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.matmul(self.W, x)
        jacobian = tape.jacobian(y, x).numpy().reshape(3, 4)
        np.testing.assert_allclose(jacobian.T, self.W.T)

    def test_chain_rule_through_a_linear_map(self):
        """dL/dW = dL/d(Wx) x^T, dL/dx = W^T dL/d(Wx)."""
        y = self.W @ self.x
        upstream = y - self.t  # of 1/2 ||y - t||^2: E22, not 2 (y - t)
        np.testing.assert_allclose(
            self.gradient(lambda W: tf.nn.l2_loss(W @ self.x - self.t), self.W),
            upstream @ self.x.T,
        )
        np.testing.assert_allclose(
            self.gradient(lambda x: tf.nn.l2_loss(self.W @ x - self.t), self.x),
            self.W.T @ upstream,
        )

    def test_hadamard_rule(self):
        s = activations.sigmoid(self.x).numpy()
        np.testing.assert_allclose(
            self.gradient(lambda x: tf.reduce_sum(tf.sigmoid(x)), self.x), s * (1 - s)
        )

    def test_traces(self):
        A, B = self.W, RNG.normal(size=(3, 4))
        np.testing.assert_allclose(
            self.gradient(lambda A: tf.linalg.trace(tf.transpose(A) @ B), A), B
        )
        np.testing.assert_allclose(
            self.gradient(lambda B: tf.linalg.trace(A @ tf.transpose(B)), B), A
        )
        C = RNG.normal(size=(4, 3))
        np.testing.assert_allclose(self.gradient(lambda C: tf.linalg.trace(A @ C), C), A.T)

    def test_trace_of_a_gram_matrix_is_the_frobenius_norm(self):
        """E25: the document writes the spectral norm's sign."""
        gram = np.trace(self.W.T @ self.W)
        assert gram == pytest.approx(np.linalg.norm(self.W, "fro") ** 2)
        assert gram > 1.05 * np.linalg.norm(self.W, 2) ** 2

    def test_cross_entropy_by_its_probabilities(self):
        """B5: -t / y."""
        y, t = np.array([0.2, 0.5, 0.3]), np.array([0.1, 0.6, 0.3])
        np.testing.assert_allclose(
            self.gradient(lambda y: -tf.reduce_sum(t * tf.math.log(y)), y), -t / y
        )


class TestVanishingAndExploding:
    """B6 to B9, on a chain of single sigmoid neurons."""

    def ratio(self, weights, x=0.3):
        """dL/db1 over dL/db_n, and the pre-activations."""
        layers = [
            backpropagation.Dense(
                np.array([[w]]),
                np.array([0.0]),
                lambda z: 1 / (1 + np.exp(-z)),
                lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
            )
            for w in weights
        ]
        a, z = backpropagation.forward(np.array([[x]]), layers, np)
        gradients = backpropagation.backward(np.ones((1, 1)), a, z, layers, np)
        return gradients[0][1].item() / gradients[-1][1].item(), [v.item() for v in z]

    def test_bound(self):
        """E26: |dL/db1| <= (1/4)^(n-1) |w2 ... wn dL/dbn|; n - 1 factors, in absolute value."""
        weights = [1.0, -2.0, 0.5, 3.0, -1.0]
        ratio, z = self.ratio(weights)
        assert abs(ratio) <= 0.25**4 * abs(np.prod(weights[1:]))
        slopes = [float(activations.sigmoid_derivative(v)) for v in z[:-1]]
        assert ratio == pytest.approx(np.prod(slopes) * np.prod(weights[1:]))
        near = [0.0, 1e-3, 1e-3]  # at z = 0 the bound is reached, which the exponent n would forbid
        ratio, _ = self.ratio(near, x=0.0)
        assert abs(ratio) > 0.25**3 * 1e-6

    def test_explodes_only_where_weight_times_slope_is_above_1(self):
        """E27, E28: for a sigmoid that takes |w| > 4, at z near 0."""
        depth = 6
        at_zero = [0.0] + [8.0] * depth
        hidden = [
            backpropagation.Dense(
                np.array([[w]]),
                np.array([-w / 2]),  # brings z back to 0
                lambda z: 1 / (1 + np.exp(-z)),
                lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
            )
            for w in at_zero
        ]
        a, z = backpropagation.forward(np.array([[0.3]]), hidden, np)
        gradients = backpropagation.backward(np.ones((1, 1)), a, z, hidden, np)
        assert gradients[0][1].item() == pytest.approx(2.0**depth)
        assert abs(self.ratio([1.0] * 7)[0]) < 0.25**6
