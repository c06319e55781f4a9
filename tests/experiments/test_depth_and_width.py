"""Shapes of equally many weights, and of equally many neurons."""

import numpy as np
import pytest

from dnn_tf import models
from dnn_tf.experiments import depth_and_width as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert {row.ok for row in outcome.rows} == {True, None}
    assert [claim.holds for claim in outcome.claims] == [None] * 3  # of one seed
    assert len(outcome.figure.axes) == 2


@pytest.mark.parametrize("hidden", [(25,), (300, 100), page.LARGE[-1]])
def test_weights_are_counted_as_keras_does(hidden):
    assert page.weights(hidden) == models.dnn(hidden=hidden).count_params()


@pytest.mark.parametrize("group", [page.SMALL, page.LARGE])
def test_equally_many_weights_within_a_hundredth(group):
    counts = [page.weights(shape) for shape in group]
    assert max(counts) < 1.01 * min(counts)
    assert [len(shape) for shape in group] == [1, 2, 4, 4]
    assert list(group[-1]) == sorted(group[-1], reverse=True)


def test_no_more_neurons():
    assert all(sum(shape) <= sum(page.NEURONS[0]) for shape in page.NEURONS)


@pytest.mark.parametrize(
    ("gains", "verdicts"),
    [
        ((0.02, 0.02, 0.02), [True, True, False]),
        ((-0.02, -0.02, -0.02), [False, False, True]),
        ((0.02, -0.02, 0.0), [None, None, None]),
    ],
)
def test_claims(gains, verdicts):
    """Deeper networks of one width gain so much, seed by seed; the funnel does not."""
    one, gain = np.full((3, 3), 0.9), np.array([gains] * 3).T
    found = dict.fromkeys(page.SMALL, one + gain) | {
        page.SMALL[0]: one,
        page.SMALL[-1]: one,
    }
    assert [claim.holds for claim in page.equal_weights(page.SMALL, found)] == verdicts


@pytest.mark.parametrize(
    ("gains", "holds"),
    [((0.01, 0.02, 0.015), True), ((-0.01, -0.02, -0.015), False), ((0.02, -0.02, 0.0), None)],
)
def test_fewer_neurons(gains, holds):
    one, gain = np.full((3, 3), 0.9), np.array([gains] * 3).T
    found = dict.fromkeys(page.NEURONS, one + gain) | {page.NEURONS[0]: one}
    assert page.fewer_neurons(page.NEURONS, found).holds is holds
