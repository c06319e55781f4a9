import keras
import numpy as np
import pytest

from dnn_tf import models, optimizers, schedules
from dnn_tf.transfer.optimizer_memory import renewed
from dnn_tf.types import InputError

RNG = np.random.default_rng(0)


def step(optimizer, weights, seed):
    rng = np.random.default_rng(seed)
    optimizer.apply([rng.normal(size=w.shape).astype("float32") for w in weights], weights)


def values(variables):
    return [np.asarray(variable) for variable in variables]


MAKERS = [
    pytest.param(lambda: optimizers.Adam(0.01, use_ema=True), id="Adam"),
    pytest.param(lambda: optimizers.RMSProp(0.01, momentum=0.9), id="RMSProp"),
    pytest.param(lambda: optimizers.FTRL(0.01), id="FTRL"),
    pytest.param(
        lambda: optimizers.Momentum(schedules.ExponentialDecay(0.1, decay_steps=3)), id="schedule"
    ),
    pytest.param(lambda: keras.optimizers.Nadam(0.01), id="keras Nadam"),
    pytest.param(lambda: keras.optimizers.SGD(0.1, momentum=0.9), id="keras SGD"),
    pytest.param(
        lambda: optimizers.LayerwiseRates(optimizers.Adam(0.01), {"hidden1": 0.5}), id="layerwise"
    ),
    pytest.param(
        lambda: keras.optimizers.LossScaleOptimizer(optimizers.Adam(0.01)), id="loss scale"
    ),
]


@pytest.mark.parametrize("make", MAKERS)
def test_goes_on_as_the_old_one_would(make):
    old, weights = make(), models.dnn(3, (2,), 2).trainable_variables
    for seed in range(3):
        step(old, weights, seed)
    new, before = renewed(old, weights), values(weights)
    step(old, weights, 9)
    expected = values(weights)
    for weight, value in zip(weights, before, strict=True):
        weight.assign(value)
    step(new, weights, 9)
    for got, wanted in zip(values(weights), expected, strict=True):
        np.testing.assert_array_equal(got, wanted)


@pytest.mark.parametrize("make", MAKERS[:6])
def test_other_weights_begin_anew(make):
    model = models.dnn(3, (2,), 2)
    old, fresh, weights = make(), make(), model.trainable_variables
    step(old, weights[2:], 0)
    new = renewed(old, weights)
    fresh.build(weights)
    for variable, start in zip(new.variables, fresh.variables, strict=True):
        if "hidden1" in variable.path and not variable.path.endswith("average"):
            np.testing.assert_array_equal(variable, start)


def test_an_average_of_new_weights_begins_at_the_weights():
    weights = models.dnn(3, (2,), 2).trainable_variables
    old = optimizers.GradientDescent(0.1, use_ema=True)
    step(old, weights[2:], 0)
    averages = renewed(old, weights)._model_variables_moving_average
    np.testing.assert_array_equal(averages[0], weights[0])
    np.testing.assert_array_equal(averages[2], old._model_variables_moving_average[0])


def test_layerwise_rates_of_frozen_layers_come_back_with_them():
    weights = models.dnn(3, (2,), 2).trainable_variables
    old = optimizers.LayerwiseRates(optimizers.GradientDescent(1.0), {"hidden1": 0.5})
    old.build(weights)
    head = renewed(old, weights[2:])  # without a warning
    whole = renewed(head, weights)
    before = values(weights)
    whole.apply([np.ones(w.shape, "float32") for w in weights], weights)
    moved = [np.abs(a - b).max() for a, b in zip(before, values(weights), strict=True)]
    np.testing.assert_allclose(moved, [0.5, 0.5, 1, 1], rtol=1e-6)


def test_a_rate_that_was_set_on_the_way_stays():
    old = optimizers.Adam(0.01)
    old.learning_rate = 0.003
    new = renewed(old, models.dnn(3, (2,), 2).trainable_variables)
    assert float(new.learning_rate) == pytest.approx(0.003)


def tenth():
    return 0.1


def test_a_rate_that_is_a_function_cannot_be_described():
    optimizer = keras.optimizers.SGD(learning_rate=tenth)
    with pytest.raises(InputError, match="cannot be made anew .*: give it a number or a schedule"):
        renewed(optimizer, models.dnn(3, (2,), 2).trainable_variables)


def test_adams_first_steps_after_a_late_thaw_are_up_to_six_and_a_half_rates():
    """As the docstring of `thaw` says."""
    model = models.dnn(3, (2,), 2)
    weights = model.trainable_variables
    old = optimizers.Adam(1e-3)
    for _ in range(5000):
        old.iterations.assign_add(1)
    old.build(weights[2:])
    new = renewed(old, weights)
    steps = []
    for _ in range(40):
        before = np.asarray(weights[0]).copy()
        new.apply([np.ones(w.shape, "float32") for w in weights], weights)
        steps.append(np.abs(np.asarray(weights[0]) - before).max() / 1e-3)
    assert 6.4 < max(steps) < 6.7
