import pytest

from dnn_tf.plots import stages

TRAINED = [["outputs"], ["hidden4", "hidden5", "outputs"]]


def texts(drawing):
    axes = drawing.axes[0]
    return [text.get_text() for text in axes.texts]


def test_each_stage_with_its_layers_and_its_share():
    drawing = stages(TRAINED, [0.8, 0.913], [0.75, 0.92], kept=1, scratch=0.85, title="digits")
    axes = drawing.axes[0]
    assert [label.get_text().replace("\n", " ") for label in axes.get_xticklabels()] == [
        "outputs",
        "hidden4, hidden5, outputs",
    ]
    assert texts(drawing) == ["80.0%", "91.3%", "75.0%", "92.0%"]
    curves = {line.get_label(): line.get_ydata() for line in axes.lines}
    assert list(curves["test"]) == [0.75, 0.92]
    assert list(curves["kept"]) == [0.92]
    assert "from scratch, 85.0%" in curves
    legend = [text.get_text() for text in drawing.legends[0].get_texts()]
    assert legend == ["validation", "test", "kept", "from scratch, 85.0%"]


def test_without_a_test_split_or_scratch_and_with_one_stage():
    drawing = stages(TRAINED[:1], [0.8], kept=0)
    assert texts(drawing) == ["80.0%"]
    assert [line.get_label() for line in drawing.axes[0].lines] == ["validation", "kept"]


@pytest.mark.parametrize("n", [1, 6])
def test_nothing_lies_outside_the_page(n):
    title = "/a/long/path/to/some/photos (1,234 images as 28 x 28 grey, all inverted)" * 3
    drawing = stages([["hidden1", "hidden2", "outputs"]] * n, [0.9] * n, [0.8] * n, 0, 0.7, title)
    drawing.draw_without_rendering()
    page = drawing.bbox
    for text in [drawing._suptitle, *drawing.axes[0].texts, *drawing.legends]:
        box = text.get_window_extent()
        assert box.x0 >= -1
        assert box.x1 <= page.x1 + 1
        assert box.y1 <= page.y1 + 1
