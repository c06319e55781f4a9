"""Every schedule gives the rates of its formula and its peers, step by step, on every road."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from conformance.cases import SCHEDULES

STEPS = np.array([*range(131), 1000, 10**6])
"""Past the end of every schedule in the table, which is at step 100 or 120."""

ROUNDING = 5e-8
"""Where a cosine comes down to 0, what float32 leaves of numbers near 1."""

KERAS = {row: case for row, case in SCHEDULES.items() if case.keras_peer}
TF1 = {row: case for row, case in SCHEDULES.items() if case.tf1_peer}


@pytest.fixture(params=SCHEDULES, ids=SCHEDULES)
def case(request):
    return SCHEDULES[request.param]


@pytest.fixture
def rates(case):
    """One step at a time, as an optimiser asks."""
    schedule = case.make()
    return np.array([schedule(tf.constant(step, tf.int64)) for step in STEPS])


def test_by_hand(case):
    schedule = case.make()
    for step, rate in case.by_hand.items():
        assert float(schedule(step)) == pytest.approx(rate, rel=1e-6, abs=1e-9)


def test_formula_in_float64(case, rates):
    np.testing.assert_allclose(
        rates, case.formula(STEPS.astype("float64")), rtol=1e-6, atol=ROUNDING
    )


@pytest.mark.parametrize("row", KERAS)
def test_keras_peer(row):
    ours, theirs = KERAS[row].make(), KERAS[row].keras_peer()
    for step in map(int, STEPS):
        np.testing.assert_allclose(ours(step), theirs(step), rtol=3e-7, atol=ROUNDING)


@pytest.mark.parametrize("row", TF1)
def test_tf1_peer(row):
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        step = tf.compat.v1.placeholder(tf.int64, ())
        rate = TF1[row].tf1_peer(step)
        theirs = [session.run(rate, {step: each}) for each in STEPS]
    np.testing.assert_allclose(TF1[row].make()(STEPS), theirs, rtol=3e-7, atol=ROUNDING)


@pytest.mark.parametrize("dtype", ["int32", "int64", "float32"])
def test_all_steps_at_once(case, rates, dtype):
    found = case.make()(tf.constant(STEPS, dtype))
    assert found.dtype == tf.float32
    np.testing.assert_allclose(found, rates, rtol=2e-7, atol=ROUNDING)


def test_any_kind_of_step(case):
    schedule = case.make()
    rate = schedule(tf.constant(37, tf.int64))
    assert rate.dtype == tf.float32
    assert rate.shape == ()
    for step in (37, np.int64(37), tf.constant(37), keras.Variable(37, dtype="int64")):
        assert schedule(step).dtype == tf.float32
        assert float(schedule(step)) == float(rate)


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
def test_compiled(case, rates, jit_compile):
    schedule = tf.function(case.make(), jit_compile=jit_compile, autograph=False)
    found = np.array([schedule(tf.constant(step, tf.int64)) for step in STEPS])
    assert schedule.experimental_get_tracing_count() == 1
    np.testing.assert_allclose(found, rates, rtol=1e-6, atol=ROUNDING)


def test_config_round_trip(case):
    schedule = case.make()
    serialized = keras.optimizers.schedules.serialize(schedule)
    assert serialized["registered_name"] == f"dnn_tf>{type(schedule).__name__}"
    again = keras.optimizers.schedules.deserialize(serialized)
    assert type(again) is type(schedule)
    assert again.get_config() == schedule.get_config()
    np.testing.assert_array_equal(again(STEPS), schedule(STEPS))


def compiled(schedule):
    keras.utils.set_random_seed(3)
    inputs = keras.Input((4,))
    model = keras.Model(inputs, keras.layers.Dense(1)(inputs))
    model.compile(keras.optimizers.SGD(schedule), "mse")
    return model


def test_an_optimiser_in_a_file_goes_on_with_it(case, tmp_path):
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(20, 4)), rng.normal(size=(20, 1))
    straight, stopped = compiled(case.make()), compiled(case.make())
    straight.fit(x, y, batch_size=5, epochs=10, shuffle=False, verbose=0)
    stopped.fit(x, y, batch_size=5, epochs=5, shuffle=False, verbose=0)
    stopped.save(tmp_path / "m.keras")
    resumed = keras.saving.load_model(tmp_path / "m.keras")
    assert type(resumed.optimizer._learning_rate) is type(case.make())
    assert float(resumed.optimizer.learning_rate) == float(case.make()(20))
    resumed.fit(x, y, batch_size=5, epochs=5, shuffle=False, verbose=0)
    for one, other in zip(straight.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
