"""Keras' `model.fit`: as it comes, and the fastest of its settings."""

import itertools
from typing import NamedTuple

import keras
import tensorflow as tf

from benchmarks.calls import predict_in_turn
from benchmarks.data import Data
from benchmarks.not_expressible import NotExpressible
from benchmarks.peers.tensorflow_here import device, versions
from benchmarks.peers.waiting import Waiting, set_weights
from benchmarks.rehearsal import fastest
from benchmarks.turn import Turn
from benchmarks.works import CLASSES, IMAGE, INPUTS, KERNEL, POOL, Work

__all__ = ["device", "run", "versions"]

EPOCHS = 1_000_000
WHOLE = -1
"""Steps an execution: those of the whole epoch."""


class Setting(NamedTuple):
    """What `compile` and `fit` may be told for speed."""

    steps_per_execution: int = 1
    jit_compile: str | bool = "auto"
    arrays: str = "numpy"

    def __str__(self) -> str:
        steps = self.steps_per_execution
        return (
            f"steps_per_execution={'whole epoch' if steps == WHOLE else steps}, "
            f"jit_compile={self.jit_compile}, {self.arrays}"
        )


def network(work: Work) -> keras.Model:
    """In Keras' own layers."""
    layers = keras.layers
    if work.noise is not None or work.activation == "rrelu":
        raise NotExpressible("not among Keras' activations")
    model = keras.Sequential([keras.Input((INPUTS,))])
    if work.filters:
        model.add(layers.Reshape(IMAGE))
    for count in work.filters:
        model.add(layers.Conv2D(count, KERNEL, activation=work.activation))
        model.add(layers.MaxPooling2D(POOL))
    if work.filters:
        model.add(layers.Flatten())
    for units in work.hidden:
        if work.batch_norm:
            model.add(layers.Dense(units))
            model.add(layers.BatchNormalization(momentum=0.9))
            model.add(layers.Activation(work.activation))
        else:
            model.add(layers.Dense(units, activation=work.activation))
        if work.dropout is not None:
            model.add(layers.Dropout(work.dropout))
    model.add(layers.Dense(CLASSES))
    return model


def run(work: Work, data: Data, turn: Turn, form: str) -> None:
    """Trains, or predicts with `model.predict` (`best`: `predict_on_batch`)."""
    if work.task == "train":
        setting = Setting() if form == "default" else _best(work, data)
        turn.ready(str(setting))
        train(work, data, turn, setting)
        return
    model = network(work)
    set_weights(model, data.weights)
    if form == "best":
        turn.ready("predict_on_batch")
        predict_in_turn(work, data, turn, model.predict_on_batch)
    turn.ready("predict")
    predict_in_turn(work, data, turn, lambda x: model.predict(x, verbose=0))


def _best(work: Work, data: Data) -> Setting:
    """First the steps an execution with and without XLA, then where the batches come from."""
    steps = {
        str(setting): setting
        for setting in itertools.starmap(
            Setting, itertools.product((10, 100, WHOLE), (True, False))
        )
    }
    best = steps[fastest(train, work, data, steps)]
    arrays = {str(s): s for s in (best, best._replace(arrays="tf.data"))}
    return arrays[fastest(train, work, data, arrays)]


def train(work: Work, data: Data, turn: Turn, setting: Setting) -> None:
    """From the given weights."""
    model = network(work)
    set_weights(model, data.weights)
    optimizers = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam}
    steps = len(data.x) // work.batch
    per_execution = setting.steps_per_execution
    model.compile(
        optimizers[work.optimizer](work.rate),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        steps_per_execution=steps if per_execution == WHOLE else min(per_execution, steps),
        jit_compile=setting.jit_compile,
    )
    words = {"epochs": EPOCHS, "verbose": 0, "callbacks": [Waiting(turn)]}
    turn.wait()
    if setting.arrays == "numpy":
        model.fit(data.x, data.y, batch_size=work.batch, **words)
    else:
        rows = tf.data.Dataset.from_tensor_slices((data.x, data.y)).shuffle(len(data.x))
        model.fit(rows.batch(work.batch, drop_remainder=True).prefetch(2), **words)
