"""Trains on one and on two replicas and prints, as JSON, how far apart they end.

A program of its own: the devices are fixed before TensorFlow starts.
"""

import json
import signal
import tempfile

import keras
import numpy as np
import tensorflow as tf

from conformance.optimizer_cases import OPTIMIZERS
from dnn_tf import constraints, fit, gradients, losses, models, optimizers
from dnn_tf.data import Dataset, Split
from dnn_tf.training import EverySteps, MaxSteps, PerformanceSchedule, rows
from dnn_tf.training.step import make_step
from dnn_tf.types import DivergenceError, InputError

BY_VALUE = gradients.clip_by_value(0.02)
BY_GLOBAL_NORM = gradients.clip_by_global_norm(0.05)
STEPS = 20
rng = np.random.default_rng(0)
X = rng.normal(size=(40, 4))
Y = X[:, :1] ** 2 - X[:, 1:2]


def network(constraint=None):
    keras.utils.set_random_seed(1)
    inputs = keras.Input((4,))
    hidden = keras.layers.Dense(5, activation="tanh", kernel_constraint=constraint)(inputs)
    return keras.Model(inputs, keras.layers.Dense(1)(hidden))


def shared(strategy, values, sizes):
    """The first rows of the values; replica i has `sizes[i]` of them."""
    parts = np.split(values[: sum(sizes)], np.cumsum(sizes)[:-1])
    return strategy.experimental_distribute_values_from_function(
        lambda context: tf.constant(parts[context.replica_id_in_sync_group])
    )


def train(strategy, optimizer, clip, sizes, constraint=None, rows_at_once=None):
    """The weights after the steps, and the sums of each."""
    with strategy.scope():
        model, optimizer = network(constraint), optimizer()
        step = make_step(
            model, losses.mean_squared_error, optimizer, clip, rows_at_once=rows_at_once
        )
    batch = tuple(shared(strategy, values, sizes) for values in (X, Y))

    @tf.function(jit_compile=False, autograph=False)
    def distributed():
        return strategy.run(step, args=batch)

    sums = [strategy.experimental_local_results(distributed())[0].numpy() for _ in range(STEPS)]
    return model.get_weights(), np.stack(sums)


def by_model_fit(strategy, optimizer):
    with strategy.scope():
        model = network()
        model.compile(optimizer(), "mse")
    history = model.fit(X, Y, batch_size=4, shuffle=False, verbose=0)
    return model.get_weights(), np.array(history.history["loss"])


def by_fit(strategy, optimizer, clip=BY_GLOBAL_NORM, batch_size=12, **words):
    """Two epochs of 12, 12, 12 and 4 rows, unless told otherwise."""
    with strategy.scope():
        model, optimizer = network(), optimizer()
    split = Split(X, Y)
    history = fit(
        model, Dataset(split, validation=split), loss=losses.mean_squared_error,
        optimizer=optimizer, clip=clip, metrics=(), seed=3, epochs=2,
        batch_size=batch_size, jit_compile=False, **words,
    ).history  # fmt: skip
    return model.get_weights(), np.array([history["loss"], history["val_loss"]])


def by_device(device):
    """A training on a device, from outside of its scope; where its variables are, too."""
    keras.utils.set_random_seed(5)
    with tf.device(device):
        model = models.dnn(4, (5,), 2, batch_norm=True, dropout=0.2)
        optimizer = optimizers.Adam(0.01)
    labels = (Y[:, 0] > 0).astype("int64")
    history = fit(
        model, (X, labels), loss=losses.sparse_softmax_cross_entropy, optimizer=optimizer,
        clip=BY_GLOBAL_NORM, seed=3, epochs=2, batch_size=12,
    ).history  # fmt: skip
    places = {v.value.device[-5:] for v in [*model.variables, *optimizer.variables]}
    return model.get_weights(), np.array(history["loss"]), sorted(places)


class CtrlC(EverySteps):
    """Pressed in the middle of the second epoch."""

    def act(self, logs):
        signal.raise_signal(signal.SIGINT)


def broken_off(strategy, optimizer):
    """`by_fit` again, interrupted and taken up."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            by_fit(strategy, optimizer, callbacks=[CtrlC(6)], checkpoint=folder)
        except KeyboardInterrupt:
            return by_fit(strategy, optimizer, callbacks=[CtrlC(6)], checkpoint=folder)
    raise AssertionError("nothing interrupted it")


def small_batches(strategy):
    with strategy.scope():
        model, optimizer = network(), keras.optimizers.SGD()
    words = {"loss": losses.mean_squared_error, "optimizer": optimizer, "metrics": ()}
    fit(model, (X, Y), epochs=1, batch_size=13, **words)


def other_strategy(strategy):
    with strategy.scope():
        model = network()
    words = {"loss": losses.mean_squared_error, "optimizer": keras.optimizers.SGD(), "metrics": ()}
    fit(model, (X, Y), epochs=1, batch_size=10, **words)


def told(function):
    """The error that the function ends with."""
    try:
        function()
    except (InputError, DivergenceError) as error:
        return str(error)
    return "no error"


def apart(one, other):
    """The largest difference of the weights and of the sums."""
    weights, sums = (list(pair) for pair in zip(one, other, strict=True))
    return [
        float(max(np.abs(a - b).max() for a, b in zip(*weights, strict=True))),
        float(np.abs(sums[0] - sums[1]).max()),
    ]


def main():
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    one = tf.distribute.get_strategy()
    two = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    keras.config.set_dtype_policy("float64")  # the adaptive rows make much of the last bits
    print(json.dumps(measure(one, two)))


def measure(one, two):
    def both(optimizer, clip=None, sizes=(4, 4), **options):
        alone = train(one, optimizer, clip, [sum(sizes)], **options)
        return apart(alone, train(two, optimizer, clip, sizes, **options))

    found = {}
    for name, case in OPTIMIZERS.items():

        def make(case=case):
            return case.make(0.05)

        found[f"{name} | step"] = both(make, BY_VALUE)
        if "," in name and "look-ahead" not in name:
            continue  # an option of a formula: the step above is where it could matter
        looks_ahead = getattr(make(), "look_ahead", None) == "exact"
        # a smaller last step is the concern of the step: what else touches it is tried below
        words = {} if looks_ahead else {"batch_size": 10}
        found[f"{name} | dnn_tf.fit"] = apart(
            by_fit(one, make, **words), by_fit(two, make, **words)
        )
        if not looks_ahead:
            found[f"{name} | model.fit"] = apart(by_model_fit(one, make), by_model_fit(two, make))

    def momentum(**words):
        return lambda: keras.optimizers.SGD(0.1, momentum=0.9, **words)

    clip = BY_GLOBAL_NORM
    found["unequal shares"] = both(momentum(), clip, (3, 2))
    found["Keras' own clip"] = both(momentum(global_clipnorm=0.05))
    found["bounded weights"] = both(momentum(), constraint=constraints.MaxNorm(0.5))
    found["slices"] = both(momentum(), clip, rows_at_once=2)
    found["slices of unequal shares"] = both(momentum(), clip, (5, 3), rows_at_once=2)
    accumulated = {"gradient_accumulation_steps": 2}
    average = momentum(use_ema=True, ema_momentum=0.8)
    for case, make, words in (
        ("fit, accumulated", momentum(), accumulated),
        ("fit, averaged", average, {}),
        ("fit, measured on the way", momentum(), {"callbacks": [PerformanceSchedule(3)]}),
        ("fit, stopped", momentum(), {"callbacks": [MaxSteps(3)]}),
        ("fit, effects", momentum(), {"clip_effects": [gradients.turned_angle]}),
    ):
        found[case] = apart(by_fit(one, make, **words), by_fit(two, make, **words))
    resident = by_fit(two, average)
    rows.machine_memory = lambda: 4 * (X.nbytes + Y.nbytes) - 4
    found["fit, streamed"] = apart(resident, by_fit(two, average))
    rows.machine_memory = lambda: None
    found["fit, broken off"] = apart(by_fit(two, average), broken_off(two, average))
    first, second = by_device("CPU:0"), by_device("CPU:1")
    found["on the second device"] = [*apart(first[:2], second[:2]), second[2]]
    found["too few rows"] = told(lambda: small_batches(two))
    found["divergence"] = told(lambda: by_fit(two, lambda: keras.optimizers.SGD(1e300), clip=None))
    found["another strategy"] = told(lambda: other_strategy(two))
    return found


if __name__ == "__main__":
    main()
