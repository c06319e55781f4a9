"""The trial of learning rates."""

import contextlib

import keras
import numpy as np
import pytest

import dnn_tf
from dnn_tf import layers, losses, optimizers, schedules
from dnn_tf.training import find_learning_rate
from dnn_tf.types import InputError

LOSS = losses.sparse_softmax_cross_entropy


def bowl(steepness=1.0):
    """Mean of `steepness * (2 w)^2 / 2`: gradient descent diverges above `0.5 / steepness`."""
    model = dnn_tf.models.dnn(1, (), 1)
    model.layers[1].bias.assign([0.0])
    model.layers[1].trainable = True
    x = np.array([[2.0], [-2.0]], "float32")

    def loss(y, z):
        return steepness * z[:, 0] ** 2 / 2

    return model, (x, np.zeros(2, "float32")), loss


@pytest.mark.parametrize("steepness", [0.01, 1.0, 100.0])
def test_finds_where_training_breaks(steepness):
    """`w <- (1 - 4 a eta) w` shrinks below eta = 1 / (2 a) and grows above."""
    model, data, loss = bowl(steepness)
    trial = find_learning_rate(
        model, data, loss=loss, optimizer=optimizers.GradientDescent(), batch_size="all",
        smallest=1e-6, largest=1e4, steps=300,
    )  # fmt: skip
    limit = 0.5 / steepness
    assert 0.5 * limit < trial.largest < 20 * limit
    assert trial.suggestion == trial.largest / 10
    assert len(trial.losses) < 300  # it ended when the loss had grown
    np.testing.assert_allclose(
        trial.learning_rates, np.geomspace(1e-6, 1e4, 300)[: len(trial.losses)]
    )


def test_each_rate_is_used_for_one_step():
    model, data, loss = bowl()
    w = float(model.get_weights()[0][0, 0])
    trial = find_learning_rate(
        model, data, loss=loss, optimizer=optimizers.GradientDescent(7.0), batch_size=2,
        smallest=1e-3, largest=0.1, steps=20,
    )  # fmt: skip
    for rate, measured in zip(np.geomspace(1e-3, 0.1, 20), trial.losses, strict=True):
        assert measured == pytest.approx(2 * w**2, rel=1e-4)
        w *= 1 - 4 * rate


MAKERS = {
    "adam": lambda: optimizers.Adam(0.01),
    "keras": lambda: keras.optimizers.SGD(0.01, momentum=0.9, nesterov=True),
    "schedule": lambda: optimizers.Momentum(schedules.ExponentialDecay(0.01)),
    "average": lambda: optimizers.RMSProp(0.01, use_ema=True),
    "layerwise": lambda: optimizers.LayerwiseRates(optimizers.Adam(0.01), {"hidden1": 0.5}),
}


def state(model, optimizer):
    variables = [*model.variables, *optimizer.variables]
    return {variable.path: np.array(variable) for variable in variables}


@pytest.mark.usefixtures("without_xla")
@pytest.mark.parametrize("trained", [False, True], ids=["new", "trained"])
@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_puts_everything_back_bit_for_bit(blobs, make, trained):
    """Weights, averages of batch normalisation, random state of dropout, the optimiser's memory."""
    model = dnn_tf.models.dnn(6, (8,), 3, batch_norm=True, dropout=layers.Dropout(0.3, seed=1))
    optimizer = make()
    if trained:
        words = {"loss": LOSS, "epochs": 2, "batch_size": 10}
        dnn_tf.fit(model, blobs, optimizer=optimizer, **words)
    before, built = state(model, optimizer), optimizer.built
    trial = find_learning_rate(model, blobs, loss=LOSS, optimizer=optimizer, batch_size=9, steps=30)
    after = state(model, optimizer)
    assert optimizer.built == built == trained
    assert set(before) == set(after)
    for name, value in before.items():
        np.testing.assert_array_equal(value, after[name], err_msg=name)
    assert len(trial.losses) > 10


@pytest.mark.usefixtures("without_xla")
def test_training_goes_on_as_if_there_had_been_no_trial(fit_blobs, blobs):
    def trained(trial):
        keras.utils.set_random_seed(1)
        model, optimizer = dnn_tf.models.dnn(6, (8,), 3, dropout=0.2), optimizers.Adam(0.01)
        fit_blobs(model, optimizer=optimizer)
        if trial:
            find_learning_rate(model, blobs, loss=LOSS, optimizer=optimizer, batch_size=10)
        fit_blobs(model, optimizer=optimizer)
        return model.get_weights()

    for a, b in zip(trained(False), trained(True), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.usefixtures("without_xla")
def test_goes_on_from_what_the_optimiser_remembers(blobs, fit_blobs, small_model):
    """The first step of Adam is as long as the rate; after training it is not."""
    optimizer = optimizers.Adam(0.01)
    words = {"loss": LOSS, "batch_size": 90, "smallest": 0.05, "largest": 0.1, "steps": 20}
    fit_blobs(small_model, optimizer=optimizer)
    used = find_learning_rate(small_model, blobs, optimizer=optimizer, **words)
    new = find_learning_rate(small_model, blobs, optimizer=optimizers.Adam(0.01), **words)
    assert used.losses[0] == pytest.approx(new.losses[0], rel=1e-5)
    assert used.losses[1] != pytest.approx(new.losses[1], rel=1e-3)


def test_puts_everything_back_after_an_error(blobs, small_model):
    before = small_model.get_weights()

    def broken(y, z):
        raise KeyError("in the loss")

    with pytest.raises(KeyError):
        find_learning_rate(
            small_model, blobs, loss=broken, optimizer=optimizers.Adam(), batch_size=10
        )
    for a, b in zip(before, small_model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_under_half_precision(blobs):
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = dnn_tf.models.dnn(6, (8,), 3)
    finally:
        keras.config.set_dtype_policy("float32")
    before = model.get_weights()
    trial = find_learning_rate(
        model, blobs, loss=LOSS, optimizer=optimizers.GradientDescent(), batch_size=30, steps=50
    )
    assert trial.smoothed.min() < 0.9 * trial.losses[0]
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.usefixtures("without_xla")
def test_clip_counts():
    """Steps of 1e-2 eta at most cannot break what is as steep as 100."""
    model, data, loss = bowl(100.0)
    words = {"loss": loss, "batch_size": 2, "smallest": 1e-5, "largest": 1.0, "steps": 100}
    plain, clipped = (
        find_learning_rate(model, data, optimizer=optimizers.GradientDescent(), clip=clip, **words)
        for clip in (None, dnn_tf.gradients.clip_by_global_norm(1e-2))
    )
    assert plain.largest < 0.1
    assert clipped.largest == 1


@pytest.mark.usefixtures("without_xla")
def test_single_rows(blobs):
    """At 1e-6 nothing is learned, however small the loss of the first rows is."""
    suggestions = []
    for seed in range(5):
        keras.utils.set_random_seed(seed)
        model, descent = dnn_tf.models.dnn(6, (8,), 3), optimizers.GradientDescent()
        words = {"loss": LOSS, "optimizer": descent, "batch_size": 1, "seed": seed}
        with contextlib.suppress(InputError):  # so much noise may hide the fall
            suggestions.append(find_learning_rate(model, blobs, **words).suggestion)
    assert len(suggestions) >= 3
    assert min(suggestions) > 1e-4


@pytest.mark.parametrize("seed", range(3))
def test_a_loss_that_never_falls_suggests_nothing(blobs, small_model, seed):
    words = {"loss": LOSS, "optimizer": optimizers.GradientDescent(), "batch_size": 5, "seed": seed}
    with pytest.raises(InputError, match="no rate from 1e-09 to .* made the loss fall by more tha"):
        find_learning_rate(small_model, blobs, smallest=1e-9, largest=1e-7, steps=60, **words)


def test_a_loss_that_only_rises_suggests_nothing():
    model, data, loss = bowl()
    with pytest.raises(InputError, match="no rate from 1.0 to .* made the loss fall"):
        find_learning_rate(
            model, data, loss=loss, optimizer=optimizers.GradientDescent(), batch_size=2,
            smallest=1.0,
        )  # fmt: skip


@pytest.mark.usefixtures("without_xla")
@pytest.mark.parametrize("constant", [-5.0, 100.0])
@pytest.mark.parametrize("make", [optimizers.GradientDescent, optimizers.Adam])
def test_a_constant_changes_nothing(blobs, small_model, make, constant):
    plain, moved = (
        find_learning_rate(
            small_model, blobs, loss=loss, optimizer=make(), batch_size=10, largest=1e3
        )
        for loss in (LOSS, lambda y, z: LOSS(y, z) + constant)
    )
    np.testing.assert_array_equal(moved.learning_rates, plain.learning_rates)
    assert moved.largest == plain.largest


def layerwise_ftrl(rate):
    return optimizers.LayerwiseRates(optimizers.FTRL(rate), {})


@pytest.mark.parametrize("make", [optimizers.FTRL, keras.optimizers.Ftrl, layerwise_ftrl])
def test_ftrl_is_refused(blobs, small_model, make):
    with pytest.raises(InputError, match="cannot try 'ftrl.*': FTRL computes the weights anew"):
        find_learning_rate(small_model, blobs, loss=LOSS, optimizer=make(0.1), batch_size=10)


def test_an_optimiser_that_does_not_take_its_config(blobs, small_model):
    class Stubborn(keras.optimizers.SGD):
        def __init__(self):
            super().__init__(0.1)

    with pytest.raises(InputError, match=r"Stubborn cannot be made anew .*: let its constructor"):
        find_learning_rate(small_model, blobs, loss=LOSS, optimizer=Stubborn(), batch_size=10)


@pytest.mark.filterwarnings("error")
def test_copies_the_weights_without_a_warning(blobs, small_model):
    """pyproject.toml lets NumPy's DeprecationWarning about Keras' variables pass elsewhere."""
    find_learning_rate(
        small_model, blobs, loss=LOSS, optimizer=optimizers.GradientDescent(), batch_size=10
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"smallest": 0.0}, "smallest is a finite number above 0"),
        ({"smallest": 1.0, "largest": 0.1}, "smallest is 1.0 and largest 0.1: the first is less"),
        ({"steps": 19}, "steps is a whole number, 20 or more"),
        ({"batch_size": "some"}, "batch_size is a whole number or 'all'"),
        ({"optimizer": "adam"}, "a Keras optimiser was expected"),
        ({"loss": lambda y, z: LOSS(y, z) * float("nan")}, "the loss is no number after a step"),
    ],
)
def test_what_is_refused(blobs, small_model, changes, message):
    usual = {"loss": LOSS, "optimizer": optimizers.GradientDescent(), "batch_size": 10}
    with pytest.raises(InputError, match=message):
        find_learning_rate(small_model, blobs, **usual | changes)
