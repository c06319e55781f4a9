"""The documents' procedure: train the output layer, then thaw from the top while it helps."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import keras

from dnn_tf.arguments import check_above_0, check_between, check_positive, check_whole
from dnn_tf.data import Dataset
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.optimizers import Adam, LayerwiseRates
from dnn_tf.training import evaluate, fit
from dnn_tf.transfer.blocks import blocks_of, leaves, trained_layers
from dnn_tf.transfer.caching import Cached, cache_frozen, check_takes
from dnn_tf.transfer.copying import fresh
from dnn_tf.transfer.freeze_check import FreezeCheck
from dnn_tf.transfer.freezing import kernel_is_frozen, thaw, thaw_everything
from dnn_tf.transfer.stages import FineTuning, Stage
from dnn_tf.types import InputError, first_line

LOSS = sparse_softmax_cross_entropy

FEW, MANY = 50, 500
"""Training rows a class: below the first a stage thaws one layer, above the second all at once."""


def layers_a_stage(rows_a_class: float) -> int | None:
    """How many layers a stage thaws: the more rows, the more; `None` is all at once.

    The documents say "the top one or two", and "the more data, the more layers"; where one ends and
    the other begins (50 and 500 rows a class) is a rule of thumb of this package.

    >>> [layers_a_stage(rows) for rows in (10, 100, 5000)]
    [1, 2, None]
    """
    if rows_a_class < FEW:
        return 1
    return 2 if rows_a_class < MANY else None


def fine_tune(
    model: keras.Model,
    data: Dataset,
    *,
    optimizer: Callable[..., keras.optimizers.Optimizer] = Adam,
    learning_rate: float = 0.005,
    rate_decay: float = 0.9,
    average_epochs: float = 4.0,
    batch_size: int = 20,
    epochs: int = 200,
    patience: int = 20,
    stages: int | None = None,
    thaw_layers: int | None = None,
    stage_patience: int = 1,
    cache: bool = True,
    scratch: bool = False,
    seed: int = 42,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    progress: bool | None = None,
) -> FineTuning:
    """Trains what is not frozen, then thaws one or two layers more, and so on while it helps.

    The first stage trains the new layers on the outputs of the frozen ones. Each further one goes
    on from the best network so far, with the highest frozen layers thawed. Stages end when the
    validation split gets no better; the model is left as the best one made it, with all of its
    layers trainable again. In every stage the frozen weights are compared, bit for bit.

    Args:
        model: a classifier that ends in logits, its lower layers frozen, as `reuse` makes it.
        data: with a validation split, by which all choices are made.
        optimizer: a class, or a function of a learning rate and Keras' words. Default `Adam`.
        learning_rate: of the new layers.
        rate_decay: the rate of a thawed layer over that of the layer above it, as in discriminative
            fine-tuning (Howard & Ruder, 2018, who take 1/2.6): what is lower is more general, and
            is changed less. The highest thawed layer has this share of `learning_rate`. 1: all
            alike.
        average_epochs: what is measured and kept is the exponential average of the weights over
            about so many epochs, which evens out what few rows do to them. 0: the weights of the
            last step.
        batch_size: rows a step.
        epochs: of a stage, at most.
        patience: so many epochs without more validation rows right end a stage; the weights of
            its best epoch are kept.
        stages: how many, at most. `None`: until every layer is thawed.
        thaw_layers: how many layers a stage thaws. `None`: by the training rows of a class, see
            `layers_a_stage`.
        stage_patience: so many stages in a row may bring nothing before it ends.
        cache: whether the frozen part runs only once a stage, where that changes nothing; where it
            would, the stage says why it did not. See `cache_frozen`.
        scratch: whether to train the same network from fresh weights too, all of its layers at
            `learning_rate`, to compare; Keras' global seed is set for that.
        seed: of the order of the rows, and of fresh weights.
        callbacks: more Keras callbacks, for every stage; not from scratch.
        progress: see `training.fit`.

    Returns:
        The stages and what each brought.

    Raises:
        InputError: no validation split, nothing to train, or data that do not fit the model.
        DivergenceError: see `training.fit`. The model is left as the best stage before made it,
            as after an interrupt.
    """
    check_positive(
        epochs=epochs, patience=patience, stage_patience=stage_patience, batch_size=batch_size
    )
    check_whole(0, seed=seed)
    check_above_0(learning_rate=learning_rate, rate_decay=rate_decay)
    check_between(0, float("inf"), average_epochs=average_epochs)
    for name, number in {"stages": stages, "thaw_layers": thaw_layers}.items():
        if number is not None:
            check_positive(**{name: number})
    check_tunable(model, data)
    way = _Way(
        data, optimizer, learning_rate, average_epochs, batch_size, epochs, patience, cache,
        callbacks, progress,
    )  # fmt: skip
    way.made_optimizer({})  # what it refuses, it refuses now
    step = thaw_layers or layers_a_stage(len(data.train) / data.n_classes)
    was_frozen = [block.name for block in blocks_of(model) if kernel_is_frozen(block)]
    done: list[Stage] = []
    best, kept = 0, model.get_weights()
    try:
        while True:
            rates = _rates(model, was_frozen, rate_decay)
            done.append(way.stage(model, rates, seed + len(done)))
            if len(done) == 1 or done[-1].better_than(done[best]):
                best, kept = len(done) - 1, model.get_weights()
            frozen = sum(kernel_is_frozen(block) for block in blocks_of(model))
            if not frozen or len(done) == stages or len(done) - 1 - best >= stage_patience:
                break
            model.set_weights(kept)
            thaw(model, min(step or frozen, frozen))
    finally:  # where a stage diverged or was interrupted as well
        model.set_weights(kept)
        thaw(model, batch_norm=True)
    compared = way.scratch(model, seed) if scratch else None
    return FineTuning(tuple(done), best, compared)


def check_tunable(model: keras.Model, data: Dataset) -> None:
    """Rows that the model takes, classes that it tells apart, and a split to choose by."""
    blocks_of(model)
    if not isinstance(data, Dataset):
        raise InputError(f"data is a dnn_tf.data.Dataset, and got {type(data).__name__}")
    check_takes(model, data)
    if data.validation is None:
        raise InputError(
            "the data has no validation split, by which the best stage is chosen: give one, or "
            "load the data with data.load, which draws one"
        )
    if not data.class_names:
        raise InputError("the data have no class_names: name them, Dataset(..., class_names=...)")
    if data.n_classes != model.output_shape[-1]:
        raise InputError(
            f"the data has {data.n_classes} classes, and the model {model.output_shape[-1]} "
            "outputs: make it with transfer.reuse(..., n_outputs=data.n_classes)"
        )
    ending = getattr(getattr(model.layers[-1], "activation", None), "__name__", "")
    if ending in ("softmax", "sigmoid"):
        raise InputError(
            f"the model ends in {ending}, and logits were expected: make it with transfer.reuse, "
            "whose output layer ends in logits"
        )
    if not model.trainable_variables:
        raise InputError("every layer of the model is frozen: thaw the output layer")


def _rates(model: keras.Model, was_frozen: Sequence[str], decay: float) -> dict[str, float]:
    """The factor of the learning rate for each layer that was thawed, the highest first."""
    thawed = [b for b in blocks_of(model) if b.name in was_frozen and not kernel_is_frozen(b)]
    return {
        leaf.name: decay**depth
        for depth, block in enumerate(reversed(thawed), start=1)
        for layer in block.layers
        for leaf in leaves(layer)
        if leaf.trainable_variables
    }


@dataclass(frozen=True)
class _Way:
    """How every stage is trained; see `fine_tune`."""

    data: Dataset
    optimizer: Callable[..., keras.optimizers.Optimizer]
    learning_rate: float
    average_epochs: float
    batch_size: int
    epochs: int
    patience: int
    cache: bool
    callbacks: Sequence[keras.callbacks.Callback]
    progress: bool | None

    def stage(self, model: keras.Model, rates: dict[str, float], seed: int) -> Stage:
        """Trains what is trainable now, and measures."""
        began = time.perf_counter()
        check = FreezeCheck()
        check.set_model(model)
        check.on_train_begin()
        (head, data, _), why_not = self._cached(model)
        optimizer = self.made_optimizer(rates)
        history = fit(
            head,
            data,
            loss=LOSS,
            optimizer=optimizer,
            epochs=self.epochs,
            batch_size=min(self.batch_size, len(data.train)),
            seed=seed,
            callbacks=[
                keras.callbacks.EarlyStopping(
                    "val_accuracy", mode="max", patience=self.patience, restore_best_weights=True
                ),
                *self.callbacks,
            ],
            progress=self.progress,
        ).history
        check.on_train_end()
        seconds = time.perf_counter() - began
        return self._measured(model, len(history["loss"]), seconds, why_not)

    def made_optimizer(self, rates: dict[str, float]) -> keras.optimizers.Optimizer:
        """A new one, with a factor of the rate for these layers.

        Raises:
            InputError: it does not take the learning rate and Keras' words, or no factors.
        """
        try:
            optimizer = self.optimizer(self.learning_rate, **self._average())
        except TypeError as error:
            raise InputError(
                f"optimizer is a class, such as optimizers.Adam, or a function (learning_rate, "
                f"**words), and got {self.optimizer!r} ({first_line(error)})"
            ) from error
        return LayerwiseRates(optimizer, rates)

    def scratch(self, model: keras.Model, seed: int) -> Stage:
        """The same network from fresh weights, which the seed draws."""
        keras.utils.set_random_seed(seed)
        network = fresh(model)
        thaw_everything(network)
        return replace(self, callbacks=()).stage(network, {}, seed)

    def _average(self) -> dict[str, Any]:
        """Keras' words for an average of the weights over so many steps."""
        steps = self.average_epochs * math.ceil(len(self.data.train) / self.batch_size)
        return {"use_ema": True, "ema_momentum": 1 - 1 / steps} if steps > 1 else {}

    def _cached(self, model: keras.Model) -> tuple[Cached, str | None]:
        """What is left to train; and why it is all of it, if it is."""
        why_not: str | None = "not asked for"
        if self.cache:
            try:
                return cache_frozen(model, self.data), None
            except InputError as error:
                why_not = str(error)
        return Cached(model, self.data, None), why_not

    def _measured(
        self, model: keras.Model, epochs: int, seconds: float, why_not: str | None
    ) -> Stage:
        assert self.data.validation is not None  # check_tunable has made sure
        validation = evaluate(model, self.data.validation, loss=LOSS)
        test = None
        if self.data.test is not None:
            test = evaluate(model, self.data.test, loss=LOSS)["accuracy"]
        return Stage(
            trained=tuple(trained_layers(model)),
            epochs=epochs,
            seconds=round(seconds, 3),
            validation_accuracy=validation["accuracy"],
            validation_loss=validation["loss"],
            test_accuracy=test,
            cached=why_not is None,
            uncached_because=why_not,
        )
