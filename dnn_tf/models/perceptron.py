"""The perceptron: one layer of neurons."""

import keras

from dnn_tf.arguments import check_positive
from dnn_tf.layers import NeuronLayer


def perceptron(n_inputs: int, n_outputs: int = 1, name: str = "perceptron") -> keras.Model:
    """A linear binary classifier, before its step (Rosenblatt, 1958); it starts at zero.

    Like every network here it ends before the step: `activations.step(model(x))` is its answer.
    With `losses.perceptron`, gradient descent and batches of one, `fit` follows Rosenblatt's rule,
    and finds a line between two classes if there is one. XOR has none.

    Args:
        n_inputs: features of a sample.
        n_outputs: yes-or-no questions. Default 1.
        name: of the model.

    Shapes:
        `(batch, n_inputs)` -> `(batch, n_outputs)`.

    >>> import numpy as np
    >>> import dnn_tf
    >>> x, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 0, 0, 1])  # and
    >>> model = perceptron(2)
    >>> history = dnn_tf.fit(
    ...     model, (x, y), loss=dnn_tf.losses.perceptron, seed=1, epochs=10, batch_size=1,
    ...     optimizer=dnn_tf.optimizers.GradientDescent(1.0), jit_compile=False,
    ... )
    >>> dnn_tf.activations.step(model(x)).numpy().ravel().tolist()
    [0.0, 0.0, 0.0, 1.0]
    """
    check_positive(n_inputs=n_inputs, n_outputs=n_outputs)
    X = keras.Input((n_inputs,), name="X")
    z = NeuronLayer(n_outputs, kernel_initializer="zeros", name="outputs")(X)
    return keras.Model(X, z, name=name)
