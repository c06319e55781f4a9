"""Training: what is asked for is checked, built, and run."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import keras
import numpy as np

from dnn_tf.arguments import check_positive
from dnn_tf.data import Dataset, Split, Stream
from dnn_tf.metrics import accuracy
from dnn_tf.training.checkpoints import Checkpoints, as_checkpoints
from dnn_tf.training.devices import beside
from dnn_tf.training.door import (
    check_batch_size,
    check_callbacks,
    check_can_go_on,
    check_model,
    check_optimizer,
    check_shares,
    check_split,
    check_trainable,
    check_words,
)
from dnn_tf.training.evaluation import make_evaluator, name_of
from dnn_tf.training.every_steps import EverySteps
from dnn_tf.training.keeper import CheckpointKeeper, Follower, Keeper
from dnn_tf.training.loop import PREFIX, Loop
from dnn_tf.training.phase import Phase
from dnn_tf.training.signature import Signature, sign
from dnn_tf.training.together import check_alike
from dnn_tf.types import Clip, ClipEffect, InputError, Measure
from dnn_tf.workers import Team, team_of


def fit(
    model: keras.Model,
    data: Dataset | Stream | tuple[np.ndarray, np.ndarray],
    *,
    loss: Measure,
    optimizer: keras.optimizers.Optimizer,
    epochs: int,
    batch_size: int | str,
    clip: Clip | None = None,
    clip_effects: Sequence[ClipEffect] = (),
    gradient_accumulation_steps: int = 1,
    metrics: Sequence[Measure] | None = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    watch: Sequence[str] = ("validation",),
    seed: int | None = None,
    checkpoint: str | Path | Checkpoints | None = None,
    jit_compile: bool = True,
    run_eagerly: bool = False,
    progress: bool | None = None,
) -> keras.callbacks.History:
    """Trains a model by mini-batches, whole epochs inside one compiled function.

    An epoch takes every training row once, in an order drawn anew, `batch_size` at a time; the last
    batch holds what is left. Afterwards the splits that are watched are measured, and the callbacks
    are called. The model is left compiled with the loss, metrics and optimiser given here, so
    `model.evaluate`, `model.save` and `model.fit` can follow.

    Args:
        model: any built Keras model with one input and one output.
        data: a `Dataset`, or `(x, y)` to train without validation. Training rows that take more
            than a quarter of the machine's memory are read some steps at a time; the arrays may be
            memory maps. A `data.Stream`, alone or as the training rows of a `Dataset`, is read
            from files, a generator or `tf.data` while the steps run.
        loss: `(labels, outputs) -> (batch,)`, such as `losses.sparse_softmax_cross_entropy`; a
            `keras.losses.Loss` serves too. The penalties of the layers are added to its mean.
            It becomes part of a graph as it is: an `if` on a tensor needs `keras.ops.where`.
        optimizer: any Keras optimiser that has not trained another model. If it keeps an
            average of the weights (`use_ema=True`), that is what is measured after each epoch, what
            the callbacks see, and what the model is left with.
        epochs: how often every training row is seen.
        batch_size: rows a step: 1 is stochastic gradient descent, `"all"` batch gradient descent,
            anything between mini-batch gradient descent.
        clip: from gradients to gradients, such as `gradients.clip_by_value(1.0)`. Under several
            replicas it is given the sum over them.
        clip_effects: what to measure of the clipping, such as `gradients.clipped_share`; logged by
            its name, as the mean over the epoch, each step counting by its rows.
        gradient_accumulation_steps: so many batches of `batch_size` rows go through the network
            one after the other for one step, with the mean of their gradients: the step of a batch
            so many times as large, in the memory of one. Clip and schedule see that one step.
        metrics: functions `(labels, outputs) -> (batch,)`. In training they are taken on the way,
            each batch before its step, as Keras does. Default: the accuracy, where the model has
            an output a class and the labels are class numbers. A `keras.metrics.Metric` keeps a
            state of its own: refused.
        callbacks: Keras callbacks; they are called at the ends of epochs and of training, those of
            this package (`training.EverySteps`) between two steps as well. Another that needs to be
            called at every batch is refused.
        watch: the splits measured after each epoch, of `"validation"` (logged as `val_loss`, ...)
            and `"test"` (`test_loss`, ...); those that the data lacks are left out.
        seed: of the order of the rows. `None` draws one from NumPy's global generator, which
            `keras.utils.set_random_seed` starts. Same seed, same machine, same bits.
        checkpoint: a folder in which the training is kept while it runs: weights, optimiser, the
            step of the epoch, the state of the generators of random numbers of Keras, NumPy and
            Python, and what the callbacks remember. The same call after a kill goes on from there,
            and ends with the bits of a training that was never killed; one that had ended returns
            at once. Ctrl-C waits for the step, writes, and raises. See `training.Checkpoints`.
        jit_compile: whether XLA compiles the steps. Default `True`.
        run_eagerly: `True` runs them in Python one by one, to look into them.
        progress: whether to show a progress bar on stderr. `None`: where that is a terminal.

    Returns:
        The Keras `History`: for each epoch `loss`, the metrics, those of the watched splits,
        `learning_rate`, that of the step to come, and `seconds`, the wall time of the epoch with
        its measurements (compilation counts to the first). Its attribute `compile_seconds` is what
        of that was tracing and compiling the steps: next to nothing where a training before, in
        this process, had the same layers, optimiser, loss and clip, all of Keras or this package,
        and data of the same shape.

    Raises:
        InputError: data, sizes or callbacks that cannot be used, or checkpoints of another
            training; no step was taken.
        DivergenceError: the loss, a gradient or a weight became NaN or infinite. The weights and
            the optimiser are those of the step before. (With a loss scale, as under
            `mixed_float16`: a step without finite gradients is left out and the scale halved, and
            that goes on until the scale is below 1.)
        PeerError: under `workers.strategy`: another worker is lost, has failed, or does something
            else. Where a worker hangs in TensorFlow meanwhile, the line is written to stderr and
            the process ends with code 1.

    >>> from dnn_tf import losses, models, optimizers
    >>> x, y = np.eye(4, dtype="float32"), np.array([0, 1, 0, 1])
    >>> history = fit(
    ...     models.dnn(4, (8,), 2), (x, y), loss=losses.sparse_softmax_cross_entropy,
    ...     optimizer=optimizers.GradientDescent(0.1), epochs=3, batch_size=2, jit_compile=False,
    ... )
    >>> sorted(history.history)
    ['accuracy', 'learning_rate', 'loss', 'seconds']
    """
    check_model(model)
    check_trainable(model)
    data = as_dataset(data)
    metrics = _default_metrics(model, data.train) if metrics is None else metrics
    check_words(optimizer, loss, clip, metrics, clip_effects, seed)
    check_positive(epochs=epochs, gradient_accumulation_steps=gradient_accumulation_steps)
    in_memory = None if data.train.is_read_on_the_way else len(data.train)
    batch_size = check_batch_size(batch_size, in_memory)
    check_callbacks(callbacks, optimizer)
    checkpoints = as_checkpoints(checkpoint)
    if checkpoints is not None:
        check_can_go_on(callbacks)
    check_optimizer(optimizer, model, clip, gradient_accumulation_steps)
    watched = _watched(data, watch)
    for name, split in {"train": data.train, **watched}.items():
        check_split(model, split, name)
    signature = partial(
        sign, model, data, optimizer, loss=loss, metrics=metrics, clip=clip,
        clip_effects=clip_effects, seed=seed, batch_size=batch_size,
        gradient_accumulation_steps=gradient_accumulation_steps,
    )  # fmt: skip
    rows = data.train.rows if isinstance(data.train, Stream) else len(data.train)
    rows_a_step = batch_size * gradient_accumulation_steps
    order = np.random.default_rng(np.random.randint(2**31) if seed is None else seed)
    names = ["loss", *map(name_of, metrics), *map(name_of, clip_effects)]
    counters = [callback for callback in callbacks if isinstance(callback, EverySteps)]
    for counter in counters:
        counter.offer(data.validation)

    strategy = model.distribute_strategy
    team = team_of(strategy)
    keeper: Keeper = Keeper()
    with strategy.scope():
        check_shares(rows, rows_a_step)  # all workers find the same: by it nobody is lost
    with strategy.scope(), beside(model), team.at_work(lambda: keeper.where()):
        check_alike(team, signature)
        model.compile(optimizer, loss, metrics=list(metrics), jit_compile=jit_compile)
        optimizer = model.optimizer  # under mixed_float16 Keras has wrapped it, to scale the loss
        phase = Phase(
            model, data.train, loss, optimizer, clip, metrics, clip_effects,
            batch_size if gradient_accumulation_steps > 1 else None,
            counters, jit_compile, run_eagerly,
        )  # fmt: skip
        evaluator = make_evaluator(model, loss, metrics, run_eagerly)
        keeper = _keeper(checkpoints, model, signature, epochs, team)
        loop = Loop(
            model, phase, evaluator, watched, names, rows, rows_a_step, order, callbacks, epochs,
            keeper, team,
        )  # fmt: skip
        try:
            return loop.run(progress)
        finally:
            for counter in counters:
                counter.offer(None)


def _default_metrics(model: keras.Model, split: Split) -> tuple[Measure, ...]:
    output_a_class = len(model.output_shape) == 2 and model.output_shape[-1] > 1
    class_numbers = split.y_shape in ((), (1,))
    return (accuracy,) if output_a_class and class_numbers else ()


def as_dataset(data: Dataset | Stream | tuple[np.ndarray, np.ndarray]) -> Dataset:
    """What training takes, as a dataset."""
    if isinstance(data, Dataset):
        return data
    if isinstance(data, Stream):
        return Dataset(data, class_names=data.class_names, source=data.title)
    if isinstance(data, tuple) and len(data) == 2:
        return Dataset(Split(*data))
    raise InputError(
        "fit takes a dnn_tf.data.Dataset, a data.Stream or a pair of arrays (x, y), and got "
        f"{type(data).__name__}"
    )


def _keeper(
    checkpoints: Checkpoints | None,
    model: keras.Model,
    signature: Callable[[], Signature],
    epochs: int,
    team: Team,
) -> Keeper:
    if not team.chiefs(checkpoints is not None, "a checkpoint"):
        return Keeper()
    if checkpoints is None or not team.is_chief:
        return Follower(team)
    return CheckpointKeeper(model, checkpoints, signature(), epochs, team)


def _watched(data: Dataset, watch: Sequence[str]) -> dict[str, Split]:
    if unknown := set(watch) - set(PREFIX):
        raise InputError(f"watch takes 'validation' and 'test', and got {sorted(unknown)}")
    return {name: split for name, split in data.splits().items() if name in watch}
