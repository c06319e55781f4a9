"""Optimisers from equal starts."""

import pytest

from dnn_tf.experiments import optimizer_race as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    judged = [row for row in outcome.rows if row.reference is not None]
    assert [row.name for row in judged if row.ok is not True] == []
    valley, on_mnist, unequal_classes, adagrad, saddles = (c.holds for c in outcome.claims)
    assert (valley, unequal_classes, saddles) == (True, False, False)
    assert (on_mnist, adagrad) == (None, None)  # of one seed
    assert outcome.figure is not None


@pytest.mark.parametrize(
    ("scores", "holds"),
    [([0.98, 0.97, 0.975], True), ([0.9, 0.91, 0.905], False), ([0.99, 0.9, 0.95], None)],
)
def test_the_claims_are_judged_seed_by_seed(scores, holds):
    other = [0.95, 0.94, 0.945]
    race = page.Race(
        {page.DESCENT: other, page.MOMENTUM: scores, "AdaGrad": other, "RMSProp": scores},
        {"AdaGrad": 0.1, "RMSProp": 0.1},
    )
    off = {page.DESCENT: 50, page.MOMENTUM: 40}
    losses = [1 - score for score in scores]
    found = page.Surfaces({}, {}, 0.5, off, off, [0.06, 0.07, 0.065], losses)
    valley, on_mnist, unequal_classes, adagrad, saddles = (
        claim.holds for claim in page.claims(found, race)
    )
    assert (valley, saddles) == (False, True)
    assert (on_mnist, unequal_classes, adagrad) == (holds, holds, holds)


def test_equal_effective_rates_beside_the_saddle():
    _, rate, _ = page.RACERS[page.DESCENT]
    momentum, smaller, _ = page.RACERS[page.MOMENTUM]
    assert smaller / (1 - momentum.get_config()["momentum"]) == pytest.approx(rate)


def test_away_from_the_ridge_by_hand():
    distance = page.beside_saddle("gradient descent", 0.1)
    assert distance[:2] == pytest.approx([0.1, 0.1 + 0.5 * (0.1 - 0.1**3)])


def test_a_step_of_ftrl_keeps_next_to_nothing_of_a_network_unless_it_is_told_to():
    setting = Setting(quick=True)
    assert page.share_left(False, setting) < 0.1 < 0.9 < page.share_left(True, setting)
