"""Which layers are trained: one call does all that belongs to it."""

from collections.abc import Sequence
from typing import Any

import keras

from dnn_tf.arguments import check_positive
from dnn_tf.layers import BatchNorm
from dnn_tf.transfer.blocks import Block, blocks_of, leaves, no_such_layer
from dnn_tf.transfer.optimizer_memory import renewed
from dnn_tf.types import InputError


def freeze(model: keras.Model, layers: int | str | Sequence[str] | None = None) -> None:
    """From now on these layers are not trained; the others stay as they are.

    A batch norm that is frozen stands still whatever `training=` says, its averages too. A compiled
    model is compiled anew, for the step that it had remembers what was trained; so `model.fit` can
    follow, or `dnn_tf.fit` with `optimizer=model.optimizer`. The optimiser is a new one for the
    weights that are left, and remembers of them what the old one did.

    Args:
        model: a network.
        layers: how many, from the input on, each with what belongs to it; or the name of a layer,
            or several. `None`: all but the output layer.

    Raises:
        InputError: no such layer, or fewer than that.

    >>> from dnn_tf import models
    >>> model = models.dnn(4, (5, 3), 2)
    >>> freeze(model)
    >>> [layer.name for layer in model.layers if layer.trainable and layer.weights]
    ['outputs']
    """
    blocks = blocks_of(model)
    below = blocks[:-1] if layers is None else blocks
    chosen = _named(model, layers)
    if chosen is None:
        lowest = below[: _count(layers, below, "layers")]
        chosen = [layer for block in lowest for layer in block.layers]
    _set(model, chosen, trainable=False)


def thaw(
    model: keras.Model,
    layers: int | str | Sequence[str] | None = None,
    *,
    batch_norm: bool = False,
) -> None:
    """From now on these layers are trained too; the others stay as they are.

    As with `freeze`, a compiled model is compiled anew, and the optimiser remembers what it knew of
    the weights that were trained before. (With Adam, the first steps of a layer that is thawed late
    are up to 6.6 times the learning rate: its mean squares start at zero, and the correction for
    that goes by the steps of all. Take a smaller rate at first, or a new optimiser.)

    Args:
        model: a network.
        layers: how many of those that are frozen, from the output down, each with what belongs to
            it; or the name of a layer, or several. `None`: all.
        batch_norm: whether batch norms among them are thawed as well. Default `False`: they keep
            the averages of the task that they were trained on, which few rows would spoil.

    Raises:
        InputError: no such layer, or fewer than that are frozen.

    >>> from dnn_tf import models
    >>> model = models.dnn(4, (5, 4, 3), 2)
    >>> freeze(model)
    >>> thaw(model, 1)
    >>> [layer.name for layer in model.layers if layer.trainable and layer.weights]
    ['hidden3', 'outputs']
    """
    frozen = [block for block in blocks_of(model) if layers is None or kernel_is_frozen(block)]
    chosen = _named(model, layers)
    if chosen is None:
        count = _count(layers, frozen, "frozen layers")
        chosen = [layer for block in frozen[len(frozen) - count :] for layer in block.layers]
    _set(model, chosen, trainable=True, batch_norm=batch_norm)


def thaw_everything(model: keras.Model) -> None:
    """Every flag inside a network; nothing is compiled anew.

    By way of `False`: Keras passes a flag on only where it changes, so `model.trainable = True`
    alone leaves the layers of a model that was trainable itself as they are.
    """
    model.trainable = False
    model.trainable = True


def kernel_is_frozen(block: Block) -> bool:
    """Whether all of a block but its batch norms is frozen, which may be on their own."""
    return not any(
        leaf.trainable
        for layer in block.layers
        for leaf in leaves(layer)
        if not _is_norm(leaf) and leaf._trainable_variables
    )


def _is_norm(layer: keras.Layer) -> bool:
    return isinstance(layer, BatchNorm | keras.layers.BatchNormalization)


def _named(
    model: keras.Model, layers: int | str | Sequence[str] | None
) -> list[keras.Layer] | None:
    """The layers of these names, in networks inside it too; `None` if it is a number or nothing."""
    if layers is None or (not isinstance(layers, str) and not isinstance(layers, Sequence)):
        return None
    known: dict[str, list[keras.Layer]] = {}
    for layer in model._flatten_layers(include_self=False):
        known.setdefault(layer.name, []).append(layer)
    names = [layers] if isinstance(layers, str) else list(layers)
    for name in names:
        if name not in known:
            raise no_such_layer(name, list(known))
        if len(known[name]) > 1:
            raise InputError(
                f"{len(known[name])} layers are called {name!r}, some in a network inside the "
                "other: set layer.trainable on the one you mean, and compile the model"
            )
    return [known[name][0] for name in names]


def _count(number: Any, blocks: Sequence[Block], what: str) -> int:
    """So many of the blocks; `None` is all."""
    if number is None:
        return len(blocks)
    check_positive(layers=number)
    if number > len(blocks):
        names = ", ".join(block.name for block in blocks) or "none"
        raise InputError(f"layers is {number}, and there are {len(blocks)} {what}: {names}")
    return int(number)


def _set(
    model: keras.Model,
    layers: Sequence[keras.Layer],
    trainable: bool,
    batch_norm: bool = True,
) -> None:
    """The flags of the leaves, and the step and the optimiser that go with them.

    Keras hands a flag on to all that is inside, and asks those outside as well: so every flag is
    set on the layers that hold the weights, and none outside is left in the way.
    """
    every_leaf = leaves(model)
    before = [(leaf, leaf.trainable, _flags(leaf)) for leaf in every_leaf]
    chosen = {
        id(leaf) for layer in layers for leaf in leaves(layer) if batch_norm or not _is_norm(leaf)
    }
    thaw_everything(model)
    for leaf, was, flags in before:
        leaf.trainable = trainable if id(leaf) in chosen else was
        if leaf.trainable and was:  # single weights that somebody set apart stay so
            _restore(flags)
    if model.compiled:
        try:
            _compile_anew(model)
        except InputError:
            thaw_everything(model)
            for leaf, was, flags in before:
                leaf.trainable = was
                _restore(flags)
            raise


def _flags(leaf: keras.Layer) -> list[tuple[keras.Variable, bool]]:
    return [(weight, weight.trainable) for weight in leaf._trainable_variables]


def _restore(flags: list[tuple[keras.Variable, bool]]) -> None:
    for weight, was in flags:
        weight.trainable = was


def _compile_anew(model: keras.Model) -> None:
    """With a step and an optimiser for what is trained now; all else as it was."""
    words = dict(model._compile_config.config)
    words["optimizer"] = renewed(model.optimizer, model.trainable_variables)
    with model.distribute_strategy.scope():
        model.compile(**words)
