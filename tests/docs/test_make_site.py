"""Links and names of the site; all of it is made by `make docs`."""

import importlib.util

import pytest
from docs.pages import REPOSITORY

import dnn_tf.layers

pdoc = pytest.importorskip("pdoc", reason="needs pip install -e '.[docs]'")


@pytest.fixture(scope="module")
def site():
    spec = importlib.util.spec_from_file_location("make_site", REPOSITORY / "docs/make_site.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_page_has_a_place(site):
    names = site.sources()
    assert {f"docs/{page.name}" for page in (REPOSITORY / "docs").glob("*.md")} <= set(names)
    assert len(set(names.values())) == len(names)


def test_links(site, tmp_path):
    names = {"README.md": "index.html", "docs/data.md": "data.html"}
    text = "[a](../README.md#two) [b](data.md) [c](make_site.py) [d](https://e.org)"
    text += " ![p](pictures/mnist.png)"
    assert site.linked(text, "docs/data.md", names, tmp_path) == (
        "[a](index.html#two) [b](data.html) c [d](https://e.org) ![p](mnist.png)"
    )
    assert (tmp_path / "mnist.png").is_file()
    code = '```python\nsignatures["images"](images=pixels)\n```'
    assert site.linked(code, "docs/data.md", names, tmp_path) == code
    with pytest.raises(SystemExit, match=r"docs/data.md: no.md leads nowhere"):
        site.linked("[a](no.md)", "docs/data.md", names, tmp_path)


def test_names_lead_to_the_reference(site):
    modules = {"dnn_tf.layers": pdoc.doc.Module(dnn_tf.layers)}
    html = "<code>dnn_tf.layers.Maxout(3)</code> <code>dnn_tf.layers.No</code>"
    assert site.with_references(html, modules) == (
        '<code><a href="dnn_tf/layers.html#Maxout">dnn_tf.layers.Maxout</a>(3)</code> '
        "<code>dnn_tf.layers.No</code>"
    )
