"""A worker of a job: trains what it is asked for, and writes what it ended with.

    python two_workers.py FOLDER CASE...

TF_CONFIG says which worker it is.
"""

import os
import signal
import sys
import time
from functools import partial
from pathlib import Path

import keras
import numpy as np

from dnn_tf import fit, gradients, layers, losses, workers
from dnn_tf.data import Dataset, Split
from dnn_tf.training import Checkpoints, EverySteps, MaxSteps
from dnn_tf.types import InputError

BY_GLOBAL_NORM = gradients.clip_by_global_norm(0.05)
rng = np.random.default_rng(0)
X = rng.normal(size=(46, 4)).astype("float32")
Y = X[:, :1] ** 2 - X[:, 1:2]  # batches of 12, 12, 12 and 10: shares of 6 and of 5


def network(*extra):
    keras.utils.set_random_seed(1)
    inputs = keras.Input((4,))
    hidden = keras.layers.Dense(5, activation="tanh")(inputs)
    for layer in extra:
        hidden = layer(hidden)
    return keras.Model(inputs, keras.layers.Dense(1)(hidden))


class Die(EverySteps):
    """Sends this process a signal after a step, if it is a certain worker."""

    def __init__(self, step, victim, number, folder):
        super().__init__(1)
        # A partial is not remembered: the next life has its own.
        self._strike = partial(strike, step, victim, number, folder)

    def act(self, logs):
        self._strike(self.steps)


def strike(step, victim, number, folder, steps):
    if victim == rank() and steps == step:
        (folder / "struck").touch()
        os.kill(os.getpid(), number)
        time.sleep(0.1)


def rank():
    return workers.team_of().rank


def train(model, optimizer=None, *, batch_size=12, epochs=13, **words):
    """52 steps, if nobody stops before."""
    split = Split(X, Y)
    optimizer = optimizer or keras.optimizers.SGD(0.1, momentum=0.9)
    words = {"clip": BY_GLOBAL_NORM, "metrics": (), "seed": 3, **words}
    history = fit(
        model, Dataset(split, validation=split), loss=losses.mean_squared_error,
        optimizer=optimizer, epochs=epochs, batch_size=batch_size, **words,
    ).history  # fmt: skip
    return {f"w{i}": w for i, w in enumerate(model.get_weights())} | {
        "loss": np.array(history["loss"]), "val_loss": np.array(history["val_loss"]),
    }  # fmt: skip


def chance():
    """What only the chief's seed can make equal: nobody is given any."""
    keras.utils.set_random_seed(rank())
    inputs = keras.Input((4,))
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Dense(3)(inputs)))
    return train(model, seed=None, epochs=2)


def noisy():
    """Averages and random numbers; each worker draws its own."""
    keras.utils.set_random_seed(2)
    return network(keras.layers.BatchNormalization(), keras.layers.Dropout(0.3))


def masks():
    """Which entries dropout has left of ones, one step: a row a replica."""
    inputs = keras.Input((64,))
    kept = keras.layers.Dropout(0.5, seed=7)(inputs)
    model = keras.Model(
        inputs, keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")(kept)
    )
    ones = np.ones((2, 64), "float32")
    optimizer, loss = keras.optimizers.SGD(1.0), lambda y, out: out[:, 0]
    words = {"metrics": (), "epochs": 1, "batch_size": 2}
    fit(model, (ones, ones[:, :1]), loss=loss, optimizer=optimizer, **words)
    return {"gradient": 1 - model.get_weights()[0][:, 0]}


CASES = {
    "momentum": lambda _: train(network()),
    "adam": lambda _: train(network(), keras.optimizers.Adam(0.02)),
    "batch_norm": lambda _: train(network(layers.BatchNorm())),
    "chance": lambda _: chance(),
    "masks": lambda _: masks(),
    "stopped": lambda _: train(network(), callbacks=[MaxSteps(7)] if rank() == 1 else []),
    "half": lambda _: half(),
    "interrupted": lambda folder: kept(folder, Die(13, 1, signal.SIGINT, folder)),
    "killed": lambda folder: kept(folder, Die(26, 1, signal.SIGKILL, folder)),
    "chief killed": lambda folder: kept(folder, Die(31, 0, signal.SIGKILL, folder)),
    "frozen": lambda folder: kept(folder, Die(42, 1, signal.SIGSTOP, folder)),
    "taken up": lambda folder: kept(folder, Die(0, 0, 0, folder)),
    "other data": lambda _: other_data(),
}


def half():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        return train(network(), epochs=3)
    finally:
        keras.config.set_dtype_policy("float32")


def other_data():
    """What is said of it."""
    before = X[0, 0]
    X[0, 0] += rank()
    try:
        return train(network())
    except InputError as error:
        X[0, 0] = before
        return {"error": np.array(str(error))}


def kept(folder, callback):
    """Worker 1 has no folder: it could not even write."""
    where = Checkpoints(folder / "checkpoints", seconds=0) if rank() == 0 else None
    return train(noisy(), keras.optimizers.Adam(0.02), callbacks=[callback], checkpoint=where)


def main(folder, *cases):
    with workers.strategy(float(os.environ.get("SECONDS", "60"))).scope():
        for case in cases:
            found = CASES[case](folder)
            np.savez(folder / f"{case}-{rank()}.npz", **found)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
