"""What is said in words."""

import numpy as np

from dnn_tf.experiments import worded_formulas as page


def test_what_is_said_in_words():
    assert page.leaky_step().ok
    assert [claim.holds for claim in page.worded_claims()] == [False, False]


def test_a_jump_is_seen(monkeypatch):
    monkeypatch.setattr(page.activations, "leaky_relu", np.sign)
    assert page.leaky_change(np.sign, 1e-6) == 2
    assert page.worded_claims()[0].holds
    assert not page.leaky_step().ok
