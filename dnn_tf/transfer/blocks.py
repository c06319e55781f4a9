"""A network as a row of blocks: each hidden layer with what belongs to it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import keras

from dnn_tf.layers import PReLU
from dnn_tf.types import InputError, Tensor

_BELONG = (
    PReLU,
    keras.layers.PReLU,
    keras.layers.BatchNormalization,
    keras.layers.GroupNormalization,
    keras.layers.LayerNormalization,
    keras.layers.Normalization,
)
"""Layers with weights that are part of the layer before them."""


class Block(NamedTuple):
    """A layer with a kernel, and what follows it up to the next one.

    The normalisation, activation, dropout and pooling of `hidden1` are of its block; what stands
    before the first kernel is of the first.

    Args:
        name: of the layer with the kernel.
        layers: all of them, from the input on.
    """

    name: str
    layers: tuple[keras.Layer, ...]

    @property
    def is_frozen(self) -> bool:
        """Whether nothing in it is trained."""
        return not any(layer.trainable_variables for layer in self.layers)


def blocks_of(model: keras.Model) -> list[Block]:
    """The blocks of a network, from the input on; a network inside it is one block.

    Raises:
        InputError: it is no graph of layers, or has no layer with a kernel.

    >>> from dnn_tf import models
    >>> [block.name for block in blocks_of(models.dnn(4, (5, 3), 2, batch_norm=True))]
    ['hidden1', 'hidden2', 'outputs']
    """
    check_graph_of_layers(model)
    blocks: list[list[keras.Layer]] = [[]]
    names: list[str] = []
    for layer in model.layers:
        if _begins(layer):
            if names:
                blocks.append([])
            names.append(layer.name)
        blocks[-1].append(layer)
    if not names:
        raise InputError(f"model {model.name!r} has no layer with weights: none can be kept")
    return [Block(name, tuple(layers)) for name, layers in zip(names, blocks, strict=True)]


def check_graph_of_layers(model: Any) -> None:
    """A Keras model whose layers stand in a graph, with one input and one output."""
    if not isinstance(model, keras.Model):
        raise InputError(f"a Keras model was expected, and got {type(model).__name__}")
    graph = isinstance(model, keras.Sequential) or hasattr(model, "_operations")
    if not (graph and model.built) or len(model.inputs) != 1 or len(model.outputs) != 1:
        raise InputError(
            f"model {model.name!r} is no graph of layers with one input and one output: make it "
            "with keras.Model(inputs, outputs), or give a Sequential model a keras.Input"
        )


def leaves(layer: keras.Layer) -> list[keras.Layer]:
    """The layers in a layer that have weights of their own, in order; itself, if it has any."""
    if isinstance(layer, keras.Model):
        own = [layer] if own_weights(layer) else []
        return own + [leaf for inner in layer.layers for leaf in leaves(inner)]
    return [one for one in layer._flatten_layers() if own_weights(one)]


def own_weights(layer: keras.Layer) -> list[keras.Variable]:
    """The weights of a layer that are not those of a layer in it."""
    own = [*layer._trainable_variables, *layer._non_trainable_variables]
    known = {id(weight) for weight in layer.weights}  # states of random generators are no weights
    return [weight for weight in own if id(weight) in known]


def output_of(layer: keras.Layer, model: keras.Model) -> Tensor:
    """What a layer gives in that network (a network inside another has an output of its own too).

    Raises:
        InputError: the network uses it more than once.
    """
    graph = model._functional if isinstance(model, keras.Sequential) else model
    here = {id(node) for nodes in graph._nodes_by_depth.values() for node in nodes}
    found = [node for node in layer._inbound_nodes if id(node) in here]
    if len(found) != 1 or len(found[0].output_tensors) != 1:
        raise InputError(
            f"layer {layer.name!r} of model {model.name!r} is used more than once, or has several "
            "outputs: the network cannot be cut there; cut it above or below"
        )
    return found[0].output_tensors[0]


def find_block(blocks: Sequence[Block], name: str) -> int:
    """The number of the block that a layer of that name is in.

    Raises:
        InputError: none is.
    """
    for number, block in enumerate(blocks):
        if any(layer.name == name for layer in block.layers):
            return number
    raise no_such_layer(name, [layer.name for block in blocks for layer in block.layers])


def no_such_layer(name: str, known: Sequence[str]) -> InputError:
    """An error that lists the names there are."""
    return InputError(f"no layer is called {name!r}: there are {', '.join(known)}")


def _begins(layer: keras.Layer) -> bool:
    """Whether a block begins with it: it has a kernel, of two axes or more."""
    return not isinstance(layer, _BELONG) and any(len(w.shape) >= 2 for w in layer.weights)
