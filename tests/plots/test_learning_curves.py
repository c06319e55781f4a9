"""Curves."""

from dnn_tf.plots import learning_curves

HISTORY = {"loss": [1.0, 0.5], "val_loss": [1.1, 0.7], "accuracy": [0.5, 0.75], "seconds": [1, 1]}


def test_a_panel_a_measure_a_line_a_split():
    loss, accuracy = learning_curves(HISTORY, "title").axes
    assert [line.get_label() for line in loss.lines] == [
        "train, last 0.5000",
        "validation, last 0.7000",
    ]
    assert list(accuracy.lines[0].get_ydata()) == [0.5, 0.75]
    assert loss.get_xlabel() == "epoch"
    assert "nats" in loss.get_ylabel()


def test_one_epoch_is_seen():
    (axes,) = learning_curves({"loss": [0.3]}).axes
    assert axes.lines[0].get_marker() == "o"


def test_a_long_title_stays_on_the_page():
    """Where the data came from may be a long path."""
    drawing = learning_curves(HISTORY, "/home/" + "a" * 120 + "/digits (300 images; 10% drawn)")
    drawing.draw_without_rendering()
    title = drawing._suptitle.get_window_extent()
    assert title.x0 >= 0
    assert title.x1 <= drawing.bbox.width
