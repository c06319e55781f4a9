"""What a network does, layer by layer."""

from typing import Any

import keras

from dnn_tf.arguments import check_above_0
from dnn_tf.diagnostics.door import check_built, sampled
from dnn_tf.diagnostics.looking import Look, look
from dnn_tf.diagnostics.loss import is_sparse, total_loss
from dnn_tf.diagnostics.measuring import measured
from dnn_tf.diagnostics.report import Report
from dnn_tf.diagnostics.restoring import state_of, unchanged
from dnn_tf.diagnostics.rules import judged
from dnn_tf.diagnostics.updates import check_optimizer, told, updates
from dnn_tf.types import InputError

ROWS = 1000

_SPOIL_THE_LOSS = ("not a number", "unscaled input", "exploding outputs")


def inspect(
    model: keras.Model,
    x: Any,
    y: Any,
    loss: Any = None,
    *,
    optimizer: keras.optimizers.Optimizer | None = None,
    learning_rate: float = 0.01,
    rows: int = ROWS,
    seed: int = 0,
) -> Report:
    """The health of each layer of a network, what is wrong, and what to do about it.

    The rows go through the network once, forward and back, as in a step of training without
    chance: dropout and noise are off, and a batch normalisation that is trained takes mean and
    variance of the rows, even where the model calls it with `training=False` (one that is frozen
    takes its averages). The gradients are those of a `tf.GradientTape`; where the loss is no finite
    number there are none, and the outputs are judged alone. Afterwards model and optimiser are bit
    for bit what they were.

    Any built Keras model: Sequential, functional with branches, shared layers, several inputs and
    outputs, models within models, a class of one's own. A layer that is called twice has two
    entries, with the same weights. Recurrent layers and wrappers (`Bidirectional`,
    `TimeDistributed`) are looked at as a whole, what a model computes between its layers not at
    all; what is compiled by `tf.function` is one layer.

    The limits of all verdicts are in `diagnostics.rules`. In small networks, of fewer than about 10
    inputs or under 64 units a layer, the numbers scatter, and a milder fault may pass. Of several
    outputs the gradients are measured against all together: below one whose loss is a thousandth of
    another's a gradient may seem to vanish. Of one row a batch normalisation makes zeros.

    Args:
        model: built.
        x: features, or a list or dictionary of them as the model takes it.
        y: labels, as the loss takes them.
        loss: `(labels, outputs) -> (batch,)`, a `keras.losses.Loss`, Keras' name of one, or a list
            of these, one an output. `None`: what the model is compiled with. Penalties are added.
        optimizer: whose next step the update ratios are of. `None`: that of the compiled model;
            where there is none, plain gradient descent.
        learning_rate: of that gradient descent.
        rows: of larger data so many are drawn. They go through at once: fewer take less memory.
        seed: of that drawing.

    Raises:
        InputError: a model, data, a loss or an optimiser that cannot be used; a loss that is no
            finite number though no layer's outputs are too large or no numbers.

    >>> import numpy as np
    >>> from dnn_tf import losses, models
    >>> x, y = np.eye(4, dtype="float32"), np.array([0, 1, 0, 1])
    >>> report = inspect(models.dnn(4, (8,), 2), x, y, losses.sparse_softmax_cross_entropy)
    >>> [layer.name for layer in report.layers], report.verdict
    (['hidden1', 'outputs'], 'healthy: nothing wrong in 2 layers')
    """
    check_built(model)
    check_optimizer(optimizer)
    check_above_0(learning_rate=learning_rate)
    x, y, n_rows = sampled(x, y, rows, seed)
    return looked_at(model, x, y, n_rows, loss, optimizer, learning_rate)[0]


def looked_at(
    model: keras.Model,
    x: Any,
    y: Any,
    rows: int,
    loss: Any = None,
    optimizer: keras.optimizers.Optimizer | None = None,
    learning_rate: float = 0.01,
) -> tuple[Report, Look]:
    """What was found, and what it was found in; the arguments are those of `inspect`, checked."""
    total = total_loss(model, loss)
    if optimizer is None and model.compiled:
        optimizer = model.optimizer
    with unchanged(state_of(model)):
        seen = look(model, x, y, total, is_sparse(model.loss if loss is None else loss))
    steps = updates(optimizer, learning_rate, seen.gradients, model.trainable_variables)
    report = Report(
        model.name,
        rows,
        seen.loss,
        told(optimizer, learning_rate),
        judged(measured(seen, steps)),
        tuple(weight.path for weight in seen.outside),
    )
    told_why = any(layer.problem in _SPOIL_THE_LOSS for layer in report.layers)
    if not seen.differentiated and not told_why:
        raise InputError(
            f"the loss is {seen.loss}, and a finite number was expected: lower the weights or "
            "scale the features; a label outside the classes has this effect too"
        )
    return report, seen
