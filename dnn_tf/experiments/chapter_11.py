"""The training runs of chapter 11: clipping, momentum, batch normalisation, regularisation.

Settings and stored results are those of the reference notebook (handson-ml, chapter 11,
TensorFlow 1.15, seed 42), on all of MNIST with its first 5,000 training images for validation. All
start from Glorot's uniform weights, as `tf.layers.dense` does, but for batch normalisation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras

from dnn_tf import constraints, gradients, layers, models, optimizers, regularizers, schedules
from dnn_tf.data import Dataset
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.training import fit


@dataclass(frozen=True)
class ReferenceRun:
    """A run of the notebook.

    Args:
        cell: of the notebook.
        reference: the validation accuracy that it stored, after the last epoch.
        tolerance: how far another seed may be from it.
        make_model, make_optimizer: functions that make a new one.
        batch_size, epochs: of the training.
        words: others of `fit`.
    """

    cell: int
    reference: float
    tolerance: float
    make_model: Callable[[], keras.Model]
    make_optimizer: Callable[[], keras.optimizers.Optimizer]
    batch_size: int
    epochs: int
    words: dict[str, Any]

    def __call__(
        self, data: Dataset, seed: int = 42, epochs: int | None = None
    ) -> dict[str, list[float]]:
        """Trains from that seed; returns the history."""
        keras.utils.set_random_seed(seed)
        history: dict[str, list[float]] = fit(
            self.make_model(),
            data,
            loss=sparse_softmax_cross_entropy,
            optimizer=self.make_optimizer(),
            batch_size=self.batch_size,
            epochs=epochs or self.epochs,
            seed=seed,
            **self.words,
        ).history
        return history


def _momentum(learning_rate: Any = 0.01) -> keras.optimizers.Optimizer:
    return optimizers.Momentum(learning_rate, momentum=0.9, learning_rate_inside=False)


def _dense(hidden: tuple[int, ...], **words: Any) -> keras.Model:
    return models.dnn(hidden=hidden, layer=keras.layers.Dense, **words)


RUNS = {
    "clipping": ReferenceRun(
        80, 0.9612, 0.01,
        lambda: _dense((300, 50, 50, 50, 50)),
        lambda: optimizers.GradientDescent(0.01),
        200, 20, {"clip": gradients.clip_by_value(1.0)},
    ),
    "momentum and exponential decay": ReferenceRun(
        155, 0.982, 0.003,
        lambda: _dense((300, 50)),
        lambda: _momentum(schedules.ExponentialDecay(0.1, decay_steps=10_000, decay_rate=0.1)),
        50, 5, {},
    ),
    "batch normalisation": ReferenceRun(
        64, 0.9742, 0.01,
        # The notebook calls its start He's; the default of TF1's variance_scaling_initializer is
        # LeCun's. It normalises the logits too.
        lambda: _dense(
            (300, 100), activation="elu", kernel_initializer="lecun_normal",
            batch_norm=layers.BatchNorm(momentum=0.9), batch_norm_outputs=True,
        ),
        lambda: optimizers.GradientDescent(0.01),
        200, 20, {},
    ),
    "dropout": ReferenceRun(
        180, 0.972, 0.01,
        lambda: _dense((300, 50), dropout=0.5, dropout_inputs=0.5),
        _momentum,
        # XLA draws random numbers slowly on a CPU.
        50, 20, {"jit_compile": False},
    ),
    "max norm": ReferenceRun(
        192, 0.9844, 0.005,
        # The notebook bounds what leaves each input, not what enters each neuron.
        lambda: _dense((300, 50), kernel_constraint=constraints.MaxNorm(1.0, axis=1)),
        _momentum,
        50, 20, {},
    ),
    "L1 penalty": ReferenceRun(
        174, 0.9214, 0.01,
        lambda: _dense((300, 50), kernel_regularizer=regularizers.L1(0.001)),
        lambda: optimizers.GradientDescent(0.01),
        200, 20, {},
    ),
}  # fmt: skip
