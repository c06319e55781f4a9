"""What is known of a layer."""

import json

from dnn_tf.diagnostics import LayerHealth


def test_numbers_that_json_has_not_become_words():
    one = LayerHealth("h", "Dense", shape=(3,), std=float("inf"), mean=float("nan"), signal=2.0)
    read = json.loads(json.dumps(one.summary(), allow_nan=False))
    assert (read["std"], read["mean"], read["signal"], read["shape"]) == ("inf", "nan", 2.0, [3])
