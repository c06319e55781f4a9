"""Training: weights, chance, early stopping, passes, pickles."""

import pickle
import random

import keras
import numpy as np
import pytest
from keras.src.random.seed_generator import global_seed_generator
from sklearn.neural_network import MLPClassifier, MLPRegressor

from dnn_tf.estimator import DNNClassifier, DNNRegressor
from dnn_tf.estimator import network_estimator as room
from dnn_tf.types import DivergenceError, InputError

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 4))
Y = np.array(["a", "b", "c"])[np.argmax(X[:, :3] + RNG.normal(size=(60, 3)) / 2, axis=1)]
T = np.stack([X[:, 0] * X[:, 1], X[:, 2]], axis=1)
W = RNG.integers(0, 4, size=60)


USUAL = {
    "hidden": (6,), "optimizer": "gradient_descent", "learning_rate": 0.05, "batch_size": 30,
    "epochs": 3, "jit_compile": False, "random_state": 0,
}  # fmt: skip


def classifier(**words):
    return DNNClassifier(**{**USUAL, **words})


def regressor(**words):
    return DNNRegressor(**{**USUAL, **words})


def weights(network):
    return [variable.numpy() for variable in network.model_.variables]


def assert_same(one, other, **tolerance):
    for a, b in zip(weights(one), weights(other), strict=True):
        np.testing.assert_allclose(a, b, **{"rtol": 0, "atol": 0, **tolerance})


def start_alike(network, peer):
    """Gives a network of scikit-learn, which has begun, the weights of ours."""
    ours = weights(network)
    for theirs, values in ((peer.coefs_, ours[::2]), (peer.intercepts_, ours[1::2])):
        for array, value in zip(theirs, values, strict=True):
            array[...] = value


def assert_like(network, peer):
    for got, expected in zip(weights(network)[::2], peer.coefs_, strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-11)
    for got, expected in zip(weights(network)[1::2], peer.intercepts_, strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-11)


PEER = {
    "hidden_layer_sizes": (7, 6), "activation": "tanh", "solver": "sgd", "alpha": 0, "momentum": 0,
    "nesterovs_momentum": False, "batch_size": 60, "shuffle": False,
}  # fmt: skip
OURS = {
    "hidden": (7, 6), "activation": "tanh", "optimizer": "gradient_descent", "batch_size": "all",
}  # fmt: skip


def test_ten_steps_are_those_of_scikit_learns_classifier():
    peer = MLPClassifier(learning_rate_init=0.1, **PEER).partial_fit(X, Y, classes=["a", "b", "c"])
    start_alike(classifier(**OURS, learning_rate=0.1, epochs=1).fit(X, Y), peer)
    for _ in range(10):
        peer.partial_fit(X, Y)
    ours = classifier(**OURS, learning_rate=0.1, epochs=11).fit(X, Y)
    assert_like(ours, peer)
    np.testing.assert_allclose(ours.predict_proba(X), peer.predict_proba(X), rtol=1e-9)
    np.testing.assert_allclose(ours.loss_, peer.loss_, rtol=1e-6)  # kept as float32


@pytest.mark.parametrize(("y", "rate"), [(T[:, 0], 0.05), (T, 0.1)])
def test_passes_are_those_of_scikit_learns_regressor(y, rate):
    """Its loss is half the squares, summed over the targets; ours is their mean."""
    peer = MLPRegressor(learning_rate_init=0.1, **PEER).partial_fit(X, y)
    ours = regressor(**OURS, learning_rate=rate).partial_fit(X, y)
    start_alike(ours, peer)
    for _ in range(10):
        peer.partial_fit(X, y)
        ours.partial_fit(X, y)
    assert_like(ours, peer)
    np.testing.assert_allclose(ours.predict(X), peer.predict(X), rtol=1e-9, atol=1e-11)


def by_hand(x, y, w, network, rate, steps):
    """Softmax regression with weights, in NumPy."""
    kernel, bias = weights(network)
    for _ in range(steps):
        z = x @ kernel + bias
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        d = w[:, None] * (p - np.eye(3)[y]) / w.sum()
        kernel, bias = kernel - rate * x.T @ d, bias - rate * d.sum(axis=0)
    return kernel, bias


def test_weighted_steps_are_those_of_numpy():
    words = {"hidden": (), "optimizer": "gradient_descent", "batch_size": "all"}
    start = classifier(**words, learning_rate=1e-300, epochs=1).fit(X, Y)
    ours = classifier(**words, learning_rate=0.5, epochs=10).fit(X, Y, sample_weight=W)
    expected = by_hand(X, np.unique(Y, return_inverse=True)[1], W, start, 0.5, steps=10)
    for got, want in zip(weights(ours), expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("make", [classifier, regressor])
@pytest.mark.parametrize("optimizer", ["gradient_descent", "adam"])
def test_a_weight_of_2_is_the_row_twice(make, optimizer):
    words = {"optimizer": optimizer, "batch_size": "all", "epochs": 10, "l2": 0.01}
    y = Y if make is classifier else T
    weighted = make(**words).fit(X, y, sample_weight=W)
    repeated = make(**words).fit(X.repeat(W, axis=0), y.repeat(W, axis=0))
    assert_same(weighted, repeated, rtol=1e-7, atol=1e-10)
    np.testing.assert_allclose(weighted.history_["loss"], repeated.history_["loss"], rtol=1e-5)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_row_without_weight_is_no_row_to_the_bit(dtype):
    w = (W > 0).astype(float)
    one = classifier(batch_size=7, dtype=dtype).fit(X, Y, sample_weight=w)
    other = classifier(batch_size=7, dtype=dtype).fit(X[W > 0], Y[W > 0])
    assert_same(one, other)


def test_a_class_without_weight_is_no_class():
    network = classifier().fit(X, Y, sample_weight=Y != "b")
    assert network.classes_.tolist() == ["a", "c"]
    with pytest.raises(InputError, match="y has one class, 'a', and two classes or more were"):
        classifier().fit(X, Y, sample_weight=Y == "a")


def test_equal_weights_are_no_weights():
    assert_same(classifier().fit(X, Y), classifier().fit(X, Y, sample_weight=np.full(60, 4)))


def test_the_weights_are_left_as_they_were():
    w = W.astype(float)
    classifier(class_weight="balanced").fit(X, Y, sample_weight=w)
    np.testing.assert_array_equal(w, W)


def test_class_weights_multiply_the_weights():
    factors = {"a": 2.0, "b": 0.5}
    w = W * np.array([factors.get(label, 1.0) for label in Y])
    one = classifier(class_weight=factors).fit(X, Y, sample_weight=W)
    assert_same(one, classifier().fit(X, Y, sample_weight=w), rtol=1e-9, atol=1e-12)
    one = classifier(class_weight=factors).partial_fit(X, Y, list("abc"), sample_weight=W)
    other = classifier().partial_fit(X, Y, list("abc"), sample_weight=w)
    assert_same(one, other, rtol=1e-9, atol=1e-12)


def test_validation_rows_are_weighted_too():
    words = {"batch_size": "all", "epochs": 2}
    rows = X[:20], Y[:20]
    one = classifier(**words).fit(X, Y, validation_data=(*rows, W[:20]))
    repeated = tuple(array.repeat(W[:20], axis=0) for array in rows)
    other = classifier(**words).fit(X, Y, validation_data=repeated)
    for word in ("val_loss", "val_accuracy"):
        np.testing.assert_allclose(one.history_[word], other.history_[word], rtol=1e-5)
    plain = classifier(**words).fit(X, Y, validation_data=rows)
    assert plain.history_["val_loss"] != one.history_["val_loss"]
    assert_same(one, plain)  # they teach nothing


def test_class_weights_count_in_validation():
    words = {"class_weight": {"a": 0.0}, "epochs": 1}
    one = classifier(**words).fit(X, Y, validation_data=(X, Y))
    other = classifier(**words).fit(X, Y, validation_data=(X[Y != "a"], Y[Y != "a"]))
    np.testing.assert_allclose(one.history_["val_loss"], other.history_["val_loss"], rtol=1e-5)


def test_early_stopping_keeps_the_best_weights():
    words = {"optimizer": "adam", "learning_rate": 0.3, "epochs": 60}
    network = classifier(**words, early_stopping=3).fit(X, Y, validation_data=(X[:9], Y[:9]))
    losses = network.history_["val_loss"]
    assert network.n_iter_ == len(losses) == int(np.argmin(losses)) + 1 + 3 < 60
    p = network.predict_proba(X[:9])[np.arange(9), np.searchsorted(network.classes_, Y[:9])]
    np.testing.assert_allclose(-np.log(p).mean(), min(losses), rtol=1e-4)


def test_early_stopping_holds_rows_out():
    plain = classifier(epochs=1).fit(X, Y)
    held = classifier(epochs=1, early_stopping=3).fit(X, Y)
    assert "val_loss" not in plain.history_
    assert "val_loss" in held.history_
    assert int(plain.model_.optimizer.iterations.numpy()) == 2
    assert not np.array_equal(weights(plain)[0], weights(held)[0])
    given = classifier(epochs=1, early_stopping=3).fit(X, Y, validation_data=(X, Y))
    assert_same(given, plain)  # all rows train


def test_the_same_state_gives_the_same_bits():
    words = {"dropout": 0.3, "batch_size": 7, "early_stopping": 2}
    one, again = (classifier(**words, random_state=3).fit(X, Y) for _ in range(2))
    assert_same(one, again)
    assert_same(one, classifier(**words, random_state=np.random.RandomState(3)).fit(X, Y))
    other = classifier(**words, random_state=4).fit(X, Y)
    assert not np.array_equal(weights(one)[0], weights(other)[0])


def test_without_a_state_numpys_generator_decides():
    one, other = (classifier(random_state=None).fit(X, Y) for _ in range(2))
    assert not np.array_equal(weights(one)[0], weights(other)[0])
    np.random.seed(0)
    one = classifier(random_state=None).fit(X, Y)
    np.random.seed(0)
    assert_same(one, classifier(random_state=None).fit(X, Y))


def test_the_generators_of_others_stand_still():
    def states():
        of_keras = global_seed_generator().state
        return random.getstate(), np.random.get_state()[2], of_keras.numpy().tolist()

    before = states()
    network = classifier(dropout=0.5, early_stopping=2).fit(X, Y).partial_fit(X, Y)
    network.predict(X)
    assert states() == before
    assert keras.config.floatx() == "float32"


def test_the_first_weights_do_not_depend_on_the_rows():
    one = classifier(learning_rate=1e-300, epochs=1).fit(X, Y)
    other = classifier(learning_rate=1e-300, epochs=1).fit(X[:30], Y[:30])
    assert_same(one, other, atol=1e-290)


@pytest.mark.parametrize(
    ("given", "word", "expected"),
    [
        ("float32", None, "float32"),
        ("float64", None, "float64"),
        ("int64", None, "float64"),
        ("float64", "float32", "float32"),
        ("float32", "float64", "float64"),
    ],
)
def test_precision(given, word, expected):
    network = classifier(dtype=word).fit(X.astype(given), Y)
    p = network.predict_proba(X)
    assert network.model_.output.dtype == p.dtype == expected
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-6)
    first = classifier(dtype=word).partial_fit(X.astype(given), Y, classes=list("abc"))
    assert first.model_.output.dtype == expected


@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
def test_pieces_go_on_where_training_stood(optimizer):
    """A pass over all rows in one batch is an epoch of `fit`."""
    words = {"batch_size": "all", "optimizer": optimizer, "learning_rate": 0.01}
    epochs = classifier(**words, epochs=5).fit(X, Y)
    begun = classifier(**words, epochs=2).fit(X, Y)
    alone = classifier(**words)
    for _ in range(3):
        begun.partial_fit(X, Y)
    for _ in range(5):
        alone.partial_fit(X, Y, classes=["c", "a", "b"])
    assert begun.n_iter_ == alone.n_iter_ == 5
    for passes in (begun, alone):
        assert_same(passes, epochs, rtol=1e-9, atol=1e-12)
        assert int(passes.model_.optimizer.iterations.numpy()) == 5
    np.testing.assert_allclose(alone.loss_, epochs.loss_, rtol=1e-6)


def test_large_features_are_named():
    message = r"X\[0, 0\] is .*: scale the features, as with sklearn.preprocessing.StandardScaler"
    for x in (X * 1e40, X * -1e40):
        with pytest.raises(InputError, match=f"^{message}"):
            classifier().fit(x, Y)
        with pytest.raises(InputError, match=f"^{message}"):
            classifier().partial_fit(x, Y, classes=list("abc"))
    with pytest.raises(InputError, match=f"^validation_data: {message}"):
        classifier().fit(X, Y, validation_data=(X * 1e40, Y))


def everything_of(network):
    """Its attributes, and what is in those that training changes in their place."""
    kept = dict(vars(network))
    if "model_" in kept:
        kept["numbers"] = [v.numpy().tolist() for v in network.model_.variables]
        kept["memory"] = [v.numpy().tolist() for v in network.model_.optimizer.variables]
        kept["draws"] = kept.pop("_order").bit_generator.state
    return kept


FAILURES = {
    "held out": lambda n: n.fit(X[:4, :2], ["a", "b", "a", "b"]),
    "validation": lambda n: n.fit(X[:, :2], Y == "a", validation_data=(X, Y)),
    "divergence": lambda n: n.set_params(early_stopping=None).fit(X[:, :2] * 1e38, Y == "a"),
    "a label": lambda n: n.partial_fit(X, Y + "x", classes=list("abc")),
    "classes": lambda n: n.partial_fit(X, Y, classes=["a"]),
    "a pass": lambda n: n.partial_fit(X * 1e38, Y, classes=list("abc")),
}


@pytest.mark.parametrize("fail", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("trained", [True, False])
def test_a_call_that_fails_changes_nothing(fail, trained):
    network = classifier(early_stopping=2, optimizer="momentum", batch_size=7)
    if trained:
        network.fit(X, Y).partial_fit(X, Y)
    before = everything_of(network)
    with pytest.raises((ValueError, DivergenceError)):
        fail(network)
    network.set_params(early_stopping=2)
    assert everything_of(network) == before
    if trained:
        network.predict(X)
    network.partial_fit(X, Y, classes=list("abc"))


def test_a_training_that_diverges_tells_what_became_of_the_estimator():
    cure = "^step 2 of the (epoch|pass) .*; the estimator is as it was before: lower the .*res$"
    with pytest.raises(DivergenceError, match=cure):
        classifier().fit(X * 1e30, Y)
    with pytest.raises(DivergenceError, match=cure):
        classifier().partial_fit(X * 1e30, Y, classes=list("abc"))


def unpickled(network):
    return pickle.loads(pickle.dumps(network))


@pytest.mark.parametrize("between", [lambda n: n, unpickled], ids=["itself", "a pickle"])
def test_what_the_network_is_made_of_cannot_change(between):
    network = between(classifier(optimizer=keras.optimizers.SGD(0.1)).fit(X, Y))
    network.set_params(learning_rate=0.01)
    with pytest.raises(InputError, match="learning_rate is 0.01, and training began with 0.05: "):
        network.partial_fit(X, Y)
    network.set_params(learning_rate=0.05, hidden=[6], optimizer=keras.optimizers.SGD(0.1))
    assert network.partial_fit(X, Y).n_iter_ == 4  # nothing has changed
    assert network.set_params(learning_rate=0.01).fit(X, Y).partial_fit(X, Y).n_iter_ == 4


@pytest.mark.parametrize("words", [{"clip_global_norm": 1e-3}, {"clip_value": None}])
def test_clipping_can_change_and_in_a_pickle_alike(words):
    network = classifier(clip_value=1e-4).partial_fit(X, Y, classes=list("abc"))
    fresh, as_it_was = unpickled(network), unpickled(network)
    words = {"clip_value": None, **words}
    for either in (network, fresh):
        either.set_params(**words).partial_fit(X, Y)
    as_it_was.partial_fit(X, Y)
    assert_same(network, fresh)
    assert not np.array_equal(weights(network)[0], weights(as_it_was)[0])


def test_whether_xla_compiles_can_change():
    network = classifier().partial_fit(X, Y, classes=list("abc"))
    plain = network._passes
    assert network.partial_fit(X, Y)._passes is plain
    network.set_params(jit_compile=True).partial_fit(X, Y)
    assert network._passes is not plain


def test_a_learning_rate_can_be_set_in_the_model():
    network = classifier().partial_fit(X, Y, classes=list("abc"))
    network.model_.optimizer.learning_rate = 0.0
    before = weights(network)
    for either in (network, unpickled(network)):
        for got, expected in zip(weights(either.partial_fit(X, Y)), before, strict=True):
            np.testing.assert_array_equal(got, expected)


def test_pieces_of_a_known_size_compile_nothing():
    network = regressor(batch_size=10)
    for start in range(0, 60, 20):
        network.partial_fit(X[start : start + 20], T[start : start + 20])
    assert network._passes._run.experimental_get_tracing_count() == 1
    assert int(network.model_.optimizer.iterations.numpy()) == 6


def test_fit_begins_anew():
    network = classifier().fit(X[:, :2], Y != "a").partial_fit(X[:, :2], Y == "a")
    assert_same(network.fit(X, Y), classifier().fit(X, Y))
    assert network.n_iter_ == 3


@pytest.mark.parametrize("make", [classifier, regressor])
def test_a_pickle_answers_and_goes_on_to_the_same_bits(make):
    y = Y if make is classifier else T
    network = make(dropout=0.3, batch_norm=True, optimizer="adam", batch_size=25).fit(X, y)
    network.partial_fit(X, y)
    again = pickle.loads(pickle.dumps(network))
    np.testing.assert_array_equal(again.predict(X), network.predict(X))
    for either in (network, again):
        either.partial_fit(X, y)
    assert_same(again, network)
    assert again.loss_ == network.loss_
    assert again.history_ == network.history_


def test_a_pickle_before_any_training():
    again = pickle.loads(pickle.dumps(classifier(optimizer=keras.optimizers.SGD(0.1))))
    assert type(again.fit(X, Y).model_.optimizer) is keras.optimizers.SGD


@pytest.mark.parametrize(("epochs", "expected"), [(1, False), (100_000, True)])
def test_long_trainings_are_compiled_and_short_ones_are_not(monkeypatch, epochs, expected):
    asked = []

    def fit(*_, jit_compile, **words):
        asked.append(jit_compile)
        raise DivergenceError("enough")

    monkeypatch.setattr(room, "fit", fit)
    for jit_compile in ("auto", True, False):
        with pytest.raises(DivergenceError, match="enough"):
            classifier(epochs=epochs, jit_compile=jit_compile).fit(X, Y)
    assert asked == [expected, True, False]


def test_under_xla_as_without():
    words = {"batch_size": "all", "epochs": 4}
    one = classifier(**words, jit_compile=True).fit(X, Y).partial_fit(X, Y)
    other = classifier(**words).fit(X, Y).partial_fit(X, Y)
    assert_same(one, other, rtol=1e-9, atol=1e-12)


def test_words_reach_the_training():
    plain = classifier(optimizer="gradient_descent", epochs=1, batch_size="all").fit(X, Y)
    clipped = classifier(
        optimizer="gradient_descent", epochs=1, batch_size="all", clip_global_norm=1e-12
    ).fit(X, Y)
    start = classifier(learning_rate=1e-300, epochs=1).fit(X, Y)
    assert_same(clipped, start, atol=1e-12)
    assert not np.allclose(weights(plain)[0], weights(start)[0], atol=1e-6)


def test_numbers_that_grow_without_end():
    with pytest.raises(DivergenceError, match="lower the learning rate, clip the gradients, or sc"):
        regressor(optimizer="gradient_descent", learning_rate=1e30, epochs=40).fit(X, T)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (3, r"validation_data is \(X, y\) or \(X, y, sample_weight\), and got int"),
        ((X,), r"validation_data is \(X, y\) or \(X, y, sample_weight\), and got tuple"),
        ((X[:, :2], Y), "X has 2 features, but DNNClassifier is expecting 4"),
        ((X, Y[::-1] + "x"), r"y\[0\] is '.x', and one of the classes \['a', 'b', 'c'\] was"),
        ((X, Y, np.zeros(60)), "validation_data: the weight of every row is zero"),
    ],
)
def test_validation_data_that_cannot_be(given, message):
    with pytest.raises(ValueError, match=message):
        classifier().fit(X, Y, validation_data=given)


def test_words_are_looked_at_in_fit_and_not_before():
    network = classifier(epochs=0)
    with pytest.raises(InputError, match="epochs is a whole number"):
        network.fit(X, Y)
    with pytest.raises(InputError, match="epochs is a whole number"):
        network.partial_fit(X, Y, classes=list("abc"))
