"""The report as text, numbers and a picture."""

import json

import pytest

from dnn_tf.diagnostics import LayerHealth, Report
from dnn_tf.diagnostics.rules import judged

WELL = {"delta_norm": 1.0, "delta_share": 1.0, "n_weights": 9}


def report(*layers):
    return Report("net", 100, 2.5, "Adam at 0.01", judged(layers), ("net/scale",))


@pytest.fixture
def ill():
    return report(
        LayerHealth("hidden1", "Dense", "relu", dead=0.0, std=0.5, update_ratio=2e-5, **WELL),
        LayerHealth("hidden2", "Dense", "relu", dead=0.93, signal=1e-5, **WELL),
        LayerHealth("hidden3", "Dense", "relu", dead=1.0, signal=0.0, **WELL),
        LayerHealth("outputs", "Dense", is_output=True, trainable=False, **WELL),
    )


def test_one_sentence_that_names_the_first_cause(ill):
    assert not ill.healthy
    assert ill.root.name == "hidden2"
    assert ill.verdict == (
        "dead units at hidden2: 93% of its units are 0 on every row; 1 more with it, hidden3. "
        "Start its bias at 0 and its weights with he_normal, take ELU or leaky ReLU, or lower the "
        "learning rate."
    )


def test_a_table_and_words(ill):
    lines = str(ill).splitlines()
    assert lines[0] == "net: loss 2.5 on 100 rows; steps of Adam at 0.01"
    assert lines[2].split()[:4] == ["layer", "kind", "activation", "outputs"]
    assert lines[3].split() == [
        "hidden1", "Dense", "relu", "0", "+-", "0.5", "0%", "1", "2.0e-05"
    ]  # fmt: skip
    assert lines[4].endswith("dead units")
    assert "Dense, frozen" in lines[6]
    assert lines[-2] == ill.verdict
    assert lines[-1] == "not seen at work, so not judged: net/scale"


def test_nothing_wrong():
    well = report(LayerHealth("a", "Dense", **WELL))
    assert well.healthy
    assert well.root is None
    assert well.verdict == "healthy: nothing wrong in 1 layer"


def test_numbers_for_a_program(ill):
    told = json.loads(json.dumps(ill.summary(), allow_nan=False))
    assert (told["root"], told["healthy"], told["rows"]) == ("hidden2", False, 100)
    assert told["layers"][1]["problem"] == "dead units"


def test_a_figure(ill):
    drawing = ill.figure()
    texts = [text.get_text() for axes in drawing.axes for text in axes.texts]
    assert "dead units (the cause)" in texts
    assert "dead units" in texts
    assert drawing.get_suptitle().startswith("net, 100 rows\ndead units at hidden2")
