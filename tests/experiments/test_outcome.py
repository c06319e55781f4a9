"""What the documents say, in a line."""

from dnn_tf.experiments.outcome import Claim


def test_a_claim_tells_whether_it_held():
    assert str(Claim("003: it is so.", True, "2 of 2.")) == "003: it is so. Holds: 2 of 2."
    assert str(Claim("003: it is so.", None, "Few.")) == "003: it is so. Not decided: Few."
    assert str(Claim("003: it is so.", False, "0 of 2.")).endswith("so. DOES NOT HOLD: 0 of 2.")
