"""Losses and backpropagation: as printed and as they are right."""

import math

import numpy as np
import pytest

from dnn_tf.experiments import loss_formulas as page


def test_every_number_is_that_of_the_peer_and_no_printed_one_is():
    for one in page.loss_formulas():
        assert one.row.ok, one.what
        assert not one.claim.holds, one.what


def test_worked_values():
    assert all(row.ok for row in page.worked_values())
    assert page.cross_entropy([0.3, 0.7]) == pytest.approx(-math.log(0.3))
    assert page.squared([0.8, 0.2, 0.0]) == pytest.approx(0.2**2 + 0.2**2)


def test_five_sigmoids_by_hand():
    """Each `z` is 0, each slope a quarter: four of them lie between the first and the last."""
    found = {one.what.split()[0]: one for one in page.loss_formulas()}
    assert found["E26"].right == pytest.approx(0.25**4)
    assert found["E27"].printed == pytest.approx(1.5**4)


def test_on_tape():
    layer = page.dense([[2.0]], [1.0])
    a = 1 / (1 + math.exp(-7.0))
    (db,) = page.on_tape([layer], np.array([[3.0]]))
    assert float(db[0]) == pytest.approx(a * a * (1 - a))
