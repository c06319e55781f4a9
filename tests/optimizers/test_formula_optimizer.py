"""What all optimisers share."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from conformance.optimizer_cases import OPTIMIZERS
from conformance.test_optimizers import looks_ahead
from dnn_tf import fit, optimizers
from dnn_tf.losses import mean_squared_error
from dnn_tf.optimizers import AdaDelta, AdaGrad, Adam, GradientDescent, Momentum, RMSProp
from dnn_tf.optimizers.formula_optimizer import FormulaOptimizer
from dnn_tf.schedules import PiecewiseConstant
from dnn_tf.types import InputError

PEERS = {
    "GradientDescent": keras.optimizers.SGD,
    "Momentum": keras.optimizers.SGD,
    "Nesterov": keras.optimizers.SGD,
    "AdaGrad": keras.optimizers.Adagrad,
    "RMSProp": keras.optimizers.RMSprop,
    "Adam": keras.optimizers.Adam,
    "FTRL": keras.optimizers.Ftrl,
    "AdaDelta": keras.optimizers.Adadelta,
}


@pytest.mark.parametrize("name", PEERS)
def test_defaults_are_keras(name):
    """But for the momentum, which Keras' SGD has not unless asked, and the documents have."""
    ours, theirs = getattr(optimizers, name)(), PEERS[name]()
    assert float(ours.learning_rate) == float(theirs.learning_rate)
    of_both = {word for word in ours.options if hasattr(theirs, word)}
    shared = of_both - ({"momentum"} if isinstance(theirs, keras.optimizers.SGD) else set())
    assert [getattr(ours, w) for w in shared] == [getattr(theirs, w) for w in shared]


@pytest.mark.parametrize("rate", [1, 1.0, np.float32(1), np.int64(1)])
def test_a_number_as_learning_rate(walk, rate):
    assert walk(GradientDescent(rate), steps=2) == [0.0, -1.0]


@pytest.mark.parametrize(
    "rate",
    [
        PiecewiseConstant([1], [1.0, 0.5]),
        keras.optimizers.schedules.PiecewiseConstantDecay([1], [1.0, 0.5]),
    ],
)
def test_a_schedule_as_learning_rate(walk, rate):
    assert walk(GradientDescent(rate), steps=3) == [0.0, -1.0, -1.5]


def test_a_function_as_learning_rate(walk):
    assert walk(GradientDescent(lambda: 0.5), steps=2) == [0.5, 0.0]


@pytest.mark.parametrize("rate", [-1, float("nan"), float("inf"), None, "fast", True, [0.1]])
@pytest.mark.parametrize("name", PEERS)
def test_a_bad_learning_rate(name, rate):
    with pytest.raises(InputError, match="^learning_rate is a .*, and got ") as error:
        getattr(optimizers, name)(rate)
    assert "\n" not in str(error.value)


def test_the_rule_is_the_subclasses(walk):
    with pytest.raises(NotImplementedError):
        walk(FormulaOptimizer(0.1, "none"))


def with_decay(make, weight_decay, penalty):
    """The walk on `w - 2`, with the decay in the optimiser or an L2 penalty in the gradient."""
    return make(weight_decay=weight_decay), lambda w: (w - 2) + penalty * w


@pytest.mark.parametrize(
    ("make", "agree"),
    [(GradientDescent, True), (Momentum, False), (Adam, False), (AdaGrad, False), (RMSProp, False)],
)
def test_decoupled_weight_decay_is_the_l2_penalty_for_gradient_descent_only(walk, make, agree):
    decay = walk(*with_decay(lambda **words: make(0.1, **words), 0.3, 0.0))
    penalty = walk(*with_decay(lambda **words: make(0.1, **words), None, 0.3))
    assert (decay == pytest.approx(penalty, rel=1e-6)) is agree


@pytest.mark.parametrize(
    "words",
    [
        {"clipnorm": 0.5},
        {"clipvalue": 0.5},
        {"global_clipnorm": 0.5},
        {"loss_scale_factor": 2.0},
        {"use_ema": True, "ema_overwrite_frequency": 1, "ema_momentum": 0.0},
        {"gradient_accumulation_steps": 2},
    ],
    ids=lambda words: next(iter(words)),
)
@pytest.mark.parametrize("make", [GradientDescent, Adam])
def test_keras_words(walk, make, words):
    peer = {GradientDescent: keras.optimizers.SGD, Adam: keras.optimizers.Adam}[make]
    ours, theirs = walk(make(0.1, **words), 3.0), walk(peer(0.1, **words), 3.0)
    assert ours == pytest.approx(theirs, rel=1e-5)


def test_an_unknown_word():
    with pytest.raises(ValueError, match="clip_norm"):
        AdaDelta(clip_norm=1.0)


def words_and_length():
    """Which of five words; their gradient names only the rows that were looked up."""
    inputs = keras.Input((2,), dtype="int32")
    looked_up = keras.layers.Flatten()(keras.layers.Embedding(5, 3)(inputs))
    model = keras.Model(inputs, keras.layers.Dense(1)(looked_up))
    x = np.array([[0, 1], [1, 2], [2, 0], [0, 0]], "int32")
    return model, x, x.sum(axis=1, keepdims=True).astype("float32")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_embeddings_train(name):
    case = OPTIMIZERS[name]
    model, x, y = words_and_length()
    start = model.get_weights()
    ahead = looks_ahead(case)
    fit(
        model, (x, y), loss=mean_squared_error, optimizer=case.make(0.1), epochs=3, batch_size=4,
        metrics=(), jit_compile=False,
    )  # fmt: skip
    ours = model.get_weights()
    assert (ours[0][:3] != start[0][:3]).all()
    if "FTRL" not in name:  # which loses what has no gradient
        np.testing.assert_array_equal(ours[0][3:], start[0][3:])
    if not ahead:
        model.set_weights(start)
        model.compile(case.make(0.1), "mse", jit_compile=False)
        model.fit(x, y, epochs=3, batch_size=4, shuffle=False, verbose=0)
        for one, other in zip(ours, model.get_weights(), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize("name", ["adam", "rmsprop", "adagrad", "adadelta", "ftrl", "momentum"])
def test_half_precision_takes_the_steps_of_single(name, dtype):
    """What is remembered is kept in single precision: in bfloat16 .999 is 1."""
    found = {}
    for precision in (dtype, "float32"):
        weight, optimizer = keras.Variable([1.0, -1.0], dtype=precision), optimizers.get(name)
        optimizer.learning_rate = 0.05
        for step in range(10):
            optimizer.apply([tf.cast([0.5 + step, 0.0], precision)], [weight])
        found[precision] = tf.cast(weight, "float32").numpy()
        assert {slot[0].dtype for slot in optimizer._memory} == {"float32"}
    np.testing.assert_allclose(found[dtype], found["float32"], atol=0.05)
    if name != "adadelta":  # whose steps are too small for half precision
        assert found[dtype][0] < 0.99
