"""A hidden layer with all that can belong to it: normalisation, activation, dropout."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import keras

from dnn_tf import activations, constraints, initializers, regularizers
from dnn_tf.arguments import as_sizes
from dnn_tf.layers import BatchNorm, Dropout, Maxout, NeuronLayer, PReLU, RReLU
from dnn_tf.models.selu_conditions import is_selu, warn_beside_selu
from dnn_tf.types import InputError, Tensor

_LAYERS = {"prelu": PReLU, "rrelu": RReLU}


class Recipe(NamedTuple):
    """How the hidden layers of a network are made; see `models.dnn` for the fields."""

    activation: Any = "relu"
    kernel_initializer: Any = None
    batch_norm: Any = False
    dropout: Any = None
    kernel_regularizer: Any = None
    kernel_constraint: Any = None
    layer: Callable[..., keras.Layer] = NeuronLayer

    def checked(self) -> "Recipe":
        """The same with what SELU needs; a warning, once, where it has something else.

        Raises:
            InputError: parts that do not go together.
        """
        if isinstance(self.activation, Maxout):
            raise InputError("for Maxout in the hidden layers take activation='maxout'")
        if self.activation == "maxout" and (self.batch_norm or self.layer is not NeuronLayer):
            raise InputError(
                "maxout is a layer of its own, whose largest map is taken at once: leave out "
                "batch_norm and layer"
            )
        if not isinstance(self.batch_norm, bool | keras.Layer):
            raise InputError(
                "batch_norm is True, False or a layer such as layers.BatchNorm(momentum=0.99), and "
                f"got {self.batch_norm!r}"
            )
        if not callable(self.layer):
            raise InputError(
                f"layer is NeuronLayer or keras.layers.Dense, not a name, and got {self.layer!r}"
            )
        if not is_selu(self.activation):
            return self
        start = "lecun_normal" if self.kernel_initializer is None else self.kernel_initializer
        warn_beside_selu(start, self.dropout, self.batch_norm)
        return self._replace(kernel_initializer=start)

    def hidden_layers(self, z: Tensor, hidden: Sequence[int], below: int = 0) -> Tensor:
        """Builds them one on the other: `hidden1`, `hidden2`, ...; above `below` others."""
        for number, units in enumerate(as_sizes("hidden", hidden), start=1):
            z = self.hidden_layer(z, units, f"hidden{number}", below + number)
        return z

    def hidden_layer(self, z: Tensor, units: int, name: str, number: int) -> Tensor:
        """Linear map, batch normalisation, activation, dropout: those that are wanted."""
        words = {**self.words(), "kernel_constraint": constraints.get(self.kernel_constraint)}
        if self.activation == "maxout":
            return self.dropped(Maxout(units, name=name, **words)(z), name, number)
        activation = own_activation(self.activation, number, f"{name}_activation")
        if self.batch_norm:
            z = self.layer(units, name=name, **words)(z)
            z = self.normalised(z, f"{name}_bn", number)
            z = _as_layer(activation, f"{name}_activation")(z)
        elif isinstance(activation, keras.Layer) and self.layer is not NeuronLayer:
            z = self.layer(units, name=name, **words)(z)  # Keras' Dense would not build it
            z = activation(z)
        else:
            z = self.layer(units, activation=activation, name=name, **words)(z)
        return self.dropped(z, name, number)

    def dropped(self, z: Tensor, name: str, number: int) -> Tensor:
        """Through dropout, if there is any."""
        if self.dropout is None:
            return z
        layer = self.dropout if isinstance(self.dropout, keras.Layer) else Dropout(self.dropout)
        return _copy(layer, number, f"{name}_dropout")(z)

    def normalised(self, z: Tensor, name: str, number: int) -> Tensor:
        """Through batch normalisation."""
        own = isinstance(self.batch_norm, keras.Layer)
        return _copy(self.batch_norm if own else BatchNorm(), number, name)(z)

    def words(self) -> dict[str, Any]:
        """What every layer with weights is told, the outputs too."""
        words = {"kernel_regularizer": regularizers.get(self.kernel_regularizer)}
        if self.kernel_initializer is not None:
            words["kernel_initializer"] = initializers.get(self.kernel_initializer)
        return words


def _as_layer(activation: Any, name: str) -> keras.Layer:
    if isinstance(activation, keras.Layer):
        return activation
    return keras.layers.Activation(activation, name=name)


def own_activation(activation: Any, number: int, name: str | None = None) -> Any:
    """The activation of the layer of that number: a function, or a layer that no other has."""
    if isinstance(activation, str) and activation in _LAYERS:
        return _LAYERS[activation](name=name)
    if isinstance(activation, keras.Layer):
        return _copy(activation, number, name)
    return activations.get(activation)


def _copy(layer: keras.Layer, number: int, name: str | None) -> keras.Layer:
    """One like it; with a seed, every further one has the next, or all would draw alike."""
    config = layer.get_config()
    if name is not None:
        config["name"] = name
    if config.get("seed") is not None:
        config["seed"] += number - 1
    return type(layer).from_config(config)
