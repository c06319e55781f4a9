"""Accuracy against the number of images."""

import numpy as np
import pytest

from dnn_tf import models
from dnn_tf.experiments import data_size as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert {row.ok for row in outcome.rows} == {True, None}
    assert [claim.holds for claim in outcome.claims] == [None] * 3  # of one seed
    assert outcome.figure is not None


def test_few_images_are_shown_often(sample):
    few = page.some(sample, 100, seed=1)
    assert len(few.train) == page.SHOWN
    assert len(np.unique(few.train.x, axis=0)) == 100
    assert few.test is sample.test


def test_fewer_images_are_some_of_more(sample):
    few, more = (page.some(sample, n, seed=1).train.x for n in (100, 300))
    np.testing.assert_array_equal(few[:100], more[:100])


def test_few_data_are_few_in_all(sample):
    assert len(page.some(sample, 100, seed=1).validation) == 100
    assert len(page.some(sample, 4_500, seed=1).validation) == len(sample.validation)


def test_logistic_regression_has_no_hidden_layers():
    assert models.dnn(hidden=page.NETWORKS["logistic regression"]).count_params() == 785 * 10


def test_slope_for_every_tenfold():
    score = np.array([[0.5, 0.6], [0.6, 0.8], [0.7, 1.0]])
    np.testing.assert_allclose(page.slope((10, 100, 1000), score), [0.1, 0.2])


@pytest.mark.parametrize(
    ("few", "many", "verdicts"),
    [
        ((-0.01, -0.011, -0.012), (0.05, 0.051, 0.052), [True, True, True]),
        ((0.05, 0.051, 0.052), (-0.01, -0.011, -0.012), [False, False, False]),
        ((0.05, -0.05, 0.0), (0.05, -0.05, 0.01), [None, None, None]),
    ],
)
def test_claims(few, many, verdicts):
    """A larger network is so much ahead of a smaller one, with few images and with many."""
    smaller = np.array([[0.7] * 3, [0.9] * 3])
    scores = {"smaller": smaller, "larger": smaller + np.array([few, many])}
    assert [claim.holds for claim in page.claims((100, 1000), scores)] == verdicts
