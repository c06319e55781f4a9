"""Curves side by side."""

import numpy as np
import pytest

from dnn_tf.plots import Panel, lines
from dnn_tf.plots.style import STROKES


def test_a_panel_for_each_question():
    drawing = lines(
        Panel(
            {"a": [1, 2, 4], "b": ([0, 5], [3, 1])}, x="step", y="loss", title="left", log_y=True
        ),
        Panel({"c": np.arange(20.0)}, x="epoch", y="accuracy", levels={"best": 7.0}),
        title="all",
    )
    left, right = drawing.axes
    assert [list(line.get_xdata()) for line in left.lines] == [[1, 2, 3], [0, 5]]
    assert [list(line.get_ydata()) for line in left.lines] == [[1, 2, 4], [3, 1]]
    assert (left.get_xlabel(), left.get_ylabel(), left.get_title()) == ("step", "loss", "left")
    assert (left.get_yscale(), left.get_xscale()) == ("log", "linear")
    assert [text.get_text() for text in left.get_legend().get_texts()] == ["a", "b"]
    assert left.lines[0].get_marker() == "o"  # so few points are seen
    assert right.get_legend() is None
    assert right.lines[0].get_marker() == "None"
    assert right.lines[1].get_ydata() == [7.0, 7.0]
    assert [text.get_text() for text in right.texts] == ["best"]
    assert drawing.get_suptitle() == "all"


def test_curves_are_told_apart_without_colour():
    (axes,) = lines(Panel({str(n): [n, n] for n in range(len(STROKES))}, x="", y="")).axes
    assert len({str(line._dash_pattern) for line in axes.lines}) == len(STROKES)


@pytest.mark.parametrize("name", ["误差", "größe", "\U0010ffff"])
def test_names_in_any_letters(name, tmp_path):
    lines(Panel({name: [1, 2], "b": [1, 2]}, x=name, y=name, title=name), title=name).savefig(
        tmp_path / "a.png"
    )


@pytest.mark.parametrize(("places", "whole"), [(range(4), True), ((0.0, 0.5, 1.5, 3.0), False)])
def test_no_epoch_is_the_one_and_a_halfth(places, whole):
    (axes,) = lines(Panel({"a": (places, [1, 2, 3, 4])}, x="epoch", y="")).axes
    assert all(float(tick).is_integer() for tick in axes.get_xticks()) == whole


@pytest.mark.parametrize(("heights", "plain"), [([2.0, 30.0], True), ([1e-9, 1.0], False)])
def test_numbers_on_logarithmic_axes(heights, plain, tmp_path):
    drawing = lines(Panel({"a": heights}, x="", y="", log_y=True))
    drawing.savefig(tmp_path / "a.png")
    (axes,) = drawing.axes
    told = [label.get_text() for label in axes.get_yticklabels()]
    assert ("10" in told) == plain


def test_marks_do_not_hide_the_curve_below_them():
    (axes,) = lines(Panel({"a": [1, 2]}, x="", y="", marks={"b": ([1, 2], [1, 2])})).axes
    _, marks = axes.lines
    assert (marks.get_linestyle(), marks.get_markerfacecolor()) == ("None", "none")
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["a", "b"]
