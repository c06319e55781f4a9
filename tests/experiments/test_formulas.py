"""All printed formulas on one page."""

from dnn_tf.experiments import formulas as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    names = [row.name for row in outcome.rows]
    assert all(row.ok for row in outcome.rows)
    assert len(names) == len(set(names))
    assert not any(claim.holds for claim in outcome.claims)
    assert len(outcome.figure.axes) == 3
