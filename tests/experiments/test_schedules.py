"""Rates that fall, and rates that do not."""

import pytest

from dnn_tf.experiments import schedules as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert [row.name for row in outcome.rows if row.ok is not True] == []
    assert len(list(outcome.claims)) == 2
    assert outcome.figure is not None


@pytest.mark.parametrize("name", ["piecewise", "exponential", "power"])
def test_all_fall_to_a_tenth(name):
    schedule = page.falling(0.5, 900)[name]
    assert float(schedule(0)) == pytest.approx(0.5)
    assert float(schedule(900)) == pytest.approx(0.05)
