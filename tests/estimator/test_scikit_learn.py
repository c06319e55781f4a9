"""scikit-learn's own checks, and its tools around the estimators."""

import numpy as np
import pytest
from joblib import Parallel, delayed
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import (
    check_sample_weight_equivalence_on_dense_data,
    estimator_checks_generator,
)

import dnn_tf
from dnn_tf import optimizers
from dnn_tf.estimator import DNNClassifier, DNNRegressor

SMALL = {"hidden": (8,), "learning_rate": 0.05, "epochs": 10, "jit_compile": False}


def checks():
    """A list, which pytest asks for; scikit-learn before 1.8 gives it a generator."""
    for estimator in (DNNClassifier(**SMALL), DNNRegressor(**SMALL, batch_size="all")):
        for estimator_of_its_own, check in estimator_checks_generator(estimator):
            name = getattr(check, "func", check).__name__
            yield pytest.param(estimator_of_its_own, check, id=f"{type(estimator).__name__}-{name}")


@pytest.mark.parametrize(("estimator", "check"), list(checks()))
def test_scikit_learns_checks(estimator, check):
    """None of them is expected to fail."""
    check(estimator)


@pytest.mark.parametrize("kind", [DNNClassifier, DNNRegressor])
@pytest.mark.parametrize("batch_size", [50, "all"])
def test_scikit_learns_check_of_weights(kind, batch_size):
    """That of its own networks that train by batches: 15 rows, and 30 of them, are one batch."""
    estimator = kind(**SMALL, batch_size=batch_size)
    check_sample_weight_equivalence_on_dense_data(kind.__name__, estimator)


@pytest.fixture(scope="module")
def digits():
    X, y = load_digits(return_X_y=True)
    return X.astype("float32"), y


def test_cross_validation_of_a_pipeline_tells_digits_apart(digits):
    network = DNNClassifier((50,), learning_rate=0.01, epochs=5, random_state=0)
    scores = cross_val_score(make_pipeline(StandardScaler(), network), *digits, cv=3)
    assert scores.min() > 0.9


def test_a_search_in_two_processes_finds_what_one_finds(digits):
    network = DNNClassifier((10,), epochs=2, optimizer=optimizers.Momentum(), random_state=0)
    grid = {"network__learning_rate": [1e-6, 0.01]}
    pipeline = make_pipeline(StandardScaler(), network)
    pipeline.steps[-1] = ("network", network)
    rows = tuple(array[:300] for array in digits)
    found = [GridSearchCV(pipeline, grid, cv=2, n_jobs=n).fit(*rows) for n in (1, 2)]
    assert [search.best_params_["network__learning_rate"] for search in found] == [0.01, 0.01]
    one, two = (search.cv_results_["split0_test_score"] for search in found)
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(*(search.predict_proba(rows[0]) for search in found))


def test_other_processes_answer_and_go_on_to_the_same_bits(digits):
    """They have trained nothing of it themselves; it comes to them in a pickle."""
    rows = tuple(array[:100] for array in digits)
    network = DNNClassifier((5,), epochs=1, dropout=0.3, random_state=0).fit(*rows)
    expected = network.predict_proba(rows[0])
    ask, go_on = delayed(network.predict_proba)(rows[0]), delayed(network.partial_fit)(*rows)
    answered, gone_on = Parallel(n_jobs=2)([ask, go_on])
    np.testing.assert_array_equal(answered, expected)
    network.partial_fit(*rows)
    np.testing.assert_array_equal(gone_on.predict_proba(rows[0]), network.predict_proba(rows[0]))


def test_a_clone_trains_to_the_same_bits_and_shares_nothing(digits):
    network = DNNClassifier((5,), optimizer=optimizers.Adam(0.01), epochs=1, random_state=0)
    rows = tuple(array[:100] for array in digits)
    network.fit(*rows)
    again = clone(network).fit(*rows)
    np.testing.assert_array_equal(network.predict_proba(rows[0]), again.predict_proba(rows[0]))
    assert again.model_.optimizer is not network.model_.optimizer
    assert not network.optimizer.built


def test_targets_can_be_scaled_around_a_regressor():
    X = np.linspace(-1, 1, 100).reshape(-1, 1)
    y = 1000 * X[:, 0] ** 2
    network = DNNRegressor((20,), learning_rate=0.02, epochs=40, random_state=0)
    scaled = TransformedTargetRegressor(network, transformer=StandardScaler())
    assert scaled.fit(X, y).score(X, y) > 0.95


def test_tags():
    tags = DNNClassifier().__sklearn_tags__()
    assert tags.classifier_tags.multi_class
    assert not tags.classifier_tags.multi_label
    assert not tags.input_tags.sparse
    assert not tags.non_deterministic
    assert DNNRegressor().__sklearn_tags__().target_tags.multi_output


def test_the_model_can_be_saved_as_any_other(digits, tmp_path):
    network = DNNClassifier((5,), epochs=1, random_state=0).fit(*digits)
    again = dnn_tf.load(dnn_tf.save(network.model_, tmp_path / "digits"))
    np.testing.assert_array_equal(again(digits[0]), network.model_(digits[0]))
    assert int(again.optimizer.iterations.numpy()) == 36
    accuracy = again.evaluate(*digits, verbose=0, return_dict=True)["accuracy"]
    assert accuracy == pytest.approx(network.score(*digits))
