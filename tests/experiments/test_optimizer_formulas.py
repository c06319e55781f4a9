"""Optimisers and schedules: as printed and as they are right."""

import pytest

from dnn_tf import optimizers
from dnn_tf.experiments import optimizer_formulas as page


def test_every_number_is_that_of_the_peer_and_the_others_are_not():
    for one in page.optimizer_formulas():
        assert one.row.ok, one.what
        assert not one.claim.holds, one.what


def test_the_snippet_does_not_run():
    claim = page.snippet()
    assert not claim.holds
    assert "IndentationError" in claim.found


def test_walks_by_hand():
    gradients, rates = [1.0, 2.0], [0.1, 0.01]
    by_hand = pytest.approx([0.9, 0.88])
    assert page.walk(optimizers.GradientDescent(), gradients, rates) == by_hand
    assert page.tf1_walk(page.v1.train.GradientDescentOptimizer, gradients, rates) == by_hand


def test_a_gradient_of_the_weight():
    halved = page.walk(optimizers.GradientDescent(), lambda w, _: 5 * w, [0.1, 0.1])
    assert halved == pytest.approx([0.5, 0.25])


def test_adam_in_place_agrees_for_one_step(monkeypatch):
    monkeypatch.setattr(page, "GRADIENTS", (0.5,))
    assert page.adam_in_place() == pytest.approx(1 - 0.01)
