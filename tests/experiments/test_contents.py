"""The list of experiments leaves none out."""

import inspect
from pathlib import Path

import pytest

from dnn_tf import experiments
from dnn_tf.experiments.contents import PAGES, page, title
from dnn_tf.types import InputError


def test_every_page_of_the_folder_is_in_the_list():
    folder = Path(experiments.__file__).parent
    pages = {
        path.stem for path in folder.glob("*.py") if "def reproduce(setting" in path.read_text()
    }
    assert pages == set(PAGES.values())


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_a_title_and_a_function(name):
    assert 10 < len(title(name)) <= 100
    assert not title(name).endswith(".")
    (parameter,) = inspect.signature(page(name).reproduce).parameters
    assert parameter == "setting"


def test_an_unknown_page():
    with pytest.raises(InputError, match="chapter-10, .* and got 'chapter-99'"):
        page("chapter-99")
