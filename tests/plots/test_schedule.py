"""Learning rates."""

import io

import numpy as np
import pytest

from dnn_tf import plots, schedules
from dnn_tf.plots.style import STROKES
from dnn_tf.types import InputError

ALL = {
    "piecewise": schedules.PiecewiseConstant([30, 60], [0.1, 0.05, 0.01]),
    "exponential": schedules.ExponentialDecay(0.1, 100),
    "power": schedules.PowerDecay(0.1, 20),
    "one_cycle": schedules.OneCycle(0.1, 100),
    "cosine": schedules.CosineDecay(0.1, 100),
}


def test_one_without_a_legend():
    (axes,) = plots.schedule(ALL["piecewise"], 100, "title").axes
    (line,) = axes.lines
    np.testing.assert_array_equal(line.get_xdata(), np.arange(101))
    np.testing.assert_array_equal(line.get_ydata(), ALL["piecewise"](np.arange(101)))
    assert line.get_drawstyle() == "steps-post"  # the jump is at step 31, not on the way there
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("step", "learning rate")
    assert axes.get_legend() is None
    assert axes.figure.get_suptitle() == "title"


def test_some_by_their_names_all_told_apart_without_colour():
    drawing = plots.schedule(ALL, 100)
    (axes,) = drawing.axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == list(ALL)
    for line, (name, schedule) in zip(axes.lines, ALL.items(), strict=True):
        assert line.get_label() == name
        np.testing.assert_array_equal(line.get_ydata(), schedule(np.arange(101)))
    assert len({str(line._dash_pattern) for line in axes.lines}) == len(ALL)
    assert len({line.get_color() for line in axes.lines}) == len(ALL)
    drawing.savefig(io.BytesIO())


def test_no_two_strokes_are_alike():
    assert len({colour for colour, _ in STROKES}) == len({line for _, line in STROKES}) == 8


@pytest.mark.parametrize(
    ("schedule", "steps", "scale"),
    [
        (schedules.PowerDecay(1.0, 1), 98, "linear"),  # 1 to 1 / 99
        (schedules.PowerDecay(1.0, 1), 101, "log"),  # 1 to 1 / 102
        (ALL["cosine"], 100, "linear"),  # ends at 0, which a logarithmic axis cannot show
    ],
)
def test_logarithmic_only_where_it_helps(schedule, steps, scale):
    (axes,) = plots.schedule(schedule, steps).axes
    assert axes.get_yscale() == scale
    assert (axes.get_ylim()[0] == 0) == (scale == "linear")


def test_a_long_training_is_thinned_out_to_its_very_end():
    (axes,) = plots.schedule(ALL["exponential"], 10**7).axes
    steps = axes.lines[0].get_xdata()
    assert len(steps) < 3000
    assert (steps[0], steps[-1]) == (0, 10**7)


@pytest.mark.parametrize("steps", [0, 1.5])
def test_steps(steps):
    with pytest.raises(InputError, match="steps is a whole number, 1 or more"):
        plots.schedule(ALL["power"], steps)
