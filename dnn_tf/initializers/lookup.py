"""An initialiser by its name, and the right one for an activation."""

from typing import Any

import keras

from dnn_tf.initializers import scaled
from dnn_tf.initializers.document import DocumentNormal
from dnn_tf.types import InputError

_NAMED = {
    "document": DocumentNormal,
    "document_corrected": lambda: DocumentNormal(corrected=True),
    "plain_normal": scaled.PlainNormal,
    "xavier_normal": scaled.XavierNormal,
    "xavier_uniform": scaled.XavierUniform,
    "he_normal": scaled.HeNormal,
    "he_uniform": scaled.HeUniform,
    "he_average_normal": scaled.HeAverageNormal,
    "he_average_uniform": scaled.HeAverageUniform,
    "lecun_normal": scaled.LeCunNormal,
    "lecun_uniform": scaled.LeCunUniform,
}

_RECOMMENDED = {
    **dict.fromkeys(
        ("identity", "linear", "sigmoid", "softmax", "step", "tanh", "maxout"), "xavier_normal"
    ),
    **dict.fromkeys(
        ("relu", "leaky_relu", "prelu", "rrelu", "elu", "gelu", "silu", "swish", "softplus"),
        "he_normal",
    ),
    "selu": "lecun_normal",
}


def get(identifier: object) -> keras.initializers.Initializer:
    """The initialiser of that name: one of this package, else one of Keras.

    An instance is copied, so that layers which are given one and the same, without a seed, do not
    start alike.

    Raises:
        InputError: nobody knows the name.

    >>> get("document_corrected").corrected
    True
    >>> type(get("he_normal")).__name__, type(get("glorot_normal")).__name__
    ('HeNormal', 'GlorotNormal')
    """
    if isinstance(identifier, str) and identifier in _NAMED:
        return _NAMED[identifier]()
    if isinstance(identifier, keras.initializers.Initializer):
        return identifier.clone()
    try:
        found = keras.initializers.get(identifier)
    except ValueError:
        found = None
    if found is None:
        raise InputError(
            f"unknown initialiser {identifier!r}: take one of {', '.join(_NAMED)}, or one of "
            "Keras, such as glorot_uniform or orthogonal"
        )
    return found


def is_lecun(initializer: keras.initializers.Initializer) -> bool:
    """Whether it draws with the variance `1 / n_inputs`, ours or one of Keras.

    >>> is_lecun(keras.initializers.VarianceScaling()), is_lecun(keras.initializers.HeNormal())
    (True, False)
    """
    if isinstance(initializer, keras.initializers.VarianceScaling):  # Keras' LeCun ones are too
        return initializer.scale == 1 and initializer.mode == "fan_in"
    return isinstance(initializer, scaled.LeCunNormal | scaled.LeCunUniform)


def recommended(activation: Any) -> str:
    """The name of the initialiser that keeps the spread of a layer with this activation.

    He's for ReLU and its kin, LeCun's for SELU, Xavier's for what is near linear around zero. The
    document gives He's for tanh too; Xavier Glorot and Bengio derived theirs for it.

    Args:
        activation: a name, a function or a layer; `None` is no activation.

    Raises:
        InputError: an activation without a rule here.

    >>> recommended("selu"), recommended("tanh"), recommended(None)
    ('lecun_normal', 'xavier_normal', 'xavier_normal')
    """
    name = activation if isinstance(activation, str) else _name_of(activation)
    if name not in _RECOMMENDED:
        raise InputError(
            f"no rule for the activation {name!r}: there is one for {', '.join(_RECOMMENDED)}; "
            "name an initialiser yourself, such as he_normal"
        )
    return _RECOMMENDED[name]


def _name_of(activation: Any) -> str:
    if activation is None:
        return "identity"
    if isinstance(activation, keras.layers.Activation):
        return _name_of(activation.activation)
    if isinstance(activation, type) or not hasattr(activation, "__name__"):
        kind = activation if isinstance(activation, type) else type(activation)
        return {"LeakyReLU": "leaky_relu"}.get(kind.__name__, kind.__name__.lower())
    return str(activation.__name__).removeprefix("document_")
