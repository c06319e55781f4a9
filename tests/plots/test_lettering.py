import warnings

import numpy as np
import pytest

from dnn_tf.plots import confusion, image_grid, lettering, stages


@pytest.fixture
def only_dejavu(monkeypatch):
    """As on a machine without a font for Chinese."""
    lettering.families.cache_clear()
    lettering._fonts.cache_clear()
    monkeypatch.setattr(lettering, "_FAMILIES", ("DejaVu Sans",))
    yield
    lettering.families.cache_clear()
    lettering._fonts.cache_clear()


def test_a_letter_of_any_installed_font_will_do(only_dejavu):
    assert lettering.families() == ("DejaVu Sans",)
    assert lettering.can_draw("größe собака")
    assert not lettering.can_draw("cat 猫")


def test_a_name_that_cannot_be_drawn_gives_way_to_its_number(only_dejavu):
    assert lettering.names_or_numbers(["cat", "狗"]) == ["cat", "class 1"]
    assert lettering.drawable("photos/猫\n(2)") == "photos/?\n(2)"


def test_figures_of_chinese_classes_can_be_drawn(only_dejavu, tmp_path):
    """Matplotlib warns of a letter without a glyph; warnings are errors here."""
    drawings = [
        confusion(np.array([[3, 1], [0, 2]]), ["猫", "狗"], "中文"),
        image_grid(np.zeros((2, 4, 4)), ["猫", "狗"], title="猫"),
        stages([["outputs"], ["隐层"]], [0.8, 0.9], [0.7, 0.8], 1, 0.5, "/数据 (2 images)"),
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for number, drawing in enumerate(drawings):
            drawing.savefig(tmp_path / f"{number}.png")
    labels = [label.get_text() for label in drawings[0].axes[0].get_xticklabels()]
    assert labels == ["class 0", "class 1"]
