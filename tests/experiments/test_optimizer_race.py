"""Optimisers from equal starts."""

import pytest

from dnn_tf.experiments import optimizer_race as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    judged = [row for row in outcome.rows if row.reference is not None]
    assert [row.name for row in judged if row.ok is not True] == []
    faster, unequal_classes, _, saddles = (claim.holds for claim in outcome.claims)
    assert (faster, unequal_classes, saddles) == (True, False, True)
    assert outcome.figure is not None


def test_away_from_the_ridge_by_hand():
    distance = page.beside_saddle("gradient descent", 0.1)
    assert distance[:2] == pytest.approx([0.1, 0.1 + 0.05 * (0.1 - 0.1**3)])


def test_a_step_of_ftrl_keeps_next_to_nothing_of_a_network_unless_it_is_told_to():
    setting = Setting(quick=True)
    assert page.share_left(False, setting) < 0.1 < 0.9 < page.share_left(True, setting)
