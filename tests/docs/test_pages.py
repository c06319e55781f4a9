"""What the pages name is there: functions, tests, files, commands, experiments."""

import ast
import importlib
import re
import shlex

import pytest
from docs.pages import PAGES, REPOSITORY, blocks, commands, name_of, text_of, without_code

import dnn_tf
from dnn_tf.cli.parser import make_parser

ON_PAGES = pytest.mark.parametrize("page", PAGES, ids=map(name_of, PAGES))

ROOMS = [name for name in dnn_tf._ROOMS if name != "data"]
"""`data` is also what the examples call a dataset; it is looked for behind `dnn_tf.` alone."""


def resolve(name):
    """The object of that name below `dnn_tf`; an error where there is none."""
    value = dnn_tf
    for part in name.split("."):
        if not hasattr(value, part) and hasattr(value, "__path__"):
            importlib.import_module(f"{value.__name__}.{part}")
        fields = getattr(value, "__dataclass_fields__", {})
        value = fields[part] if part in fields else getattr(value, part)
    return value


def names(text):
    """Everything that looks like a name of the package."""
    whole = re.findall(r"(?<![\w./])dnn_tf\.(\w+(?:\.\w+)*)", text)
    in_rooms = re.findall(rf"(?<![\w./\-])((?:{'|'.join(ROOMS)})\.[A-Za-z]\w*)", text)
    files = ("md", "html", "py", "png", "ipynb", "json", "csv")
    found = {name for name in (*whole, *in_rooms) if name.split(".")[-1] not in files}
    return sorted(found)


def test_the_search_for_names():
    text = (
        "`dnn_tf.data.load(1)`, `keras.layers.Dense`, layers.RBM and docs/layers.md, data.train.x"
    )
    assert names(text) == ["data.load", "layers.RBM"]
    with pytest.raises((AttributeError, ImportError)):
        resolve("layers.Dense")


@ON_PAGES
def test_names_are_there(page):
    missing = []
    for name in names(text_of(page)):
        try:
            resolve(name)
        except (AttributeError, ImportError):
            missing.append(name)
    assert missing == []


@ON_PAGES
def test_links_lead_somewhere(page):
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(page)):
        file, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        place = page if not file else page.parent / file
        if not place.exists():
            broken.append(target)
        elif anchor:
            headings = re.findall(r"(?m)^#+ (.+)$", text_of(place))
            if anchor not in [re.sub(r"[^\w]+", "-", h.lower()).strip("-") for h in headings]:
                broken.append(target)
    assert broken == []


@ON_PAGES
def test_tests_are_there(page):
    for file, name in re.findall(r"`(tests/[\w/]+\.py)(?:::([\w:]+))?`", text_of(page)):
        body = ast.parse((REPOSITORY / file).read_text(encoding="utf-8")).body
        for part in filter(None, name.split("::")):
            inner = [node for node in body if getattr(node, "name", None) == part]
            assert inner, f"{file} has no {name}"
            body = inner[0].body


@ON_PAGES
def test_programs_and_files_are_there(page):
    for path in re.findall(r"`(?:python )?((?:benchmarks|docs|tests)/[\w/]+\.\w+)", text_of(page)):
        assert (REPOSITORY / path).exists(), path


@ON_PAGES
def test_commands_are_understood(page):
    for line in commands(page):
        words = shlex.split(line)[1:]
        if words[0].isupper() or "--help" in words or words == ["..."]:
            continue  # dnn-tf COMMAND --help
        if len(words) == 1 and words[0] in ("train", "finetune", "tune", "inspect", "reproduce"):
            continue  # named, not called
        try:
            make_parser().parse_args(words)
        except SystemExit:
            pytest.fail(f"not understood: {line}")


@ON_PAGES
def test_experiments_are_there(page):
    from dnn_tf.experiments.contents import PAGES as EXPERIMENTS

    for name in re.findall(r"[Ee]xperiment `([\w-]+)`", text_of(page)):
        assert name in EXPERIMENTS


@ON_PAGES
def test_python_blocks_can_be_parsed(page):
    for line, code in blocks(page, "python"):
        compile(code, f"{name_of(page)}:{line}", "exec")


def test_every_page_is_in_the_list_of_pages():
    text = text_of(REPOSITORY / "docs/README.md")
    for page in (REPOSITORY / "docs").glob("*.md"):
        assert page.name == "README.md" or f"({page.name})" in text


def test_the_two_readmes_have_the_same_examples():
    """But for their comments."""
    english, chinese = (
        [re.sub(r"\s*#.*", "", code) for _, code in blocks(REPOSITORY / name, "python")]
        for name in ("README.md", "README.zh-CN.md")
    )
    assert english == chinese
    there = [commands(REPOSITORY / name) for name in ("README.md", "README.zh-CN.md")]
    assert set(there[0]) <= set(there[1])
