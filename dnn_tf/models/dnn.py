"""The document's construction phase: from inputs to logits."""

from collections.abc import Callable, Sequence
from typing import Any

import keras

from dnn_tf.arguments import check_positive
from dnn_tf.layers import Dropout, NeuronLayer
from dnn_tf.models.hidden_layers import Recipe


def dnn(
    n_inputs: int = 28 * 28,
    hidden: Sequence[int] = (300, 100),
    n_outputs: int = 10,
    *,
    activation: Any = "relu",
    kernel_initializer: Any = None,
    batch_norm: Any = False,
    dropout: Any = None,
    dropout_inputs: float | None = None,
    kernel_regularizer: Any = None,
    kernel_constraint: Any = None,
    batch_norm_outputs: bool = False,
    layer: Callable[..., keras.Layer] = NeuronLayer,
    name: str = "dnn",
) -> keras.Model:
    """A deep neural network of dense layers that ends in logits.

    The layers have the document's names: `hidden1`, `hidden2`, ..., `outputs`; what belongs to
    `hidden1` is `hidden1_bn`, `hidden1_activation`, `hidden1_dropout`. There is no softmax at the
    end: the loss is taken from the logits.

    Args:
        n_inputs: features of a sample.
        hidden: neurons of each hidden layer, from the input on. Default `(300, 100)`; see `funnel`.
        n_outputs: classes.
        activation: of the hidden layers: a name that `activations.get` knows, `"prelu"`,
            `"rrelu"` or `"maxout"`, a function, or a layer, of which each hidden one gets a copy.
        kernel_initializer: how the weights start; see `initializers.get`. `None` is the
            layer's own default: the document's truncated normal for `NeuronLayer`, Glorot's
            uniform for `keras.layers.Dense`, so the document's two variants do not start alike;
            for SELU, LeCun's normal, which it needs. `initializers.recommended` names the right
            one.
        batch_norm: whether to normalise between the linear map of each hidden layer and its
            activation: `True`, or a layer such as `layers.BatchNorm(momentum=0.99)`.
        dropout: after each hidden layer: a rate, or a layer, such as `layers.AlphaDropout(0.1)`.
        dropout_inputs: the share of the features that is dropped before the first layer.
        kernel_regularizer: a penalty on all kernels, such as `regularizers.L2(1e-4)`.
        kernel_constraint: a bound on the kernels of the hidden layers, such as
            `constraints.MaxNorm(1.0)`.
        batch_norm_outputs: whether to normalise the logits as well, as the reference notebook
            does. Default `False`.
        layer: `NeuronLayer`, the document's own, or `keras.layers.Dense`, which stands for its
            `tf.layers.dense`.
        name: of the model.

    Raises:
        InputError: a size below 1; a name that nobody knows; parts that do not go together.

    Warns:
        UserWarning: SELU beside plain dropout or batch normalisation, or from another start than
            LeCun's.

    Shapes:
        `(batch, n_inputs)` -> `(batch, n_outputs)`.

    >>> dnn(n_inputs=4, hidden=(3,), n_outputs=2).count_params()  # (4 + 1) * 3 + (3 + 1) * 2
    23
    >>> deep = dnn(4, (5, 3), 2, activation="elu", batch_norm=True, dropout=0.5)
    >>> [layer.name for layer in deep.layers][1:5]
    ['hidden1', 'hidden1_bn', 'hidden1_activation', 'hidden1_dropout']
    """
    check_positive(n_inputs=n_inputs, n_outputs=n_outputs)
    recipe = Recipe(
        activation,
        kernel_initializer,
        batch_norm,
        dropout,
        kernel_regularizer,
        kernel_constraint,
        layer,
    ).checked()
    X = keras.Input((n_inputs,), name="X")
    z = X if dropout_inputs is None else Dropout(dropout_inputs, name="X_dropout")(X)
    z = recipe.hidden_layers(z, hidden)
    logits = layer(n_outputs, name="outputs", **recipe.words())(z)
    if batch_norm_outputs:
        logits = recipe.normalised(logits, "outputs_bn", len(hidden) + 1)
    return keras.Model(X, logits, name=name)
