"""Numbers with their names beside them."""

import pytest

from dnn_tf.plots import Dots, lines


@pytest.mark.parametrize("log", [False, True])
def test_a_line_for_each_number(log):
    (axes,) = lines(Dots({"a": [1, 3], "b": [2]}, x="loss", title="both", log_x=log)).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b"]
    mean, seeds, alone = axes.lines
    assert list(mean.get_xdata()) == [2]
    assert list(seeds.get_xdata()) == [1, 3]
    assert (list(alone.get_xdata()), list(alone.get_ydata())) == ([2], [1])
    assert axes.get_title() == "both"
    assert axes.get_xscale() == ("log" if log else "linear")
    assert axes.get_xlabel().startswith("loss\n(a dot for each seed")
