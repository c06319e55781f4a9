"""The figure of a search."""

import pytest

from dnn_tf.plots import search

VALUES = [
    {"depth": 1, "rate": 0.001, "kind": "relu", "norm": True},
    {"depth": 2, "rate": 0.01, "kind": "elu", "norm": False},
    {"depth": 3, "rate": 0.1, "kind": "selu"},
    {"depth": 3, "rate": 0.02, "kind": "elu", "norm": True},
]
SCORES = [0.5, 0.9, None, 0.8]
ENDED = [2.0, 3.5, 4.0, 9.0]


def panels(drawing):
    return {axes.get_xlabel(): axes for axes in drawing.axes if axes.get_visible()}


def points(axes):
    line = axes.lines[0]
    return list(zip(line.get_xdata(), line.get_ydata(), strict=True))


def ring(axes):
    line = axes.lines[-1]
    return line.get_xdata()[0], line.get_ydata()[0]


def test_a_panel_for_time_and_for_each_hyperparameter():
    found = panels(search(VALUES, SCORES, ENDED))
    assert list(found) == ["seconds of searching", "depth", "rate", "kind", "norm"]
    assert found["seconds of searching"].get_ylabel() == "validation accuracy"


def test_the_best_so_far():
    axes = panels(search(VALUES, SCORES, ENDED))["seconds of searching"]
    assert points(axes) == [(2.0, 0.5), (3.5, 0.9), (9.0, 0.8)]
    assert list(axes.lines[1].get_ydata()) == [0.5, 0.9, 0.9]
    assert axes.get_legend().get_texts()[0].get_text() == "best so far"


def test_the_lowest_loss_is_the_best():
    found = panels(search(VALUES, SCORES, ENDED, objective="val_loss"))
    axes = found["seconds of searching"]
    assert list(axes.lines[1].get_ydata()) == [0.5, 0.5, 0.5]
    assert axes.get_ylabel() == "validation loss"
    assert ring(found["depth"]) == (0, 0.5)


def test_values_side_by_side_and_the_best_ringed():
    found = panels(search(VALUES, SCORES, ENDED))
    kind = found["kind"]
    assert [tick.get_text() for tick in kind.get_xticklabels()] == ["elu", "relu", "selu"]
    assert sorted(points(kind)) == [(0, 0.8), (0, 0.9), (1, 0.5)]
    assert ring(kind) == (0, 0.9)
    assert list(kind.lines[1].get_xdata()) == [2]  # a cross where a trial failed
    assert [tick.get_text() for tick in found["norm"].get_xticklabels()] == ["False", "True"]


@pytest.mark.parametrize(("top", "scale"), [(1.0, "log"), (0.01, "linear")])
def test_many_numbers_are_to_scale(top, scale):
    values = [{"rate": 0.001 + (top - 0.001) * number / 9} for number in range(10)]
    axes = panels(search(values, [0.5] * 10, range(10)))["rate"]
    assert axes.get_xscale() == scale
    assert points(axes)[-1][0] == pytest.approx(top)


def test_the_title_tells_what_failed():
    drawing = search(VALUES, SCORES, ENDED, title="digits")
    assert drawing.get_suptitle() == "digits\n3 trials, the best ringed; 1 failed, crosses"


def test_one_trial_and_none():
    assert ring(panels(search(VALUES[:1], [0.5], [1.0]))["depth"]) == (0, 0.5)
    assert "0 trials" in search(VALUES, [None] * 4, ENDED).get_suptitle()


def test_long_words_stand_in_two_lines():
    values = [{"kind": kind} for kind in ("leaky_relu 0.01", "leaky_relu 0.1", "x" * 50)]
    axes = panels(search(values, [0.5] * 3, [1.0, 2.0, 3.0]))["kind"]
    ticks = [tick.get_text() for tick in axes.get_xticklabels()]
    assert ticks == ["leaky_relu\n0.01", "leaky_relu\n0.1", "xxxxxxxxxx\nxxxxxxxxxx"]


def test_a_few_numbers_with_many_digits_stand_apart():
    rates = (0.00032962260207930, 0.00084336133337952, 0.0011065417878395)
    drawing = search([{"rate": rate} for rate in rates], [0.8, 0.9, 0.85], [1, 2, 3])
    ticks = [label.get_text() for label in drawing.axes[1].get_xticklabels()]
    assert ticks == ["0.00033", "0.000843", "0.00111"]
