"""Shapes of equally many weights."""

import numpy as np
import pytest

from dnn_tf import models
from dnn_tf.experiments import depth_and_width as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert {row.ok for row in outcome.rows} == {True, None}
    assert len(list(outcome.claims)) == 3  # which shape wins is not for two seeds to say
    assert len(outcome.figure.axes) == 2


@pytest.mark.parametrize("hidden", [(25,), (300, 100), page.tapered(20_000, 4)])
def test_weights_are_counted_as_keras_does(hidden):
    assert page.weights(hidden) == models.dnn(hidden=hidden).count_params()


@pytest.mark.parametrize("depth", [1, 4, 8])
def test_the_widest_within_the_budget(depth):
    (width, *_) = hidden = page.equal(50_000, depth)
    assert len(hidden) == depth
    assert page.weights(hidden) <= 50_000 < page.weights((width + 1,) * depth)


def test_funnels_narrow():
    hidden = page.tapered(50_000, 4)
    assert hidden[-1] == page.NARROWEST
    assert list(hidden) == sorted(hidden, reverse=True)
    assert 0.97 * 50_000 < page.weights(hidden) <= 50_000


def test_claims_need_more_than_chance():
    one, same = np.array([[0.90] * 3, [0.91] * 3]), np.array([[0.90] * 3, [0.90] * 3])
    assert page.better(one + 0.02, one, 0)
    assert not page.better(one + 0.009, one, 0)  # two standard errors are 0.01 sqrt(2)
    found = {page.equal(20_000, 1): same, page.equal(20_000, 4): same + 0.01}
    found[page.tapered(20_000, 4)] = same
    claims = page.judged(20_000, found, (1, 4))
    assert [claim.holds for claim in claims] == [True, True, False]
    assert "1: 0.9000, 4: 0.9100; beyond chance for 1 of 1" in claims[0].found
