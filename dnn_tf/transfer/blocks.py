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


class Piece(NamedTuple):
    """The smallest part of a network that ends in one tensor, through which all goes on.

    Args:
        operations: layers, and functions of `keras.ops`. In a chain it is one; a residual
            connection keeps all that it leads past in one piece.
        output: what the piece gives.
    """

    operations: tuple[Any, ...]
    output: Tensor

    @property
    def layers(self) -> tuple[keras.Layer, ...]:
        """Those of the operations that are layers."""
        return tuple(one for one in self.operations if isinstance(one, keras.Layer))


class Block(NamedTuple):
    """A layer with a kernel, and what follows it up to the next one.

    The normalisation, activation, dropout and pooling of `hidden1` are of its block; what stands
    before the first kernel is of the first. The branches of a residual connection are one block.

    Args:
        name: of the layer with the kernel; of several, the first.
        layers: all of them, from the input on.
        output: what the block gives.
    """

    name: str
    layers: tuple[keras.Layer, ...]
    output: Tensor


def blocks_of(model: keras.Model) -> list[Block]:
    """The blocks of a network, from the input on; a network inside it is one block.

    Raises:
        InputError: it is no graph of layers, or has no layer with a kernel.

    >>> from dnn_tf import models
    >>> [block.name for block in blocks_of(models.dnn(4, (5, 3), 2, batch_norm=True))]
    ['hidden1', 'hidden2', 'outputs']
    """
    groups: list[list[Piece]] = [[]]
    names: list[str] = []
    for piece in pieces_of(model):
        kernel = next((layer.name for layer in piece.layers if _has_kernel(layer)), None)
        if kernel is not None:
            if names:
                groups.append([])
            names.append(kernel)
        groups[-1].append(piece)
    if not names:
        raise InputError(f"model {model.name!r} has no layer with weights: none can be kept")
    return [
        Block(name, tuple(layer for piece in group for layer in piece.layers), group[-1].output)
        for name, group in zip(names, groups, strict=True)
    ]


def pieces_of(model: keras.Model) -> list[Piece]:
    """A network, cut wherever one tensor is all that goes on, and no layer is used on both sides.

    Raises:
        InputError: it is no graph of layers.
    """
    check_graph_of_layers(model)
    graph = model._functional if isinstance(model, keras.Sequential) else model
    depths = sorted(graph._nodes_by_depth, reverse=True)  # of the input first
    nodes = [node for depth in depths for node in graph._nodes_by_depth[depth]]
    last_use = {id(graph.outputs[0]): len(nodes)}
    last_node = {id(node.operation): number for number, node in enumerate(nodes)}
    for number, node in enumerate(nodes):
        for tensor in node.input_tensors:
            last_use[id(tensor)] = max(number, last_use.get(id(tensor), 0))
    pieces, operations, busy_until = [], [], 0
    live: dict[int, Tensor] = {}  # what is still to be used
    for number, node in enumerate(nodes):
        operations.append(node.operation)
        busy_until = max(busy_until, last_node[id(node.operation)])
        live |= {id(tensor): tensor for tensor in node.output_tensors}
        live = {key: tensor for key, tensor in live.items() if last_use.get(key, -1) > number}
        if len(live) == 1 and busy_until <= number:
            pieces.append(Piece(tuple(dict.fromkeys(operations)), *live.values()))
            operations = []
    return pieces


def check_graph_of_layers(model: Any) -> None:
    """A Keras model whose layers stand in a graph, with one input and one output."""
    if not isinstance(model, keras.Model):
        raise InputError(f"a Keras model was expected, and got {type(model).__name__}")
    graph = isinstance(model, keras.Sequential) or hasattr(model, "_nodes_by_depth")
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


def trained_layers(model: keras.Model) -> list[str]:
    """The names of the layers in which something is trained, in networks inside it too."""
    names: list[str] = []
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            names += trained_layers(layer)
        elif layer.trainable_variables:
            names.append(layer.name)
    return names


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
    return InputError(f"no layer is called {name!r}: there are {', '.join(dict.fromkeys(known))}")


def _has_kernel(layer: keras.Layer) -> bool:
    """Whether a block begins with it: it has a weight of two axes or more."""
    return not isinstance(layer, _BELONG) and any(len(w.shape) >= 2 for w in layer.weights)
