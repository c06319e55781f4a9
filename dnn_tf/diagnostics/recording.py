"""What goes into each layer and comes out of it, in one call of any Keras model."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from dnn_tf.types import Tensor

_CLOSED = (keras.layers.RNN, keras.layers.Wrapper)
"""They call what is in them once a step of time: they are looked at as a whole."""

_SAME_NUMBERS = (
    keras.layers.Flatten, keras.layers.Reshape, keras.layers.Permute, keras.layers.InputLayer,
)  # fmt: skip


@dataclass
class Call:
    """One call of one layer.

    Args:
        layer: that was called.
        name: of the layer; of its second call, and of another layer of that name, `name (2)`.
        reads_input: whether nothing with a kernel lies between the inputs of the model and it.
        inputs, outputs: floating tensors. Of an output of several the first; `None`, if no float.
        before: what went into the activation, where there is one.
        activation: its name, or `None`.
        averages: mean and variance that a batch normalisation held before the call.
    """

    layer: keras.Layer
    name: str
    reads_input: bool
    inputs: tuple[Tensor, ...]
    outputs: Tensor
    before: Tensor | None = None
    activation: str | None = None
    averages: tuple[np.ndarray, np.ndarray] | None = None


def is_batch_norm(layer: keras.Layer) -> bool:
    """Whether it normalises, and keeps averages of what it saw: ours, Keras', or one's own."""
    return all(hasattr(layer, name) for name in ("moving_mean", "moving_variance"))


@contextmanager
def recording(model: keras.Model, tape: tf.GradientTape, raw: Tensor) -> Iterator[list[Call]]:
    """While it lasts, a call of the model leaves a `Call` of each layer, in their order.

    Layers that hold layers are opened: models within the model, blocks of one's own. Recurrent
    layers, wrappers such as `TimeDistributed`, and layers with weights of their own are not, and
    neither is what is compiled (`tf.function`): it is one layer then. What a model computes between
    its layers is not seen.

    For the time of the block each layer object has a `call` of its own beside that of its class,
    and each activation a listener; no class is changed, and no other model.

    Args:
        model: built.
        tape: watches what is recorded, so that it has a gradient also above frozen layers.
        raw: what the model will be called with.
    """
    recorder = _Recorder(tape, raw)
    layers = [layer for layer in model._flatten_layers() if layer is not model]
    # Past Keras' __setattr__, which would take the functions for a part of the model.
    own = [(layer, vars(layer)["call"]) for layer in layers if "call" in vars(layer)]
    try:
        for layer in layers:
            vars(layer)["call"] = recorder.listening(layer, layer.call)
        yield recorder.calls
    finally:
        for layer in layers:
            vars(layer).pop("call", None)
        for layer, call in own:
            vars(layer)["call"] = call


class _Recorder:
    def __init__(self, tape: tf.GradientTape, raw: Tensor):
        self.calls: list[Call] = []
        self._tape = tape
        self._raw = keras.tree.flatten(raw)  # held, so that no other tensor gets their ids
        self._n_kernels = 0
        self._within = 0
        self._numbers: dict[str, int] = {}

    def listening(self, layer: keras.Layer, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call of a layer, recorded."""

        def listener(*args: Any, **kwargs: Any) -> Any:
            if not tf.executing_eagerly():  # what tf.function traces now is called again later
                return call(*args, **kwargs)
            if is_batch_norm(layer) and layer.trainable and "training" in kwargs:
                kwargs["training"] = True
            if self._within:  # a part of a layer that is looked at as a whole
                return call(*args, **kwargs)
            if _opens(layer):
                before = len(self.calls)
                outputs = call(*args, **kwargs)
                if len(self.calls) > before:
                    return outputs
                inputs = _floats((args, kwargs))
                self._add(layer, inputs, outputs, [])
                return outputs
            # Numbers of words are no quantities, though they may come as floats.
            words = isinstance(layer, keras.layers.Embedding)
            inputs = () if words else _floats((args, kwargs))
            averages = _averages(layer)
            for tensor in inputs:
                self._tape.watch(tensor)
            self._within += 1
            try:
                with _hearing_activation(layer, self._tape) as heard:
                    outputs = call(*args, **kwargs)
            finally:
                self._within -= 1
            self._add(layer, inputs, outputs, heard, averages)
            return outputs

        return listener

    def _add(
        self,
        layer: keras.Layer,
        inputs: tuple[Tensor, ...],
        outputs: Any,
        heard: list[Tensor],
        averages: tuple[np.ndarray, np.ndarray] | None = None,
    ) -> None:
        found = _floats(outputs)
        reads_input = self._reads_input(layer, inputs, found)
        same = isinstance(layer, _SAME_NUMBERS) or any(o is i for o in found for i in inputs)
        if not found or same:
            return
        self._tape.watch(found[0])
        number = self._numbers[layer.name] = self._numbers.get(layer.name, 0) + 1
        name = layer.name if number == 1 else f"{layer.name} ({number})"
        activation = activation_name(layer)
        before = heard[0] if heard else None
        if before is None and activation is not None and not layer.weights and inputs:
            before = inputs[0]  # an activation that is a layer
        self.calls.append(
            Call(layer, name, reads_input, inputs, found[0], before, activation, averages)
        )

    def _reads_input(
        self, layer: keras.Layer, inputs: tuple[Tensor, ...], outputs: tuple[Tensor, ...]
    ) -> bool:
        raw = {id(tensor) for tensor in self._raw}
        reads = bool(inputs) and all(id(tensor) in raw for tensor in inputs)
        scales = not layer.weights or _normalises(layer)  # trained or not
        if scales:
            self._raw += outputs if reads else ()
            return False
        self._n_kernels += 1
        return bool(inputs) and (reads or self._n_kernels == 1)


def _opens(layer: keras.Layer) -> bool:
    """Whether to look into it."""
    if isinstance(layer, _CLOSED) or hasattr(layer, "get_initial_state"):
        return False
    own = layer._trainable_variables or layer._non_trainable_variables
    return bool(layer._layers) and not own


def _normalises(layer: keras.Layer) -> bool:
    kinds = (
        keras.layers.LayerNormalization, keras.layers.GroupNormalization,
        keras.layers.RMSNormalization, keras.layers.Normalization,
    )  # fmt: skip
    return is_batch_norm(layer) or isinstance(layer, kinds)


def _averages(layer: keras.Layer) -> tuple[np.ndarray, np.ndarray] | None:
    """Of a batch normalisation, before the call moves them."""
    if not is_batch_norm(layer):
        return None
    mean, variance = layer.moving_mean, layer.moving_variance
    return np.array(ops.convert_to_numpy(mean)), np.array(ops.convert_to_numpy(variance))


def _floats(values: Any) -> tuple[Tensor, ...]:
    return tuple(
        value
        for value in keras.tree.flatten(values)
        if tf.is_tensor(value) and value.dtype.is_floating and not tf.is_symbolic_tensor(value)
    )


@contextmanager
def _hearing_activation(layer: keras.Layer, tape: tf.GradientTape) -> Iterator[list[Tensor]]:
    """What goes into the activation that a layer has within."""
    heard: list[Tensor] = []
    activation = vars(layer).get("activation")
    if not callable(activation) or activation_name(layer) is None:
        yield heard
        return

    def listener(z: Tensor, *args: Any, **kwargs: Any) -> Any:
        if not tf.is_symbolic_tensor(z):
            tape.watch(z)
            heard.append(z)
        return activation(z, *args, **kwargs)

    vars(layer)["activation"] = listener
    try:
        yield heard
    finally:
        vars(layer)["activation"] = activation


_ACTIVATION_LAYERS = {
    "ReLU": "relu",
    "LeakyReLU": "leaky_relu",
    "ELU": "elu",
    "Softmax": "softmax",
    "PReLU": "prelu",
    "RReLU": "rrelu",
}


def activation_name(layer: keras.Layer) -> str | None:
    """Of the activation of a layer, or of the layer that is one; `None` for none, and unknown ones.

    >>> activation_name(keras.layers.Dense(1, activation="tanh"))
    'tanh'
    >>> activation_name(keras.layers.ReLU()), activation_name(keras.layers.Dense(1))
    ('relu', None)
    """
    if type(layer).__name__ in _ACTIVATION_LAYERS:
        return _ACTIVATION_LAYERS[type(layer).__name__]
    activation = vars(layer).get("activation")
    if activation is None:
        return None
    name = getattr(activation, "__name__", None)
    if name is None:
        with suppress(AttributeError):
            kind = type(activation).__name__
            return _ACTIVATION_LAYERS.get(kind, kind.lower())
    return None if name in ("linear", "identity", None) else str(name)


def last_activation(model: keras.Model) -> str | None:
    """Of the layer that the outputs come out of; those that change no number are passed over.

    >>> model = keras.Sequential([keras.layers.Dense(4, "softmax"), keras.layers.Reshape((4,))])
    >>> last_activation(model)
    'softmax'
    """
    for layer in reversed(model.layers):
        if isinstance(layer, keras.Model):
            return last_activation(layer)
        name = activation_name(layer)
        silent = isinstance(layer, keras.layers.Activation) and name is None
        if not silent and not isinstance(layer, (*_SAME_NUMBERS, keras.layers.Dropout)):
            return name
    return None
