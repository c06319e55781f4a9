"""A learning rate for each layer."""

import io
import signal
import zipfile

import keras
import numpy as np
import pytest

import dnn_tf
from conformance.optimizer_cases import OPTIMIZERS
from conformance.test_optimizers import looks_ahead
from dnn_tf import losses
from dnn_tf.optimizers import FTRL, Adam, GradientDescent, LayerwiseRates, Nesterov
from dnn_tf.optimizers.layerwise_rates import factor_of
from dnn_tf.schedules import PiecewiseConstant
from dnn_tf.training import PerformanceSchedule
from dnn_tf.types import DivergenceError, InputError

pytestmark = pytest.mark.usefixtures("module_without_xla")  # but where XLA is asked for
TABLE = {
    **{
        name: case.make
        for name, case in OPTIMIZERS.items()
        if not looks_ahead(case) and not name.startswith("LayerwiseRates")
    },
    "GradientDescent with decay": lambda rate: GradientDescent(rate, weight_decay=0.1),
    "Adam with decay": lambda rate: Adam(rate, weight_decay=0.1),
    "Keras' AdamW": lambda rate: keras.optimizers.AdamW(rate, weight_decay=0.1),
    "Keras' Nadam": lambda rate: keras.optimizers.Nadam(rate),
    "Keras' SGD with momentum": lambda rate: keras.optimizers.SGD(rate, momentum=0.9),
    "clipped and averaged": lambda rate: Adam(rate, clipvalue=0.3, use_ema=True),
    "accumulating": lambda rate: Adam(rate, gradient_accumulation_steps=2, weight_decay=0.1),
}
RATES = {"hidden1": 0.25, "hidden2": 0.5}
"""Powers of 2: such a multiple of a rate is exact."""


def two_layers():
    """The weights of two layers, by the names of these."""
    keras.utils.set_random_seed(1)
    layers = [keras.layers.Dense(3, name=name) for name in ("body", "head")]
    keras.Sequential([keras.Input((4,)), *layers], name="model")
    return [layer.trainable_variables for layer in layers]


def both_layers():
    body, head = two_layers()
    return [*body, *head]


def gradients(weights, steps=30):
    rng = np.random.default_rng(2)
    return [[rng.normal(size=w.shape).astype("float32") for w in weights] for _ in range(steps)]


def walk(pairs, steps=30):
    """Each optimiser's walk over its weights; the gradients are those of all of them."""
    weights = [weight for _, some in pairs for weight in some]
    for grads in gradients(weights, steps):
        left = iter(grads)
        for optimizer, some in pairs:
            optimizer.apply([keras.ops.convert_to_tensor(next(left)) for _ in some], some)
    return [weight.numpy() for weight in weights]


def assert_same_bits(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one, other)


def new_model():
    keras.utils.set_random_seed(3)
    return dnn_tf.models.dnn(6, (8, 5), 3)


@pytest.mark.parametrize(
    ("path", "factor"),
    [
        ("body/kernel", 0.5),
        ("block/body/kernel", 0.5),
        ("body/block/kernel", 0.1),
        ("block/other/kernel", 0.1),
        ("other/kernel", 2.0),
        ("body", 2.0),  # the weight itself
        ("other/body", 2.0),
    ],
)
def test_the_innermost_layer_that_is_named(path, factor):
    assert factor_of(path, {"body": 0.5, "block": 0.1}, 2.0) == factor


@pytest.mark.parametrize("inner", [GradientDescent, Adam, keras.optimizers.Adam])
def test_the_first_step_is_half_as_long_at_half_the_rate(inner):
    """Of half the gradient Adam would make the same step."""
    (kernel, _), (other, _) = two_layers()
    before = kernel.numpy()
    other.assign(np.resize(before, other.shape))
    ones = [np.ones(w.shape, "float32") for w in (kernel, other)]
    LayerwiseRates(inner(0.125), {"body": 0.5}).apply(ones, [kernel, other])
    np.testing.assert_allclose(before - kernel.numpy(), 0.0625, rtol=1e-4)
    np.testing.assert_allclose(np.resize(before, other.shape) - other.numpy(), 0.125, rtol=1e-4)


@pytest.mark.parametrize("name", TABLE)
def test_with_all_factors_1_the_steps_are_those_of_the_one_within(name):
    make, ours, theirs = TABLE[name], both_layers(), both_layers()
    wrapped = walk([(LayerwiseRates(make(0.05), {"body": 1, "head": 1.0}), ours)])
    assert_same_bits(wrapped, walk([(make(0.05), theirs)]))


@pytest.mark.parametrize("name", TABLE)
def test_one_wrapped_is_two_with_two_rates(name):
    make, ours, (body, head) = TABLE[name], both_layers(), two_layers()
    wrapped = walk([(LayerwiseRates(make(0.05), {"body": 0.25}), ours)])
    assert_same_bits(wrapped, walk([(make(0.0125), body), (make(0.05), head)]))


def test_the_weight_decay_in_numpy():
    """`w <- w - eta_l decay w - eta_l g`."""
    body, head = two_layers()
    weights = [weight.numpy().astype("float64") for weight in (*body, *head)]
    optimizer = GradientDescent(0.1, weight_decay=0.2)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    ours = walk([(LayerwiseRates(optimizer, {"body": 0.3}), [*body, *head])])
    for grads in gradients(weights):
        for i, g in enumerate(grads):
            eta, decay = (0.03, 0.1)[i >= 2], (0.2, 0.0)[i % 2]
            weights[i] = weights[i] * (1 - eta * decay) - eta * g
    for one, other in zip(ours, weights, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_what_is_left_out_of_the_decay_is_told_to_the_one_within():
    body, _ = two_layers()
    optimizer = LayerwiseRates(GradientDescent(0.1, weight_decay=0.2), {"body": 0.5})
    optimizer.exclude_from_weight_decay(var_names=["kernel"])
    before = [weight.numpy() for weight in body]
    optimizer.apply([np.zeros(w.shape, "float32") for w in body], body)
    assert_same_bits(before, body)


@pytest.mark.parametrize("inner", [lambda: FTRL(0.1), lambda: Adam(0.1, weight_decay=0.1)])
def test_at_0_a_layer_stands_still(inner):
    body, head = two_layers()
    before, moves = [weight.numpy() for weight in body], head[0].numpy()
    walk([(LayerwiseRates(inner(), {"body": 0}), [*body, *head])])
    assert_same_bits(before, body)
    assert (head[0].numpy() != moves).all()


def test_layers_in_layers():
    inputs = keras.Input((6,))
    base = keras.Sequential([keras.Input((6,)), keras.layers.Dense(2, name="inner")], name="base")
    model = keras.Model(inputs, keras.layers.Dense(1, name="head")(base(inputs)))
    optimizer = LayerwiseRates(GradientDescent(1.0), {"base": 0.5, "inner": 0.25}, default=0)
    before = model.get_weights()
    ones = [np.ones(weight.shape, "float32") for weight in model.trainable_variables]
    optimizer.apply(ones, model.trainable_variables)
    moved = [float((b - w).max()) for b, w in zip(before, model.get_weights(), strict=True)]
    assert moved == pytest.approx([0.25, 0.25, 0, 0])


def test_the_rate_is_the_one_withins():
    optimizer = LayerwiseRates(Adam(0.5), {})
    optimizer.learning_rate = 0.25
    assert float(optimizer.inner_optimizer.learning_rate) == 0.25
    assert float(optimizer.learning_rate) == 0.25


def test_its_state_is_the_one_withins():
    body, _ = two_layers()
    optimizer = LayerwiseRates(Adam(), {})
    optimizer.build(body)
    assert len(optimizer.variables) == 2 + 2 * 2
    optimizer.set_weights([np.full(v.shape, 3) for v in optimizer.variables])
    assert {float(np.max(v)) for v in optimizer.inner_optimizer.variables} == {3.0}


def test_a_schedule_counts_each_step_once():
    body, _ = two_layers()
    before = body[0].numpy()
    optimizer = LayerwiseRates(GradientDescent(PiecewiseConstant([0], [1.0, 0.1])), {"body": 0.5})
    rates = []
    for _ in range(3):
        rates.append(float(optimizer.learning_rate))
        optimizer.apply([np.ones(w.shape, "float32") for w in body], body)
    assert rates == pytest.approx([1.0, 0.1, 0.1])
    np.testing.assert_allclose(before - body[0].numpy(), 0.6, rtol=1e-5)
    assert int(optimizer.iterations) == 3


def test_the_count_of_one_that_accumulates():
    body, _ = two_layers()
    optimizer = LayerwiseRates(Adam(gradient_accumulation_steps=2), {})
    walk([(optimizer, body)], steps=4)
    assert int(optimizer.iterations) == 2


@pytest.mark.parametrize(
    "callback",
    [
        lambda: keras.callbacks.ReduceLROnPlateau(patience=1, min_delta=9.0, factor=0.5),
        lambda: PerformanceSchedule(min_delta=9.0, factor=0.5),
    ],
    ids=["ReduceLROnPlateau", "PerformanceSchedule"],
)
def test_callbacks_that_set_the_rate(fit_blobs, callback):
    optimizer = LayerwiseRates(Adam(0.5), RATES)
    history = fit_blobs(new_model(), optimizer=optimizer, callbacks=[callback()]).history
    assert history["learning_rate"] == [0.5, 0.5, 0.25]
    assert float(optimizer.inner_optimizer.learning_rate) < 0.25


def weights_after(fit_blobs, optimizer, **words):
    model = new_model()
    fit_blobs(model, optimizer=optimizer, **words)
    return model


WAYS = {
    "graph": {"jit_compile": False},
    "xla": {"jit_compile": True},
    "clip": {"clip": dnn_tf.gradients.clip_by_global_norm(0.1)},
    "accumulation": {"batch_size": 7, "gradient_accumulation_steps": 3},
}


@pytest.mark.parametrize("way", WAYS)
def test_fit_with_all_factors_1(fit_blobs, way):
    ones = dict.fromkeys(RATES, 1)
    ours = weights_after(fit_blobs, LayerwiseRates(Adam(0.05), ones), **WAYS[way])
    theirs = weights_after(fit_blobs, Adam(0.05), **WAYS[way])
    assert_same_bits(ours.get_weights(), theirs.get_weights())


def test_fit_and_model_fit_take_the_same_steps(fit_blobs, blobs):
    def make():
        return LayerwiseRates(Adam(0.05, weight_decay=0.1, use_ema=True), RATES, default=2)

    ours = weights_after(fit_blobs, make(), batch_size="all", jit_compile=False)
    theirs = new_model()
    theirs.compile(make(), losses.sparse_softmax_cross_entropy, jit_compile=False)
    theirs.fit(blobs.train.x, blobs.train.y, epochs=3, batch_size=90, verbose=0)
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


class CtrlC(dnn_tf.training.EverySteps):
    """In the middle of the second epoch."""

    def act(self, logs):
        if self.steps == 13:
            signal.raise_signal(signal.SIGINT)


def test_a_training_broken_off_ends_with_the_same_bits(fit_blobs, tmp_path):
    def make():
        return LayerwiseRates(Adam(0.05, weight_decay=0.1), RATES)

    whole = weights_after(fit_blobs, make())
    words = {"checkpoint": tmp_path, "callbacks": [CtrlC(13)]}
    with pytest.raises(KeyboardInterrupt):
        weights_after(fit_blobs, make(), **words)
    resumed = weights_after(fit_blobs, make(), **words)
    assert_same_bits(whole.get_weights(), resumed.get_weights())
    assert_same_bits(whole.optimizer.variables, resumed.optimizer.variables)
    other = LayerwiseRates(Adam(0.05, weight_decay=0.1), RATES, default=0.5)
    with pytest.raises(InputError, match="another training, which differs in optimizer"):
        weights_after(fit_blobs, other, **words)


def test_a_step_that_makes_a_nan_is_undone(fit_blobs, blobs):
    """The memory of the optimiser too."""
    x = blobs.train.x.copy()
    x[7] = 1e38  # the square of its gradient is infinite
    model, optimizer = new_model(), LayerwiseRates(Adam(0.05), RATES)
    with pytest.raises(DivergenceError):
        fit_blobs(model, (x, blobs.train.y), optimizer=optimizer, batch_size=1)
    assert int(optimizer.iterations) > 0
    assert all(np.isfinite(v).all() for v in [*model.get_weights(), *optimizer.variables])
    assert any(np.any(v) for v in optimizer.variables[2:])


def test_mixed_precision(fit_blobs):
    keras.config.set_dtype_policy("mixed_float16")
    try:
        optimizer = LayerwiseRates(GradientDescent(0.05, loss_scale_factor=8.0), RATES)
        model = weights_after(fit_blobs, optimizer)
    finally:
        keras.config.set_dtype_policy("float32")
    assert isinstance(model.optimizer, keras.optimizers.LossScaleOptimizer)
    assert optimizer.inner_optimizer.loss_scale_factor is None  # else it would be scaled twice
    single = weights_after(fit_blobs, LayerwiseRates(GradientDescent(0.05), RATES))
    for one, other in zip(model.get_weights(), single.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=0.02)


def test_a_fixed_loss_scale(fit_blobs):
    scaled = LayerwiseRates(Adam(0.05, loss_scale_factor=8.0), RATES)
    ours = weights_after(fit_blobs, scaled, run_eagerly=True)
    plain = weights_after(fit_blobs, LayerwiseRates(Adam(0.05), RATES), run_eagerly=True)
    assert_same_bits(ours.get_weights(), plain.get_weights())


def test_an_average_is_what_fit_leaves(fit_blobs):
    optimizer = LayerwiseRates(Adam(0.05, use_ema=True, ema_momentum=0.9), RATES)
    model = weights_after(fit_blobs, optimizer)
    averages = optimizer.inner_optimizer._model_variables_moving_average
    assert_same_bits(model.get_weights(), averages)


@pytest.mark.parametrize("road", ["keras", "artefact"])
def test_goes_on_from_a_file_with_the_same_bits(fit_blobs, blobs, tmp_path, road):
    schedule = PiecewiseConstant([20], [0.05, 0.01])
    model = weights_after(fit_blobs, LayerwiseRates(Adam(schedule, weight_decay=0.1), RATES))
    if road == "keras":
        model.save(tmp_path / "model.keras")
        again = keras.saving.load_model(tmp_path / "model.keras")
    else:
        again = dnn_tf.load(dnn_tf.save(model, tmp_path / "model", data=blobs))
    assert isinstance(again.optimizer, LayerwiseRates)
    assert (again.optimizer.rates, again.optimizer.default) == (RATES, 1.0)
    assert_same_bits(model.optimizer.variables, again.optimizer.variables)
    for each in (model, again):
        each.fit(blobs.train.x, blobs.train.y, batch_size=30, shuffle=False, verbose=0)
    assert int(again.optimizer.iterations) == 27 + 3
    assert_same_bits(model.get_weights(), again.get_weights())


def test_a_file_holds_the_state_once(tmp_path):
    sizes = []
    for optimizer in (Adam(), LayerwiseRates(Adam(), RATES)):
        model = dnn_tf.models.dnn(6, (300, 20), 3)
        model.compile(optimizer, "mse")
        optimizer.build(model.trainable_variables)
        model.save(tmp_path / "model.keras")
        content = zipfile.ZipFile(io.BytesIO((tmp_path / "model.keras").read_bytes()))
        sizes.append(content.getinfo("model.weights.h5").file_size)
    assert sizes[1] < 1.1 * sizes[0]


@pytest.mark.parametrize("factor", [-0.1, float("nan"), float("inf"), "small", None, True])
def test_a_bad_factor(factor):
    with pytest.raises(InputError, match=r"^rates\['body'\] is a finite number, 0 or more, and"):
        LayerwiseRates(Adam(), {"body": factor})
    with pytest.raises(InputError, match="^default is a finite number, 0 or more, and got"):
        LayerwiseRates(Adam(), {}, default=factor)


@pytest.mark.parametrize("rates", [None, 0.5, [0.5, 1], {1: 0.5}])
def test_bad_rates(rates):
    with pytest.raises(InputError, match="^rates maps names of layers to factors, and got"):
        LayerwiseRates(Adam(), rates)


def test_a_name_that_no_weight_is_in():
    body, _ = two_layers()
    with pytest.warns(UserWarning, match="rates names") as told:
        LayerwiseRates(Adam(), {"body": 0.5, "hed": 1, "kernel": 1}).build(body)
    assert str(told[0].message) == (
        "rates names 'hed', 'kernel', and the weights to be trained are in 'body', 'model': that "
        "has no effect"
    )


def test_one_within_that_is_used_already():
    body, head = two_layers()
    inner = Adam(0.1)
    LayerwiseRates(inner, {}).build(body)
    with pytest.raises(InputError, match="has trained other weights: give LayerwiseRates a new"):
        LayerwiseRates(inner, {}).build(head)


class OwnDecay(keras.optimizers.SGD):
    def _apply_weight_decay(self, variables):
        pass


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        ("adam", "takes a Keras optimiser that takes steps itself, .* and got 'adam'"),
        (keras.optimizers.LossScaleOptimizer(Adam()), "put others around it, not into it"),
        (LayerwiseRates(Adam(), {}), "put others around it, not into it"),
        (Nesterov(look_ahead="exact"), "leave look_ahead at 'linearised'"),
        (OwnDecay(), "cannot scale the weight decay of OwnDecay"),
    ],
    ids=["a name", "a loss scale", "itself", "exact look-ahead", "a decay of its own"],
)
def test_what_it_cannot_be_around(inner, message):
    with pytest.raises(InputError, match=message) as error:
        LayerwiseRates(inner, {})
    assert "\n" not in str(error.value)
