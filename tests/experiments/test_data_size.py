"""Accuracy against the number of images."""

import numpy as np

from dnn_tf.experiments import data_size as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert {row.ok for row in outcome.rows} == {True, None}
    assert next(claim.holds for claim in outcome.claims)
    assert outcome.figure is not None


def test_few_images_are_shown_often(sample):
    few = page.some(sample, 100, seed=1)
    assert len(few.train) == page.SHOWN
    assert len(np.unique(few.train.x, axis=0)) == 100
    assert few.test is sample.test


def test_fewer_images_are_some_of_more(sample):
    few, more = (page.some(sample, n, seed=1).train.x for n in (100, 300))
    np.testing.assert_array_equal(few[:100], more[:100])


def test_without_hidden_layers_it_is_logistic_regression():
    assert page.network(()).count_params() == 785 * 10
    assert page.network((30,)).count_params() == 785 * 30 + 31 * 10
