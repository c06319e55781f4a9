"""A new network on the lower layers of a trained one."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras

from dnn_tf.arguments import as_sizes, check_positive
from dnn_tf.layers import NeuronLayer
from dnn_tf.models.hidden_layers import Recipe
from dnn_tf.saving import load
from dnn_tf.transfer.blocks import blocks_of, check_graph_of_layers, find_block
from dnn_tf.transfer.copying import copied
from dnn_tf.transfer.freezing import freeze as freeze_layers
from dnn_tf.transfer.freezing import thaw_everything
from dnn_tf.types import InputError


def reuse(
    model: keras.Model | str | Path,
    n_outputs: int,
    *,
    keep: int | str | None = None,
    new_hidden: Sequence[int] = (),
    freeze: bool = True,
    output_initializer: Any = None,
    **recipe: Any,
) -> keras.Model:
    """A network for another task, on copies of the lower layers of a trained one.

    The copies have the trained weights and are frozen; the hidden layers of `new_hidden` and the
    output layer start anew. The trained network stays as it is: nothing is shared with it.

    Args:
        model: a network with one input and one output; or the folder or `.keras` file of one, see
            `saving.load`. Of a TF1 checkpoint: what `tf1.load_checkpoint` makes of it.
        n_outputs: classes of the new task.
        keep: how many hidden layers, from the input on; or the name of the last one that is kept.
            What belongs to a layer (normalisation, activation, dropout, pooling) comes with it; the
            branches of a residual connection count as one.
            `None`: all but the output layer; `"all"`: that too, for a network without one.
        new_hidden: neurons of each new hidden layer above them.
        freeze: whether the kept layers are frozen; see `thaw`. Default `True`.
        output_initializer: how the weights of the output layer start. `None`: as `NeuronLayer`
            does, by the document's truncated normal.
        **recipe: of the new hidden layers: `activation`, `kernel_initializer`, `batch_norm`,
            `dropout` and others of `models.dnn`.

    Returns:
        An ordinary model of the same input, ending in logits; the new layers are `hidden3`, ...
        (where two are kept) and `outputs`.

    Raises:
        InputError: no such file or layer, fewer layers than are to be kept, or a network that is
            no graph of layers with one input and one output.

    >>> from dnn_tf import models
    >>> digits = models.dnn(784, (100, 100, 50), 10)
    >>> letters = reuse(digits, 26, keep=2, new_hidden=(20,))
    >>> [(layer.name, layer.trainable) for layer in letters.layers][1:]
    [('hidden1', False), ('hidden2', False), ('hidden3', True), ('outputs', True)]
    """
    check_positive(n_outputs=n_outputs)
    sizes = as_sizes("new_hidden", new_hidden)
    words = _recipe(recipe)
    trained = _opened(model)
    check_graph_of_layers(trained)
    n_kept = count_kept(trained, keep)
    lower = lower_part(trained, n_kept)
    kept = [layer.name for layer in lower.layers]
    below = sum(_is_hidden(name) for name in kept)
    z = lower.outputs[0]
    if len(z.shape) > 2:
        z = keras.layers.Flatten(name=_free("features", kept))(z)
    for number, units in enumerate(sizes, start=below + 1):
        z = words.hidden_layer(z, units, _free(f"hidden{number}", kept), number)
    words = words._replace(kernel_initializer=output_initializer)
    logits = NeuronLayer(n_outputs, name=_free("outputs", kept), **words.words())(z)
    network = keras.Model(lower.inputs[0], logits, name=trained.name)
    thaw_everything(network)  # whatever the flags were
    if freeze:
        freeze_layers(network, n_kept)
    return network


def count_kept(model: keras.Model, keep: int | str | None) -> int:
    """How many of the blocks of a network are kept.

    Raises:
        InputError: more than there are, or no layer of that name.
    """
    blocks = blocks_of(model)
    if keep is None and len(blocks) == 1:
        raise InputError(
            f"model {model.name!r} has one layer with weights, {blocks[0].name!r}: below it there "
            'is nothing to keep; if it is no output layer, give keep="all"'
        )
    if keep is None:
        return len(blocks) - 1
    if keep == "all":
        return len(blocks)
    if isinstance(keep, str):
        return find_block(blocks, keep) + 1
    check_positive(keep=keep)
    if keep > len(blocks):
        raise InputError(
            f"keep is {keep}, and model {model.name!r} has {len(blocks)} layers with weights: "
            f"{', '.join(block.name for block in blocks)}"
        )
    return keep


def lower_part(model: keras.Model, n_blocks: int) -> keras.Model:
    """A copy of the lowest blocks, with their weights."""
    return copied(keras.Model(model.inputs[0], blocks_of(model)[n_blocks - 1].output))


def _opened(model: keras.Model | str | Path) -> keras.Model:
    if isinstance(model, str | Path):
        if Path(f"{model}.index").is_file():
            raise InputError(
                f"{model} is a TensorFlow checkpoint: give what tf1.load_checkpoint makes of it, "
                "which needs to know the activation"
            )
        return load(model)
    return model


def _recipe(words: dict[str, Any]) -> Recipe:
    if unknown := set(words) - set(Recipe._fields):
        raise InputError(
            f"reuse takes no {', '.join(sorted(unknown))}: of a new hidden layer it takes "
            f"{', '.join(Recipe._fields)}"
        )
    return Recipe(**words).checked()


def _is_hidden(name: str) -> bool:
    return name.startswith("hidden") and name[6:].isdigit()


def _free(name: str, taken: Sequence[str]) -> str:
    """The name, or another where a kept layer has it."""
    while name in taken:
        name = f"new_{name}"
    return name
