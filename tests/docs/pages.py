"""The pages of the documentation, and what stands in them."""

import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]

PAGES = sorted(
    [
        *REPOSITORY.glob("README*.md"),
        *(REPOSITORY / "docs").rglob("*.md"),
        *(REPOSITORY / "notebooks").glob("*.md"),
        *(REPOSITORY / "saved_models").glob("*.md"),
        REPOSITORY / "CONTRIBUTING.md",
    ]
)


def name_of(page: Path) -> str:
    return str(page.relative_to(REPOSITORY))


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def without_code(page: Path) -> str:
    """What is neither a block of code nor indented like one."""
    return re.sub(r"(?ms)^```.*?^```|^ {4}.*?$", "", text_of(page))


def blocks(page: Path, language: str) -> list[tuple[int, str]]:
    """The fenced blocks of a language: the line of the first one, and the code.

    A block that a comment `<!-- not run: why -->` goes before is left out.
    """
    found = []
    pattern = rf"(?ms)(?P<not_run>^<!-- not run[^\n]*\n)?^```{language}\n(?P<code>.*?)^```"
    for match in re.finditer(pattern, text_of(page)):
        if match["not_run"] is None:
            line = text_of(page)[: match.start("code")].count("\n") + 1
            found.append((line, match["code"]))
    return found


def commands(page: Path) -> list[str]:
    """Every line `dnn-tf ...` of an indented or fenced block, and every such piece of code."""
    text = text_of(page).replace("\\\n", " ")
    lines = re.findall(r"(?m)^ {4}(dnn-tf .*)$", text)
    lines += [
        line
        for _, block in re.findall(r"(?ms)^```(\w*)\n(.*?)^```", text)
        for line in re.findall(r"(?m)^(dnn-tf .*)$", block)
    ]
    lines += re.findall(r"`(dnn-tf [^`\n]+)`", text)
    return [re.split(r"\s{2,}#|\s#\s", line)[0].strip() for line in lines]
