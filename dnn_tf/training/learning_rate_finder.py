"""A trial of learning rates, from far too small to far too large."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from dnn_tf.arguments import check_above_0, check_whole
from dnn_tf.data import Dataset, Split
from dnn_tf.optimizers import FTRL
from dnn_tf.training.door import (
    check_batch_size,
    check_model,
    check_split,
    check_trainable,
    check_words,
)
from dnn_tf.training.fit import as_dataset
from dnn_tf.training.learning_rate_trial import (
    SETTLED,
    LearningRateTrial,
    fell,
    rose,
    smoothed,
)
from dnn_tf.training.loss_scale import unwrapped
from dnn_tf.training.step import compile_function, make_step
from dnn_tf.types import Clip, InputError, Measure, first_line


def find_learning_rate(
    model: keras.Model,
    data: Dataset | tuple[np.ndarray, np.ndarray],
    *,
    loss: Measure,
    optimizer: keras.optimizers.Optimizer,
    batch_size: int | str,
    clip: Clip | None = None,
    smallest: float = 1e-6,
    largest: float = 10.0,
    steps: int = 200,
    seed: int = 0,
    jit_compile: bool = True,
) -> LearningRateTrial:
    """Trains for some hundred steps while the learning rate grows, and puts everything back.

    Smith (2015), section 3.3. The rate grows by the same factor from step to step, from `smallest`
    to `largest`; the trial ends early where the loss is no number, or has risen by 3 times what it
    had fallen. Afterwards model and optimiser are bit for bit what they were: weights, averages,
    random state.

    The loss has to fall, or the trial says nothing: its smallest running mean must lie below the
    mean of the first 10 losses by more than the noise of one loss, which is taken from the
    differences between one step and the next, `sqrt(mean(difference^2) / 2)`. (By chance alone,
    where nothing is learned, 1 trial of 200 steps in 10 gets as far.) All of this looks at
    differences only: a constant added to the loss changes nothing.

    Args:
        model, data, loss, optimizer, batch_size, clip, jit_compile: as in `fit`. The learning rate
            of the optimiser counts for nothing here, all else does; if it has trained the model
            before, the trial goes on from there. Not FTRL: it computes the weights anew in every
            step, about in proportion to the rate, so that a growing rate stretches them.
        smallest, largest: learning rates, above 0.
        steps: 20 or more.
        seed: of the order of the rows.

    Raises:
        InputError: what `fit` would refuse; rates in the wrong order; FTRL, or an optimiser that
            cannot be made anew from its config; a loss that is no number at the smallest rate
            already; no rate at which the loss fell.

    >>> from dnn_tf import losses, models, optimizers
    >>> x, y = np.eye(4, dtype="float32"), np.array([0, 1, 0, 1])
    >>> trial = find_learning_rate(
    ...     models.dnn(4, (8,), 2), (x, y), loss=losses.sparse_softmax_cross_entropy,
    ...     optimizer=optimizers.GradientDescent(), batch_size=4, steps=20, jit_compile=False,
    ... )
    >>> trial.suggestion == trial.largest / 10
    True
    """
    check_model(model)
    check_trainable(model)
    train = as_dataset(data).train
    check_words(optimizer, loss, clip, (), (), seed)
    _check_rate_scales_steps(optimizer)
    check_split(model, train, "train")
    check_above_0(smallest=smallest, largest=largest)
    check_whole(2 * SETTLED, steps=steps)
    if model.distribute_strategy.num_replicas_in_sync > 1:
        raise InputError("find_learning_rate works on one replica: make the model in no scope()")
    if not smallest < largest:
        raise InputError(f"smallest is {smallest} and largest {largest}: the first is less")
    rows = _batches(len(train), check_batch_size(batch_size, len(train)), steps, seed)
    rates = np.geomspace(smallest, largest, steps)
    before = [variable.numpy() for variable in model.variables]
    try:
        copy = _like(optimizer, scaled=model.dtype_policy.name == "mixed_float16")
        losses = _losses(model, train, loss, copy, clip, rows, rates, jit_compile)
    finally:
        for variable, value in zip(model.variables, before, strict=True):
            variable.assign(value)
    if not losses:
        raise InputError(
            f"the loss is no number after a step at {smallest}: scale the features, or take a "
            "smaller smallest"
        )
    if not fell(losses):
        raise InputError(
            f"no rate from {smallest} to {rates[len(losses) - 1]:.4g} made the loss fall by more "
            "than its noise: take more steps, larger batches or another range, or give a rate"
        )
    return LearningRateTrial(rates[: len(losses)], np.array(losses), smoothed(losses))


def _check_rate_scales_steps(optimizer: keras.optimizers.Optimizer) -> None:
    inner = unwrapped(optimizer)
    if isinstance(inner, FTRL | keras.optimizers.Ftrl):
        raise InputError(
            f"find_learning_rate cannot try {inner.name!r}: FTRL computes the weights anew in each "
            "step, and a growing rate stretches them; compare trainings at several rates instead"
        )


def _losses(
    model: keras.Model,
    train: Split,
    loss: Measure,
    optimizer: keras.optimizers.Optimizer,
    clip: Clip | None,
    batches: np.ndarray,
    rates: np.ndarray,
    jit_compile: bool,
) -> list[float]:
    """The loss before each step, as long as it makes sense."""
    step = make_step(model, loss, optimizer, clip)
    take = compile_function(step, jit_compile, run_eagerly=False)
    losses: list[float] = []
    for rows, rate in zip(batches, rates, strict=True):
        optimizer.learning_rate = rate
        x, y = tf.constant(train.x[rows]), tf.constant(train.y[rows])
        measured = float(take(x, y)[0]) / len(rows)
        if not np.isfinite(measured):
            break
        losses.append(measured)
        if rose(losses):
            break
    return losses


def _batches(rows: int, batch_size: int, steps: int, seed: int) -> np.ndarray:
    """Rows of every step, each epoch in a new order; what is left of an epoch is left out."""
    order, batch_size = np.random.default_rng(seed), min(batch_size, rows)
    a_epoch = rows // batch_size
    epochs = [order.permutation(rows)[: a_epoch * batch_size] for _ in range(-(-steps // a_epoch))]
    return np.concatenate(epochs).reshape(-1, batch_size)[:steps].astype("int32")


def _like(optimizer: keras.optimizers.Optimizer, scaled: bool) -> keras.optimizers.Optimizer:
    """Another optimiser in the same state, whose learning rate is a number that can be set."""
    config: dict[str, Any] = optimizer.get_config()
    inner = config
    while "inner_optimizer" in inner:
        inner = inner["inner_optimizer"]["config"]
    inner["learning_rate"] = 1.0  # of no step
    try:
        copy = type(optimizer).from_config(config)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"{type(optimizer).__name__} cannot be made anew from its config, as a trial needs "
            f"({first_line(error)}): let its constructor take what get_config() returns"
        ) from error
    if optimizer.built:
        copy.build(optimizer._trainable_variables)
        ours, theirs = (
            [variable for variable in one.variables if variable.name != "learning_rate"]
            for one in (copy, optimizer)
        )
        for variable, value in zip(ours, theirs, strict=True):
            variable.assign(value)
    if scaled and not isinstance(copy, keras.optimizers.LossScaleOptimizer):
        copy = keras.optimizers.LossScaleOptimizer(copy)  # as fit does
    return copy
