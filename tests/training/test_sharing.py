"""Compiled functions that several trainings share."""

import threading

import keras
import numpy as np
import pytest
import tensorflow as tf

import dnn_tf
from dnn_tf.training import sharing
from dnn_tf.training.phase import Phase

pytestmark = pytest.mark.usefixtures("module_without_xla")


@pytest.fixture(autouse=True)
def _nothing_kept():
    sharing._KEPT.traced.clear()
    yield
    sharing._KEPT.traced.clear()


def doubler(variable, traces, likeness="double"):
    def double(x):
        traces.append(1)
        variable.assign_add(x)
        return 2 * variable.value

    asked = None if likeness is None else lambda: likeness
    return sharing.Shared(tf.function(double, autograph=False), asked, [variable])


def test_each_reads_and_writes_its_own_variables():
    traces, variables = [], [keras.Variable(1.0), keras.Variable(10.0)]
    functions = [doubler(variable, traces) for variable in variables]
    for _ in range(2):
        found = [float(function(tf.constant(1.0))) for function in functions]
    assert found == [6, 24]
    assert [float(variable.value) for variable in variables] == [3, 12]
    assert len(traces) == 1


@pytest.mark.parametrize("difference", ["likeness", "shape", "nothing to compare", "size"])
def test_is_not_shared_where_there_is_a_difference(difference, monkeypatch):
    traces, ones = [], tf.ones((2,) if difference == "shape" else ())
    second = {"likeness": "other", "nothing to compare": None}.get(difference, "double")
    if difference == "size":
        monkeypatch.setattr(sharing, "LARGEST", 3)
    doubler(keras.Variable(1.0), traces)(tf.constant(1.0))
    doubler(keras.Variable(tf.ones_like(ones)), traces, second)(ones)
    assert len(traces) == 2


def test_what_captures_more_is_not_shared():
    hidden, traces = keras.Variable(5.0), []

    def function(x):
        traces.append(1)
        return x + hidden.value

    for _ in range(2):
        shared = sharing.Shared(
            tf.function(function, autograph=False), lambda: "sum", [keras.Variable(1.0)]
        )
        assert float(shared(tf.constant(1.0))) == 6
    assert len(sharing._KEPT.traced) == 0


def test_keeps_so_many_at_most(monkeypatch):
    monkeypatch.setattr(sharing, "KEPT", 2)
    traces = []
    for likeness in ["a", "b", "a", "c", "a", "b"]:  # b is the one that waited longest for a use
        doubler(keras.Variable(1.0), traces, likeness)(tf.constant(1.0))
    assert len(traces) == 4


def test_one_that_others_pushed_out_keeps_its_variables(monkeypatch):
    monkeypatch.setattr(sharing, "KEPT", 1)
    traces, mine, other = [], keras.Variable(1.0), keras.Variable(10.0)
    first, second = doubler(mine, traces), doubler(other, traces)
    first(tf.constant(1.0))
    second(tf.constant(1.0))
    doubler(keras.Variable(0.0), traces, "pushes it out")(tf.constant(1.0))
    first(tf.constant(1.0))
    assert (float(mine.value), float(other.value)) == (3, 11)
    assert len(traces) == 2


def test_a_layer_that_a_callback_changed_is_not_taken_for_one_that_it_did_not():
    class Changes(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            self.model.get_layer("hidden1_dropout").rate = 0.9

    alone = train(2)[1]
    sharing._KEPT.traced.clear()
    changed = train(2, callbacks=[Changes()])[1]
    after = train(2)[1]
    assert np.abs(changed[0] - alone[0]).max() > 0
    np.testing.assert_array_equal(after[0], alone[0])


def test_threads_have_their_own():
    traces = []

    def run():
        doubler(keras.Variable(1.0), traces)(tf.constant(1.0))

    run()
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert len(traces) == 2


X = np.random.default_rng(0).normal(size=(50, 4)).astype("float32")
Y = (X[:, 0] > 0).astype("int64")


def train(seed, rate=0.1, **words):
    keras.utils.set_random_seed(seed)
    model = dnn_tf.models.dnn(4, (6, 5), 2, batch_norm=True, dropout=0.2)
    history = dnn_tf.fit(
        model, (X, Y), loss=dnn_tf.losses.sparse_softmax_cross_entropy,
        optimizer=dnn_tf.optimizers.Adam(rate), clip=dnn_tf.gradients.clip_by_global_norm(1.0),
        epochs=2, batch_size=20, seed=seed, **words,
    )  # fmt: skip
    return history, model.get_weights()


@pytest.mark.parametrize("jit_compile", [False, True])
def test_a_training_ends_with_the_bits_of_one_that_was_compiled_for_itself(jit_compile):
    """The second training has other weights, another rate and other random numbers."""
    alone = train(2, 0.01, jit_compile=jit_compile)
    sharing._KEPT.traced.clear()
    train(1, jit_compile=jit_compile)
    compiled = list(sharing._KEPT.traced)
    second = train(2, 0.01, jit_compile=jit_compile)
    assert sorted(map(id, sharing._KEPT.traced)) == sorted(map(id, compiled))
    for mine, theirs in zip(alone[1], second[1], strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert second[0].compile_seconds >= 0


def test_trainings_in_turn_do_not_touch_each_other():
    """Two phases made of the same, epoch by epoch in turn, against one after the other."""

    def phases():
        for seed in (1, 2):
            keras.utils.set_random_seed(seed)
            model, loss = dnn_tf.models.dnn(4, (6,), 2), dnn_tf.losses.sparse_softmax_cross_entropy
            optimizer = dnn_tf.optimizers.Momentum(0.1)
            yield model, Phase(model, dnn_tf.data.Split(X, Y), loss, optimizer, jit_compile=False)

    def epoch(phase):
        phase.epoch(np.arange(len(X)), 20, lambda taken: None)

    in_turn, one_by_one = list(phases()), list(phases())
    for _ in range(3):
        for _, phase in in_turn:
            epoch(phase)
    for _, phase in one_by_one:
        for _ in range(3):
            epoch(phase)
    for (one, _), (other, _) in zip(in_turn, one_by_one, strict=True):
        for mine, theirs in zip(one.get_weights(), other.get_weights(), strict=True):
            np.testing.assert_array_equal(mine, theirs)
