"""Clipping on a network that explodes."""

import numpy as np
import pytest

from dnn_tf import gradients
from dnn_tf.experiments import clipping as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert [row.name for row in outcome.rows if row.ok is False] == []
    assert sum(row.ok is True for row in outcome.rows) == 9
    assert [claim.holds for claim in outcome.claims] == [None, None, False]  # of one seed
    assert outcome.figure is not None


@pytest.mark.parametrize(
    ("clipped", "holds"),
    [([0.9, 0.91, 0.92], True), ([0.3, 0.31, 0.32], False), ([0.9, 0.1, 0.5], None)],
)
def test_the_claims_are_judged_seed_by_seed(clipped, holds):
    scores = {page.UNCLIPPED: [0.5, 0.51, 0.52], page.SUITED: [0.5, 0.51, 0.52]}
    scores |= dict.fromkeys(page.CLIPS, clipped)
    found = page.claims(scores, {"by value": 0.9}, 0.001)
    assert [claim.holds for claim in found] == [holds, holds, True]


def test_the_start_is_so_many_times_as_wide_as_he():
    weights = np.asarray(page.WideNormal(seed=1)((400, 300)))
    assert weights.std() == pytest.approx(page.TOO_WIDE * np.sqrt(2 / 400), rel=0.01)


def test_the_first_step():
    setting = Setting(quick=True)
    whole, not_turned = page.first_step(None, setting)
    shortened, still_not = page.first_step(gradients.clip_by_global_norm(0.5), setting)
    assert whole > 100
    assert shortened == pytest.approx(0.5)
    assert max(not_turned, still_not) < 0.01
