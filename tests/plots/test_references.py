"""Measured numbers beside their references."""

from dnn_tf.plots import references


def test_a_dot_a_bar_and_a_band():
    drawing = references(
        ["a", "b", "c"], [0.9, None, 0.5], [0.95, 0.8, None], [0.01, 0.0, 0.0], title="t"
    )
    (axes,) = drawing.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b", "c"]
    drawn = [
        (line.get_marker(), list(map(float, line.get_xdata())), list(line.get_ydata()))
        for line in axes.lines
    ]
    assert drawn == [
        ("None", [0.94, 0.96], [0, 0]),
        ("|", [0.95], [0]),
        ("o", [0.9], [0]),
        ("|", [0.8], [1]),
        ("o", [0.5], [2]),
    ]
    below, above = axes.get_ylim()
    assert below > above  # the first one stands above
    assert axes.get_xlabel().startswith("accuracy: dot = measured")


def test_logarithmic():
    (axes,) = references(["a"], [1e-3], [1.0], [0.0], unit="seconds", log=True).axes
    assert axes.get_xscale() == "log"


def test_a_dot_for_each_seed():
    (axes,) = references(["a", "b"], [[0.9, 0.8], [0.5]], [0.95, None], [0.0, 0.0]).axes
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    assert [list(line.get_xdata()) for line in dots] == [[0.9, 0.8], [0.5]]
    assert [list(line.get_ydata()) for line in dots] == [[0, 0], [1]]


def test_tells_of_what_is_drawn():
    (axes,) = references(["a"], [0.9], [None], [0.0]).axes
    assert axes.get_xlabel() == "accuracy: dot = measured"
