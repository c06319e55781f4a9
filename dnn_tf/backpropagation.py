"""Backpropagation by hand, for a stack of dense layers.

The fourth document writes a sample as a column, `z = W a + b`; this package writes it as a row,
`z = a W + b`, and a batch as many rows. Every formula here is that document's, transposed.

The functions only calculate; `xp`, the library that they calculate with, is `keras.ops` or `numpy`.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import keras
from keras import ops

from dnn_tf import activations
from dnn_tf.layers import NeuronLayer
from dnn_tf.types import InputError, Tensor


class Dense(NamedTuple):
    """A layer `a = f(a_before W + b)`, and the derivative of its `f`.

    Shapes:
        `W`: `(n_inputs, units)`, `b`: `(units,)`.

    >>> import numpy as np
    >>> layer = Dense(np.ones((3, 2)), np.zeros(2), np.tanh, lambda z: 1 - np.tanh(z) ** 2)
    >>> layer.W.shape
    (3, 2)
    """

    W: Tensor
    b: Tensor
    f: Callable[[Tensor], Tensor]
    f_derivative: Callable[[Tensor], Tensor]


def forward(x: Tensor, layers: Sequence[Dense], xp: Any = ops) -> tuple[list[Tensor], list[Tensor]]:
    """What goes into every layer and comes out of the last; and what each activation is given.

    `z_l = a_(l-1) W_l + b_l`, `a_l = f(z_l)`, from `a_0 = x` on.

    Returns:
        `[a_0, ..., a_L]` and `[z_1, ..., z_L]`.

    Shapes:
        `(batch, n_inputs)` -> `(batch, units of the layer)` each.

    >>> import numpy as np
    >>> double = Dense(np.array([[2.0]]), np.array([1.0]), lambda z: z, np.ones_like)
    >>> a, z = forward(np.array([[3.0]]), [double, double], np)  # 3, 7, 15
    >>> [float(x[0, 0]) for x in a], [float(x[0, 0]) for x in z]
    ([3.0, 7.0, 15.0], [7.0, 15.0])
    """
    a, z = [x], []
    for layer in layers:
        z.append(xp.add(xp.matmul(a[-1], layer.W), layer.b))
        a.append(layer.f(z[-1]))
    return a, z


def backward(
    delta: Tensor,
    a: Sequence[Tensor],
    z: Sequence[Tensor],
    layers: Sequence[Dense],
    xp: Any = ops,
) -> list[tuple[Tensor, Tensor]]:
    """`(dL/dW, dL/db)` of every layer, from the first on.

    With `delta_l = dL/dz_l`:

    - `dL/dW_l = a_(l-1)^T delta_l`, `dL/db_l = sum over the batch of delta_l`
    - `delta_(l-1) = (delta_l W_l^T) * f'(z_(l-1))`, the product entry by entry coming last

    The fourth document multiplies `W^T` and `f'` entry by entry, whose shapes differ.

    Args:
        delta: `dL/dz` of the last layer; of the softmax cross-entropy it is `p - y`.
        a: as `forward` returned it.
        z: as `forward` returned it.
        layers: as `forward` was given them.
        xp: `keras.ops` or `numpy`.

    Shapes:
        `delta`: `(batch, units)`.

    >>> import numpy as np
    >>> one = Dense(np.array([[3.0]]), np.array([0.0]), lambda z: z, np.ones_like)
    >>> a, z = forward(np.array([[2.0]]), [one], np)
    >>> [(dW, db)] = backward(a[-1] - 1.0, a, z, [one], np)  # 1/2 (a - 1)^2 with a = 6
    >>> dW.tolist(), db.tolist()
    ([[10.0]], [5.0])
    """
    gradients = []
    for number in reversed(range(len(layers))):
        gradients.append((xp.matmul(xp.transpose(a[number]), delta), xp.sum(delta, axis=0)))
        if number > 0:
            back = xp.matmul(delta, xp.transpose(layers[number].W))  # (batch, units below)
            delta = back * layers[number - 1].f_derivative(z[number - 1])
    return gradients[::-1]


def layers_of(model: keras.Model) -> list[Dense]:
    """The layers of a model that is a stack of dense ones, such as `models.dnn` makes.

    Keras' own `Dense` is one too.

    Raises:
        InputError: there are other layers in it, it is no stack, or an activation has no
            derivative here.

    >>> from dnn_tf.layers import NeuronLayer
    >>> model = keras.Sequential([keras.Input((4,)), NeuronLayer(3, "elu"), NeuronLayer(2)])
    >>> [tuple(layer.W.shape) for layer in layers_of(model)]
    [(4, 3), (3, 2)]
    """
    found, below = [], model.inputs[0]
    if len(below.shape) != 2:
        raise InputError(
            f"backpropagation by hand takes rows, (batch, n_inputs), and {model.name!r} takes the "
            f"shape {tuple(below.shape)}"
        )
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        if type(layer) not in (NeuronLayer, keras.layers.Dense) or layer.bias is None:
            raise InputError(
                f"backpropagation by hand takes dense layers with a bias alone, and "
                f"{layer.name!r} is another {type(layer).__name__}"
            )
        try:
            follows = layer.input is below
        except AttributeError:  # it is called more than once
            follows = False
        if not follows:
            raise InputError(
                f"{model.name!r} is no stack: {layer.name!r} does not follow the one before, or is "
                "called more than once"
            )
        below, f = layer.output, layer.activation
        found.append(Dense(layer.kernel, layer.bias, f, activations.derivative(f)))
    if model.outputs != [below]:
        raise InputError(f"{model.name!r} is no stack: its output is not that of its last layer")
    return found
