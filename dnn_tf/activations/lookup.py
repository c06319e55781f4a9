"""An activation by its name, its name for a file, and its derivative."""

from collections.abc import Callable
from typing import Any

import keras

from dnn_tf.activations import bounded, rectified
from dnn_tf.types import InputError, Tensor

Activation = Callable[[Tensor], Tensor]

_DERIVATIVES: dict[str, tuple[Activation, Activation]] = {
    "identity": (rectified.identity, rectified.identity_derivative),
    "step": (bounded.step, bounded.step_derivative),
    "sigmoid": (bounded.sigmoid, bounded.sigmoid_derivative),
    "tanh": (bounded.tanh, bounded.tanh_derivative),
    "relu": (rectified.relu, rectified.relu_derivative),
    "leaky_relu": (rectified.leaky_relu, rectified.leaky_relu_derivative),
    "elu": (rectified.elu, rectified.elu_derivative),
    "selu": (rectified.selu, rectified.selu_derivative),
}
_SAME_IN_KERAS = {
    getattr(keras.activations, name): name
    for name in ("linear", "sigmoid", "tanh", "relu", "elu", "selu")
}
_NAMED = {
    **{name: function for name, (function, _) in _DERIVATIVES.items()},
    "linear": rectified.identity,
    "softmax": bounded.softmax,
}


def get(identifier: Any) -> Activation:
    """The activation of that name: the documents' own, else Keras'; a function or a layer as it is.

    `None` is `identity`.

    Raises:
        InputError: nobody knows the name.

    >>> get("selu").__name__, get("gelu").__name__
    ('selu', 'gelu')
    """
    if identifier is None:
        return rectified.identity
    if isinstance(identifier, str) and identifier in _NAMED:
        return _NAMED[identifier]
    if isinstance(identifier, type):
        raise InputError(f"an activation is an instance: {identifier.__name__}(), with brackets")
    try:
        return keras.activations.get(identifier)
    except ValueError as error:
        raise InputError(
            f"unknown activation {identifier!r}: take one of {', '.join(_NAMED)}, or one of Keras, "
            "such as gelu or silu"
        ) from error


def serialize(activation: Activation) -> Any:
    """What `get` makes the same activation of, in a form for a file.

    >>> serialize(get("selu"))
    'selu'
    """
    for name, function in _NAMED.items():
        if activation is function:
            return name
    saved = keras.activations.serialize(activation)
    if isinstance(saved, str) and saved in _NAMED:  # Keras' own of that name, and not ours
        return keras.saving.serialize_keras_object(activation)
    return saved


def derivative(activation: Any) -> Activation:
    """The derivative of an activation that works entry by entry, given as such or by name.

    Raises:
        InputError: there is none here; of softmax there is `softmax_jacobian`.

    >>> float(derivative("sigmoid")(0.0))
    0.25
    """
    function = get(activation)
    if function in _SAME_IN_KERAS:
        function = _NAMED[_SAME_IN_KERAS[function]]
    for known, slope in _DERIVATIVES.values():
        if function is known:
            return slope
    name = getattr(function, "__name__", type(function).__name__)
    raise InputError(
        f"no derivative of {name!r} here: there is one of {', '.join(_DERIVATIVES)}, and of Keras' "
        f"own {', '.join(_SAME_IN_KERAS.values())}"
    )
