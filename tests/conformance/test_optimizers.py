"""Every optimiser takes the steps of its formula and of its peers, on every road."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from conformance.optimizer_cases import OPTIMIZERS
from dnn_tf import fit, losses, schedules
from dnn_tf.training.step import make_step

STEPS = 60
RATES = {"constant": ([], [0.1]), "falling": ([24], [0.1, 0.01])}
"""Of the steps up to the 25th, and after it."""


def rows(wanted=lambda case: True):
    names = [name for name, case in OPTIMIZERS.items() if wanted(case)]
    return pytest.mark.parametrize("case", [OPTIMIZERS[name] for name in names], ids=names)


def looks_ahead(case):
    """Only dnn_tf.fit can train with it; tests/optimizers/test_nesterov.py has the refusals."""
    return getattr(case.make(0.1), "look_ahead", None) == "exact"


@pytest.fixture(params=OPTIMIZERS, ids=OPTIMIZERS)
def case(request):
    return OPTIMIZERS[request.param]


@pytest.fixture(params=RATES)
def rate(request):
    boundaries, values = RATES[request.param]
    return schedules.PiecewiseConstant(boundaries, values) if boundaries else values[0]


def gradients(steps=STEPS):
    rng = np.random.default_rng(2)
    return [(rng.normal(size=(3, 2)), rng.normal(size=4)) for _ in range(steps)]


def start(dtype="float32"):
    values = np.random.default_rng(3).normal(size=10)
    return [keras.Variable(v, dtype=dtype) for v in (values[:6].reshape(3, 2), values[6:])]


def go_ahead(optimizer, weights):
    """To where it wants the gradients; returns what takes the step from there."""
    if getattr(optimizer, "look_ahead", None) != "exact":
        return optimizer.apply
    optimizer.build(weights)
    for weight, point in zip(weights, optimizer.points_ahead(weights), strict=True):
        weight.assign(point)
    return optimizer.apply_ahead


def take(optimizer, grads, weights):
    """A step with these gradients, wherever they are taken."""
    apply = go_ahead(optimizer, weights)
    apply([tf.cast(g, w.dtype) for g, w in zip(grads, weights, strict=True)], weights)


def walk(optimizer, dtype="float32"):
    weights = start(dtype)
    for pair in gradients():
        take(optimizer, pair, weights)
    return [np.array(weight.numpy()) for weight in weights]


def in_numpy(case, boundaries, values):
    rates = np.full(STEPS, values[-1])
    rates[: boundaries[0] + 1 if boundaries else 0] = values[0]
    return [
        case.formula(w.numpy(), np.stack([pair[i] for pair in gradients()]), rates)
        for i, w in enumerate(start("float64"))
    ]


@pytest.mark.parametrize("rates", RATES.values(), ids=RATES)
def test_numpy_in_double_precision(case, rates):
    boundaries, values = rates
    rate = schedules.PiecewiseConstant(boundaries, values) if boundaries else values[0]
    for ours, formula in zip(
        walk(case.make(rate), "float64"), in_numpy(case, boundaries, values), strict=True
    ):
        # the learning rate is held in single precision
        np.testing.assert_allclose(ours, formula, rtol=1e-6, atol=1e-7)


def test_by_hand(case):
    rate, w, grads, after = case.by_hand
    weight, optimizer = keras.Variable([w], dtype="float64"), case.make(rate)
    for g, expected in zip(grads, after, strict=True):
        take(optimizer, [np.array([g])], [weight])
        np.testing.assert_allclose(weight, [expected], rtol=1e-5, atol=1e-9)


@rows(lambda case: case.keras_peer)
def test_keras_peer(case, rate):
    for ours, theirs in zip(walk(case.make(rate)), walk(case.keras_peer(rate)), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize("rates", RATES.values(), ids=RATES)
@rows(lambda case: case.tf1_peer)
def test_tf1_peer(case, rates):
    boundaries, values = rates
    arrays = [weight.numpy() for weight in start()]
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        weights = [tf.Variable(array) for array in arrays]
        feeds = [tf.compat.v1.placeholder(tf.float32, weight.shape) for weight in weights]
        count = tf.compat.v1.train.get_or_create_global_step()
        rate = (
            tf.compat.v1.train.piecewise_constant(count, boundaries, values)
            if boundaries
            else values[0]
        )
        step = case.tf1_peer(rate).apply_gradients(zip(feeds, weights, strict=True), count)
        session.run(tf.compat.v1.global_variables_initializer())
        for pair in gradients():
            session.run(step, dict(zip(feeds, pair, strict=True)))
        theirs = session.run(weights)
    rate = schedules.PiecewiseConstant(boundaries, values) if boundaries else values[0]
    for ours, peer in zip(walk(case.make(rate)), theirs, strict=True):
        np.testing.assert_allclose(ours, peer, rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
def test_one_trace_and_the_same_steps(case, jit_compile):
    optimizer, weights = case.make(0.1), start()
    optimizer.build(weights)
    traces = []

    @tf.function(jit_compile=jit_compile, autograph=False)
    def step(*pair):
        traces.append(1)
        take(optimizer, pair, weights)

    for pair in gradients():
        step(*(tf.constant(g, tf.float32) for g in pair))
    assert len(traces) == 1
    for one, other in zip(walk(case.make(0.1)), weights, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-6, atol=2e-6)


def test_config_round_trip(case):
    optimizer = case.make(0.1)
    again = type(optimizer).from_config(optimizer.get_config())
    for name in optimizer.options:
        assert getattr(again, name) == getattr(optimizer, name)
    for one, other in zip(walk(optimizer), walk(again), strict=True):
        np.testing.assert_array_equal(one, other)


def compiled(optimizer):
    keras.utils.set_random_seed(3)
    inputs = keras.Input((4,))
    hidden = keras.layers.Dense(5, activation="tanh")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    model.compile(optimizer, "mse")
    return model


def line():
    rng = np.random.default_rng(4)
    return rng.normal(size=(20, 4)).astype("float32"), rng.normal(size=(20, 1)).astype("float32")


@rows(lambda case: not looks_ahead(case))
def test_model_fit_goes_on_from_a_file_as_if_never_stopped(case, tmp_path):
    x, y = line()
    options = {"batch_size": 5, "shuffle": False, "verbose": 0}
    straight, stopped = compiled(case.make(0.05)), compiled(case.make(0.05))
    before = straight.get_weights()
    straight.fit(x, y, epochs=4, **options)
    stopped.fit(x, y, epochs=2, **options)
    stopped.save(tmp_path / "m.keras")
    resumed = keras.saving.load_model(tmp_path / "m.keras")
    resumed.fit(x, y, epochs=2, **options)
    for one, other in zip(straight.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert any(np.abs(w - b).max() > 0 for w, b in zip(resumed.get_weights(), before, strict=True))


def steps_of(model, optimizer):
    x, y = line()
    step = tf.function(make_step(model, losses.mean_squared_error, optimizer), autograph=False)

    def run(first, last):
        for i in range(first, last):
            rows = slice(5 * (i % 4), 5 * (i % 4) + 5)
            step(tf.constant(x[rows]), tf.constant(y[rows]))

    return run


@pytest.mark.parametrize("road", ["keras", "checkpoint"])
def test_the_own_step_goes_on_from_a_file_as_if_never_stopped(case, tmp_path, road):
    straight, stopped = compiled(case.make(0.05)), compiled(case.make(0.05))
    steps_of(straight, straight.optimizer)(0, 10)
    steps_of(stopped, stopped.optimizer)(0, 6)
    if road == "keras":
        stopped.save(tmp_path / "m.keras")
        resumed = keras.saving.load_model(tmp_path / "m.keras")
    else:
        path = tf.train.Checkpoint(model=stopped, optimizer=stopped.optimizer).save(tmp_path / "c")
        resumed = compiled(case.make(0.7))  # another rate: it too comes from the checkpoint
        resumed.optimizer.build(resumed.trainable_variables)
        kept = tf.train.Checkpoint(model=resumed, optimizer=resumed.optimizer)
        kept.restore(path).assert_consumed()
    steps_of(resumed, resumed.optimizer)(6, 10)
    for one, other in zip(straight.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    for one, other in zip(straight.optimizer.variables, resumed.optimizer.variables, strict=True):
        np.testing.assert_array_equal(one, other)


@rows(lambda case: not looks_ahead(case))
def test_fit_trains_and_model_fit_follows(case):
    """The same steps by both roads; the order of the rows is the only one."""
    x, y = line()
    ours, theirs = compiled(case.make(0.05)), compiled(case.make(0.05))
    fit(
        ours, (x, y), loss=losses.mean_squared_error, optimizer=case.make(0.05),
        epochs=12, batch_size=20, metrics=(), jit_compile=False,
    )  # fmt: skip
    theirs.fit(x, y, epochs=12, batch_size=20, shuffle=False, verbose=0)
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


@rows(lambda case: not looks_ahead(case))
def test_mixed_precision_with_loss_scaling(case):
    """The optimiser is wrapped; its memory and the weights stay in single precision."""
    x, y = line()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = compiled(case.make(0.05))
        assert isinstance(model.optimizer, keras.optimizers.LossScaleOptimizer)
        before = model.get_weights()
        fit(
            model, (x, y), loss=losses.mean_squared_error, optimizer=case.make(0.05),
            epochs=10, batch_size=20, metrics=(), jit_compile=False,
        )  # fmt: skip
    finally:
        keras.config.set_dtype_policy("float32")
    assert model.optimizer.inner_optimizer.iterations == 10
    assert {v.dtype for v in model.optimizer.inner_optimizer.variables} == {"float32", "int64"}
    single = compiled(case.make(0.05))
    fit(
        single, (x, y), loss=losses.mean_squared_error,
        optimizer=case.make(0.05), epochs=10, batch_size=20, metrics=(), jit_compile=False,
    )  # fmt: skip
    assert model.evaluate(x, y, verbose=0) == pytest.approx(
        single.evaluate(x, y, verbose=0), rel=0.05
    )
    assert any((w != b).any() for w, b in zip(model.get_weights(), before, strict=True))


def descend(optimizer, function, at, steps):
    """Follows the gradient of a function; returns its last value."""
    weight = keras.Variable(at)
    optimizer.build([weight])

    @tf.function(jit_compile=True, autograph=False)
    def run():
        def body(i):
            apply = go_ahead(optimizer, [weight])
            with tf.GradientTape() as tape:
                value = function(weight.value)
            apply(tape.gradient(value, [weight.value]), [weight])
            return i + 1

        tf.while_loop(lambda i: i < steps, body, [0])

    run()
    return float(function(weight.value))


def bowl(w):
    """100 times as steep along one axis as along the other."""
    return 0.5 * (w[0] ** 2 + 100 * w[1] ** 2)


def rosenbrock(w):
    return (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2


def test_finds_the_bottom_of_an_ill_conditioned_bowl(case):
    assert bowl(np.array([3.0, 1.0])) == 54.5
    assert descend(case.make(case.descends_at), bowl, [3.0, 1.0], 20_000) < 1e-4


def test_finds_the_end_of_rosenbrocks_valley(case):
    assert rosenbrock(np.array([-1.2, 1.0])) > 24
    assert descend(case.make(case.descends_at), rosenbrock, [-1.2, 1.0], 20_000) < 0.01
