"""A hidden layer with all that can belong to it: normalisation, activation, dropout."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import keras

from dnn_tf import activations, initializers
from dnn_tf.arguments import check_positive
from dnn_tf.layers import BatchNorm, Dropout, Maxout, NeuronLayer, PReLU, RReLU
from dnn_tf.types import InputError, Tensor

_LAYERS = {"prelu": PReLU, "rrelu": RReLU}


class Recipe(NamedTuple):
    """How the hidden layers of a network are made; see `models.dnn` for the fields."""

    activation: Any = "relu"
    kernel_initializer: Any = None
    batch_norm: bool = False
    dropout: Any = None
    kernel_regularizer: Any = None
    kernel_constraint: Any = None
    layer: Callable[..., keras.Layer] = NeuronLayer

    def checked(self) -> "Recipe":
        """The same with what SELU needs; a warning, once, where it has something else.

        Raises:
            InputError: parts that do not go together.
        """
        if self.activation == "maxout" and (self.batch_norm or self.layer is not NeuronLayer):
            raise InputError(
                "maxout is a layer of its own, whose largest map is taken at once: leave out "
                "batch_norm and layer"
            )
        if _is_selu(self.activation):
            if self.kernel_initializer is None:
                return self._replace(kernel_initializer="lecun_normal").checked()
            _warn_beside_selu(self.kernel_initializer, self.dropout)
        return self

    def hidden_layers(self, z: Tensor, hidden: Sequence[int]) -> Tensor:
        """Builds them one on the other: `hidden1`, `hidden2`, ..."""
        for number, units in enumerate(hidden, start=1):
            z = self.hidden_layer(z, units, f"hidden{number}")
        return z

    def hidden_layer(self, z: Tensor, units: int, name: str) -> Tensor:
        """Linear map, batch normalisation, activation, dropout: those that are wanted."""
        check_positive(**{name: units})
        words = {**self.words(), "kernel_constraint": self.kernel_constraint}
        if self.activation == "maxout":
            z = Maxout(units, name=name, **words)(z)
        elif self.batch_norm:
            z = self.layer(units, name=name, **words)(z)
            z = BatchNorm(name=f"{name}_bn")(z)
            z = activation_layer(self.activation, f"{name}_activation")(z)
        else:
            z = self.layer(units, activation=_activation(self.activation), name=name, **words)(z)
        return self.dropped(z, f"{name}_dropout")

    def words(self) -> dict[str, Any]:
        """What every layer with weights is told, the outputs too."""
        words = {"kernel_regularizer": self.kernel_regularizer}
        if self.kernel_initializer is not None:
            words["kernel_initializer"] = initializers.get(self.kernel_initializer)
        return words

    def dropped(self, z: Tensor, name: str) -> Tensor:
        """Through dropout, if there is any."""
        if self.dropout is None:
            return z
        layer = self.dropout if isinstance(self.dropout, keras.Layer) else Dropout(self.dropout)
        return _copy(layer, name)(z)


def activation_layer(activation: Any, name: str) -> keras.Layer:
    """An activation as a layer of its own."""
    found = _activation(activation)
    if isinstance(found, keras.Layer):
        return _copy(found, name)
    return keras.layers.Activation(found, name=name)


def _activation(activation: Any) -> Any:
    """A function, or a layer that nobody else uses."""
    if isinstance(activation, str) and activation in _LAYERS:
        return _LAYERS[activation]()
    if isinstance(activation, keras.Layer):
        return _copy(activation, None)
    return activations.get(activation)


def _copy(layer: keras.Layer, name: str | None) -> keras.Layer:
    config = layer.get_config()
    return type(layer).from_config({**config, "name": name or config["name"]})


def _is_selu(activation: Any) -> bool:
    return activation in ("selu", activations.selu, keras.activations.selu)


def _warn_beside_selu(kernel_initializer: Any, dropout: Any) -> None:
    start = type(initializers.get(kernel_initializer)).__name__
    if not start.lower().startswith("lecun"):
        warnings.warn(
            f"SELU keeps its mean and variance from LeCun's start alone, and got {start}: take "
            "kernel_initializer='lecun_normal'",
            stacklevel=4,
        )
    plain = isinstance(dropout, float | int | Dropout | keras.layers.Dropout)
    if plain and dropout != 0:
        warnings.warn(
            "plain dropout breaks the mean and variance that SELU keeps: take "
            "dropout=layers.AlphaDropout(rate)",
            stacklevel=4,
        )
