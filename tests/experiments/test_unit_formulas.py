"""Units, starts, normalisation, pooling: as printed and as they are right."""

import math

import numpy as np
import pytest
from scipy import stats

from dnn_tf.experiments import unit_formulas as page


def test_what_a_cut_at_two_standard_deviations_leaves():
    assert pytest.approx(stats.truncnorm.std(-2, 2)) == page.CUT


def test_every_number_is_that_of_the_peer_and_no_printed_one_is():
    for one in page.unit_formulas():
        assert one.row.ok, one.what
        assert not one.claim.holds, one.what


def test_numbers_by_hand():
    found = {one.what.split()[0]: one for one in page.unit_formulas()}
    assert found["E14"].printed == pytest.approx(1.0507009873554805 * (math.exp(-1) - 1))
    assert found["E14"].right == pytest.approx(-1.7580993408473766 * (1 - math.exp(-1)))
    assert (found["E16"].printed, found["E16"].right) == (7, 15)
    assert found["E45"].right == pytest.approx(1.5)


def test_slope():
    assert page.slope_at(lambda z: z * z, 3.0) == pytest.approx(6)


def test_the_best_line_through_an_absolute_value_is_flat():
    x = np.linspace(-1, 1, 201)
    assert page.best_line(x[:, None]) == pytest.approx(np.var(np.abs(x)))


def test_the_start_as_it_was_meant():
    meant, printed = page.unit_formulas()[:2]
    assert meant.right == pytest.approx(0.8796 * 2 / math.sqrt(1084), rel=0.01)
    assert printed.right == meant.printed
