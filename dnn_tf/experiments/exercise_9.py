"""Exercises 8 and 9 of chapter 11: digits 0 to 4 first, then 5 to 9 with 100 images of each.

The reference notebook (handson-ml, chapter 11, cells 281 to 306, TensorFlow 1.15, seed 42) stored,
on the test images of 5 to 9: five layers frozen 64.0 %, four frozen 69.1 %, the top two of these
four thawed 78.1 %, all thawed 91.3 %, and 84.8 % from scratch (with four layers). The way is the
notebook's: Adam, batches of 20, each stage from where the one before ended, stopped by 150
validation images after 20 epochs without a better one. Its rate of 0.01 makes a first network whose
features serve worse (all thawed: below scratch); here that is trained at 0.0005, the others at
0.003, and of these the average of the weights over four epochs is measured, from scratch too.

Beside these stages, made by hand, stands `transfer.fine_tune` with its defaults, on the same four
layers.
"""

from collections.abc import Sequence

import keras

from dnn_tf import models, transfer
from dnn_tf.data import Dataset, select
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.optimizers import Adam
from dnn_tf.training import evaluate, fit

REFERENCE = {
    "5 frozen": 0.6402, "4 frozen": 0.6910, "top 2 thawed": 0.7809, "all thawed": 0.9134,
    "scratch": 0.8482,
}  # fmt: skip
"""Test accuracies that the notebook stored."""

HIDDEN = (100,) * 5
LOW, HIGH = ("0", "1", "2", "3", "4"), ("5", "6", "7", "8", "9")
LOSS = sparse_softmax_cross_entropy


def learn_low_digits(data: Dataset, *, seed: int, epochs: int = 100) -> keras.Model:
    """Exercise 8: five layers of 100 ELUs that tell 0 to 4 apart."""
    keras.utils.set_random_seed(seed)
    model = network(HIDDEN, data.train.x.shape[1])
    early = keras.callbacks.EarlyStopping("val_loss", patience=10, restore_best_weights=True)
    _train(model, select(data, classes=LOW), Adam(0.0005), seed, epochs, early)
    return model


def network(hidden: Sequence[int], n_inputs: int) -> keras.Model:
    """Layers of ELUs with He's weights, and five outputs."""
    return models.dnn(n_inputs, hidden, 5, activation="elu", kernel_initializer="he_normal")


def exercise_9(
    data: Dataset, low: keras.Model, *, per_class: int = 100, seed: int, epochs: int = 200
) -> dict[str, float]:
    """Exercise 9: test accuracies on 5 to 9, stage by stage, and of the automatic procedure.

    Args:
        data: MNIST.
        low: what `learn_low_digits` made.
        per_class: training images of each digit.
        seed: of which images these are, of new weights, and of the order.
        epochs: of a stage, at most.

    Returns:
        `"5 frozen"`, `"4 frozen"`, `"top 2 thawed"`, `"all thawed"`, `"scratch"` and `"automatic"`.
    """
    few = select(data, classes=HIGH, per_class=per_class, seed=seed)
    keras.utils.set_random_seed(seed)
    found = {}

    def stage(name: str, model: keras.Model) -> None:
        early = keras.callbacks.EarlyStopping(
            "val_accuracy", mode="max", patience=20, restore_best_weights=True
        )
        optimizer = Adam(0.003, use_ema=True, ema_momentum=0.99)  # 25 steps are an epoch
        _train(model, few, optimizer, seed, epochs, early)
        assert few.test is not None
        found[name] = evaluate(model, few.test, loss=LOSS)["accuracy"]

    stage("5 frozen", transfer.reuse(low, 5))
    four = transfer.reuse(low, 5, keep=4)
    stage("4 frozen", four)
    transfer.thaw(four, 2)
    stage("top 2 thawed", four)
    transfer.thaw(four)
    stage("all thawed", four)
    stage("scratch", network(HIDDEN[:4], data.train.x.shape[1]))
    tuning = transfer.fine_tune(
        transfer.reuse(low, 5, keep=4), few, seed=seed, epochs=epochs, progress=False
    )
    found["automatic"] = float(tuning.summary()["test_accuracy"])
    return found


def _train(
    model: keras.Model,
    data: Dataset,
    optimizer: keras.optimizers.Optimizer,
    seed: int,
    epochs: int,
    early: keras.callbacks.EarlyStopping,
) -> None:
    """Until it is stopped; what is frozen is compared."""
    fit(
        model, data, loss=LOSS, optimizer=optimizer, epochs=epochs, batch_size=20, seed=seed,
        callbacks=[early, transfer.FreezeCheck()], progress=False,
    )  # fmt: skip
