"""The table of the documents and their errata leave nothing out."""

import re

from docs.pages import REPOSITORY, text_of

ERRATA = text_of(REPOSITORY / "docs/errata.md")
DOCUMENTS = text_of(REPOSITORY / "docs/documents.md")


def numbered(letter, last):
    return [f"{letter}{number}" for number in range(1, last + 1)]


IDS = [
    *numbered("G", 19),
    *numbered("A", 15),
    *numbered("I", 6),
    *numbered("L", 14),
    *numbered("B", 9),
    "1f",
    *numbered("O", 15),
    *numbered("S", 6),
    *numbered("R", 11),
    *numbered("T", 7),
    "1k",
]


def test_every_passage_has_a_row_in_its_place():
    assert re.findall(r"(?m)^\| (\w+) \|", DOCUMENTS.split("## The TF1 code")[0]) == list(
        with_headers(IDS)
    )


def with_headers(ids):
    """The name of the first column stands above every chapter."""
    firsts = {"G1", "A1", "I1", "L1", "B1", "1f", "O1", "S1", "R1", "T1", "1k"}
    for row in ids:
        if row in firsts:
            yield "id"
        yield row


def test_every_error_is_told_once_in_its_order():
    assert re.findall(r"(?m)^### (.+)$", ERRATA) == numbered("E", 46)


def test_every_error_says_where_what_and_here():
    for entry in re.split(r"(?m)^### ", ERRATA)[1:]:
        entry = entry.split("\n## ")[0]
        assert re.search(r"- \*\*00[0-4](, 00[0-4])*\*\*: ", entry), entry
        for word in ("Right", "Here"):
            assert f"- **{word}**: " in entry, entry


def test_every_error_is_named_in_the_table():
    named = re.findall(r"\[(E\d+)\]\(errata\.md#e\d+\)", DOCUMENTS)
    assert sorted(set(named), key=lambda e: int(e[1:])) == numbered("E", 46)
    assert all(f"[{e}](errata.md#{e.lower()})" in DOCUMENTS for e in named)
