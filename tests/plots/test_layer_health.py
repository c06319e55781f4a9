"""The figure of the layers."""

import io
import itertools

import numpy as np
import pytest

from dnn_tf.plots import layer_health

NAN = float("nan")
LIMITS = {"signal": (1e-3, 100.0), "gradient": (1e-3, 1e3), "update": (0.0, 0.3)}
PANELS = ("signal", "silent", "gradient", "update")


def draw(layers=("hidden1", "hidden2", "outputs"), **changes):
    n = len(layers)
    usual = {
        "signal": [1.0] * n,
        "silent": [0.0, 0.9, NAN][:n] + [0.0] * (n - 3),
        "gradient": [0.0, 1e-5, 1.0][:n] + [1.0] * (n - 3),
        "update": [NAN] + [1e-3] * (n - 1),
        "problems": ["vanishing gradient", "dead units", ""][:n] + [""] * (n - 3),
        "shown_in": ["gradient", "silent", ""][:n] + [""] * (n - 3),
        "limits": LIMITS,
    }
    return layer_health(list(layers), **usual | changes)


def panels(drawing):
    return dict(zip(PANELS, drawing.axes, strict=True))


def texts(axes):
    return [text.get_text() for text in axes.texts]


def marked(axes, marker):
    (line,) = [line for line in axes.lines if line.get_marker() == marker]
    return list(zip(line.get_xdata(), line.get_ydata(), strict=True))


def test_input_at_the_top_and_a_panel_for_each_question():
    found = panels(draw())
    assert [tick.get_text() for tick in found["signal"].get_yticklabels()] == [
        "hidden1", "hidden2", "outputs"
    ]  # fmt: skip
    low, high = found["signal"].get_ylim()
    assert low > high
    assert [axes.get_title("left") for axes in found.values()] == [
        "Signal forward", "Units out of action", "Gradient backward", "Next step"
    ]  # fmt: skip
    assert all(axes.get_xlabel() for axes in found.values())


def test_a_cross_and_words_where_something_is_wrong_and_a_dot_elsewhere():
    found = panels(draw())
    assert marked(found["silent"], "X") == [(0.9, 1)]
    assert marked(found["silent"], "o") == [(0.0, 0)]
    assert [row for _, row in marked(found["gradient"], "X")] == [0, 1]  # both are in the zone
    assert [row for _, row in marked(found["gradient"], "o")] == [2]
    assert marked(found["update"], "o") == [(1e-3, 1), (1e-3, 2)]  # NaN is not drawn
    words = [text for text in found["update"].texts if text.get_text() in ("dead units",)]
    assert [text.xy[1] for text in words] == [1]


def test_zero_is_drawn_at_the_end_of_a_logarithmic_axis_and_named():
    axes = panels(draw())["gradient"]
    (place, _), _ = marked(axes, "X")
    assert axes.get_xlim()[0] < place < 1e-5
    assert "0" in texts(axes)


def test_the_ideal_and_the_limits_are_named():
    found = panels(draw(signal=[1.0, 1e5, 1e-9]))
    assert {"ideal", "too small", "too large"} <= set(texts(found["signal"]))
    assert len(found["signal"].patches) == 2
    assert "ideal" in texts(found["update"])
    assert texts(found["silent"]) == []


@pytest.mark.parametrize("n", [3, 50])
def test_tall_enough_for_every_name(n):
    drawing = draw([f"hidden{i}" for i in range(n)])
    drawing.savefig(io.BytesIO())
    labels = drawing.axes[0].get_yticklabels()
    boxes = [label.get_window_extent() for label in labels]
    assert all(a.y0 >= b.y1 for a, b in itertools.pairwise(boxes))


def test_names_without_letters_here_or_too_long():
    drawing = draw(["\U0010fffd\U0010fffd", "a" * 40, "outputs"], title="\U0010fffd net")
    assert [tick.get_text() for tick in drawing.axes[0].get_yticklabels()] == [
        "layer 1", "a" * 23 + "…", "outputs"
    ]  # fmt: skip
    assert drawing.get_suptitle() == "? net"


def test_what_is_infinite():
    axes = panels(draw(signal=[1.0, np.inf, 2.0], limits={}))["signal"]
    assert np.isfinite(axes.get_xlim()).all()
    assert marked(axes, "o")[1][0] == axes.get_xlim()[1]
