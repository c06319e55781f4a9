"""Rates that fall, and rates that do not."""

import pytest

from dnn_tf.experiments import schedules as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert [row.name for row in outcome.rows if row.ok is not True] == []
    assert [claim.holds for claim in outcome.claims] == [None, None]  # of one seed
    assert outcome.figure is not None


@pytest.mark.parametrize("name", ["piecewise", "exponential", "power"])
def test_all_fall_to_a_tenth(name):
    schedule = page.falling(0.5, 900)[name]
    assert float(schedule(0)) == pytest.approx(0.5)
    assert float(schedule(900)) == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("fallen", "holds"),
    [([0.98, 0.97, 0.975], True), ([0.92, 0.91, 0.915], False), ([0.98, 0.9, 0.95], None)],
)
def test_the_claims_are_judged_seed_by_seed(fallen, holds):
    constant = [0.95, 0.94, 0.945]
    scores = {
        page.LARGE: [0.3, 0.9, 0.6],  # the widest spread of any is not that of a difference
        page.SMALL: constant,
        "momentum, exponential": fallen,
        "Adam, 0.01": fallen,
        "Adam, 0.01 falling": constant,
    }
    assert [claim.holds for claim in page.claims(scores)] == [holds, holds]
