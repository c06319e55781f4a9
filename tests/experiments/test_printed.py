"""A printed formula beside the right one."""

import pytest

from dnn_tf.experiments.printed import Printed


@pytest.mark.parametrize(("printed", "holds"), [(2.0, True), (2.000001, True), (2.1, False)])
def test_a_claim_holds_if_it_gives_the_number_of_the_peer(printed, holds):
    one = Printed("E0 one and one", "first document: 1 + 1.", printed, 2.0, 2.0, "an abacus")
    assert one.claim.holds is holds
    assert one.claim.text == "E0, first document: 1 + 1."


def test_what_is_right_is_held_against_the_peer():
    row = Printed("E0 one and one", "", 3.0, 2.5, 2.0, "an abacus", called="in a dream").row
    assert (row.measured, row.reference, row.ok) == (2.5, 2.0, False)
    assert row.note == "reference: an abacus; in a dream 3"
