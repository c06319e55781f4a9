"""Makes the site of the pages and of the reference: `make docs`.

Pages are the Markdown files of the repository; the reference is made of the docstrings by pdoc, a
page for each room of the package. A link that leads nowhere, or a warning, is an error.
"""

import posixpath
import re
import shutil
import sys
import warnings
from pathlib import Path

import pdoc
from pdoc import extract, render, render_helpers
from pdoc.doc import Module

import dnn_tf

HERE = Path(__file__).parent
REPOSITORY = HERE.parent

FIRST = {
    "README.md": "index.html",
    "README.zh-CN.md": "zh-CN.html",
    "docs/README.md": "pages.html",
    "notebooks/README.md": "notebooks.html",
    "docs/reproduced/README.md": "reproduced.html",
    "docs/benchmarks/README.md": "benchmarks.html",
}
LAST = {
    "saved_models/README.md": "saved_models.html",
    "CHANGELOG.md": "changelog.html",
    "CONTRIBUTING.md": "contributing.html",
}
"""Pages and their names in the site; between these stand those that `docs/README.md` lists."""


def sources() -> dict[str, str]:
    """From the path of each page in the repository to its name in the site."""
    listed = re.findall(r"\((\w+)\.md\)", (HERE / "README.md").read_text(encoding="utf-8"))
    own = {f"docs/{name}.md": f"{name}.html" for name in listed}
    pages = {**FIRST, **own, **LAST}
    return {path: name for path, name in pages.items() if (REPOSITORY / path).is_file()}


def title_of(text: str) -> str:
    """The first heading.

    >>> title_of("# Data" + chr(10) * 2 + "More.")
    'Data'
    """
    found = re.search(r"(?m)^# (.+)$", text)
    if found is None:
        raise SystemExit("a page without a title")
    return found[1]


def linked(text: str, path: str, names: dict[str, str], site: Path) -> str:
    """The text with its links as they are in the site; pictures are copied there.

    What is in the repository and has no page, such as a script, is named and not linked.
    """

    def replaced(found: re.Match[str]) -> str:
        words, target = found["words"], found["target"]
        if re.match(r"[a-z]+:|#", target):
            return found[0]
        file, _, anchor = target.partition("#")
        place = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
        if not (REPOSITORY / place).exists():
            raise SystemExit(f"{path}: {target} leads nowhere")
        for candidate in (place, f"{place}/README.md"):
            if candidate in names:
                return f"{words}({names[candidate]}{'#' + anchor if anchor else ''})"
        if words.startswith("!"):
            shutil.copy(REPOSITORY / place, site / Path(place).name)
            return f"{words}({Path(place).name})"
        return words[1:-1]

    parts = re.split(r"(?s)(```.*?```)", text)  # every second one is code
    parts[::2] = [
        re.sub(r"(?P<words>!?\[[^\]]*\])\((?P<target>[^)\s]+)\)", replaced, part)
        for part in parts[::2]
    ]
    return "".join(parts)


def with_references(html: str, modules: dict[str, Module]) -> str:
    """The page with every `dnn_tf.room.name` linked to where the reference has it."""

    def link(found: re.Match[str]) -> str:
        parts = found[1].split(".")
        for cut in range(len(parts), 0, -1):
            room, name = ".".join(parts[:cut]), ".".join(parts[cut:])
            if room in modules and (not name or modules[room].get(name)):
                target = f"{room.replace('.', '/')}.html" + (f"#{name}" if name else "")
                return f'<code><a href="{target}">{found[1]}</a>'
        return found[0]

    return re.sub(r"<code>(dnn_tf(?:\.[A-Za-z]\w*)*)(?=[(<])", link, html)


def make_site(site: Path) -> None:
    """All pages, the reference and the index for its search."""
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir(parents=True)
    render.configure(docformat="google", template_directory=HERE / "theme")

    for name in dnn_tf.__all__:  # they are fetched when they are first used
        getattr(dnn_tf, name)
    # a function that is called as its module (models.dnn) would be shown twice
    rooms = extract.walk_specs(["dnn_tf", r"!dnn_tf\..+\..+"])
    modules = {name: Module.from_name(name) for name in rooms}

    names = sources()
    texts = {path: (REPOSITORY / path).read_text(encoding="utf-8") for path in names}
    titles = {names[path]: title_of(text) for path, text in texts.items()}
    titles["index.html"], titles["zh-CN.html"] = "README", "README (中文)"
    render.env.globals["titles"] = titles

    page = render.env.get_template("page.html.jinja2")
    for path, text in texts.items():
        html = with_references(render_helpers.to_html(linked(text, path, names, site)), modules)
        words = {"title": titles[names[path]], "text": html, "all_modules": modules}
        out = page.render(**words, __version__=pdoc.__version__)
        (site / names[path]).write_text(out, encoding="utf-8")
    for name, module in modules.items():
        out = site / f"{name.replace('.', '/')}.html"
        out.parent.mkdir(exist_ok=True)
        out.write_text(render.html_module(module, modules), encoding="utf-8")
    (site / "search.js").write_text(render.search_index(modules), encoding="utf-8")


if __name__ == "__main__":
    warnings.simplefilter("error")
    # typing's words for a function that a class holds; Python cannot look them up at run time
    warnings.filterwarnings("ignore", r"Error parsing type annotation .*staticmethod")
    make_site(Path(sys.argv[1]))
