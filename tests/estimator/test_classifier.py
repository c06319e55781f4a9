import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.datasets import load_iris
from sklearn.exceptions import NotFittedError

from dnn_tf.estimator import DNNClassifier
from dnn_tf.types import InputError

X, Y = load_iris(return_X_y=True)
X = (X - X.mean(axis=0)) / X.std(axis=0)


def classifier(**words):
    usual = {"hidden": (8,), "learning_rate": 0.05, "epochs": 8, "random_state": 0}
    return DNNClassifier(**{**usual, "jit_compile": False, **words})


@pytest.mark.parametrize(
    "names",
    [
        np.array(["setosa", "versicolor", "virginica"]),
        np.array(["setosa", "versicolor", "virginica"], object),
        np.array([-5, 3, 1000]),
        np.array([0.0, 1.0, 2.0]),
        np.array([False, True, True]),
    ],
    ids=lambda names: f"{names.dtype.name}-{names[0]}",
)
def test_labels_of_any_kind(names):
    y = names[Y]
    network = classifier().fit(X, y)
    assert network.classes_.tolist() == sorted(set(names.tolist()))
    assert network.predict(X).dtype == y.dtype
    assert network.score(X, y) > 0.9
    pieces = classifier().partial_fit(X, y, classes=names).partial_fit(X, y)
    assert pieces.classes_.tolist() == network.classes_.tolist()


def test_probabilities_go_with_the_answers():
    network = classifier().fit(X, Y)
    p = network.predict_proba(X)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_array_equal(network.classes_[p.argmax(axis=1)], network.predict(X))
    np.testing.assert_allclose(np.exp(network.predict_log_proba(X)), p, rtol=1e-9)
    z = network.model_.predict(X, verbose=0)
    np.testing.assert_allclose(np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), p, rtol=1e-5)


def test_two_classes():
    network = classifier().fit(X, Y == 0)
    assert network.model_.output_shape == (None, 2)
    assert network.predict_proba(X).shape == (150, 2)
    assert network.score(X, Y == 0) == 1


def test_a_heavy_class_wins():
    def answers(**words):
        return (classifier(**words).fit(X, Y).predict(X) == 1).sum()

    assert answers(class_weight={1: 1e3, 2: 1e-3}) > answers() + 20


def test_balanced_classes_are_those_of_repeated_rows():
    few = np.r_[0:50, 50:60, 100:120]
    words = {"batch_size": "all", "optimizer": "gradient_descent"}
    balanced = classifier(**words, class_weight="balanced").fit(X[few], Y[few])
    times = np.array([2, 10, 5])[Y[few]]
    repeated = classifier(**words).fit(X[few].repeat(times, axis=0), Y[few].repeat(times))
    np.testing.assert_allclose(
        balanced.predict_proba(X), repeated.predict_proba(X), rtol=1e-9, atol=1e-12
    )


def test_names_of_features():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(X, columns=["a", "b", "c", "d"])
    network = classifier(epochs=1).fit(frame, pd.Series(Y))
    assert network.feature_names_in_.tolist() == ["a", "b", "c", "d"]
    with pytest.raises(ValueError, match="same order as they were in fit"):
        network.predict(frame[["b", "a", "c", "d"]])


def test_what_is_kept_of_a_training():
    network = classifier(epochs=3).fit(X, Y)
    assert network.n_features_in_ == 4
    assert network.n_iter_ == len(network.history_["loss"]) == 3
    assert network.loss_ == network.history_["loss"][-1]
    assert sorted(network.history_) == ["accuracy", "learning_rate", "loss", "seconds"]


def mixed():
    return np.array(["a", None], object)[Y % 2]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda n: n.fit(X[:50], Y[:50]), "y has one class, 0, and two classes or more were"),
        (lambda n: n.fit(X, X[:, 0]), "Unknown label type: continuous"),
        (lambda n: n.fit(X, mixed()), r"y holds Python objects \(NoneType, str\), and an array"),
        (lambda n: n.fit(X, mixed()[::-1]), r"y holds Python objects \(NoneType, str\), and an"),
        (lambda n: n.fit(X, Y.astype("S")), "y holds bytes, and text or numbers were expected"),
        (lambda n: n.partial_fit(X, Y, classes=mixed()), r"classes holds Python objects \(Non"),
        (lambda n: n.partial_fit(X, Y), "classes was not given to the first partial_fit"),
        (
            lambda n: n.fit(X, Y).partial_fit(X, Y, classes=[0, 1]),
            r"classes is \[0, 1\], and training began with \[0, 1, 2\]: give the same, or nothi",
        ),
        (lambda n: n.fit(X, Y).partial_fit(X, Y + 1), r"y\[100\] is 3, and one of the classes"),
        (
            lambda n: n.fit(X, Y.astype(str)).partial_fit(X, Y),
            r"y\[0\] is 0, and one of the classes \['0', '1', '2'\] was expected: drop such rows",
        ),
        (
            lambda n: n.set_params(class_weight="balanced").partial_fit(X, Y, classes=[0, 1, 2]),
            "class_weight is 'balanced', and partial_fit does not know the rows to come",
        ),
        (
            lambda n: n.set_params(class_weight={3: 1.0}).fit(X, Y),
            "class_weight names the class 3, and y has 0, 1, 2",
        ),
        (
            lambda n: n.set_params(class_weight=dict.fromkeys(range(3), 0.0)).fit(X, Y),
            "class_weight: the weight of every row is zero",
        ),
    ],
)
def test_what_cannot_be_is_told(call, message):
    with pytest.raises(ValueError, match=message):
        call(classifier(epochs=1))


def test_sparse_features_are_refused():
    with pytest.raises(TypeError, match="Sparse data was passed for X, but dense data is required"):
        classifier().fit(csr_array(X), Y)


def test_before_training_there_is_no_answer():
    network = classifier()
    with pytest.raises(NotFittedError):
        network.predict(X)
    with pytest.raises(InputError):
        network.partial_fit(X, Y + 1, classes=[0, 1, 2])
    with pytest.raises(NotFittedError):  # the classes are known, and nothing else
        network.predict(X)
