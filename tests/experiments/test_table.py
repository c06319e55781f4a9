"""Results as text."""

import dataclasses

from dnn_tf.experiments import table
from dnn_tf.experiments.reproducing import Reproduced
from dnn_tf.experiments.rows import Row

RESULT = Reproduced(
    name="chapter-10",
    title="The network",
    rows=[
        row.summary() | {"told": row.told}
        for row in (
            Row("accuracy", 0.9784, 0.9776, 0.003, note="cell 36"),
            Row("loss", 0.2, 0.1, 0.01, otherwise="the seed"),
            Row("share of |w|", 0.5),
        )
    ],
    claims=[{"text": "", "holds": True, "found": "", "told": "It is so. Holds: seen."}],
    figure="chapter-10.png",
    seconds=12.3,
    source="TFDS mnist/3.0.1",
    date="2026-11-22",
    versions={"python": "3.11", "keras": "3.15"},
    identity={"quick": False, "seed": 42},
)


def test_in_the_terminal():
    assert table.as_text(RESULT).splitlines() == [
        "chapter-10: The network (12 s)",
        "  accuracy         0.9784  0.9776 +- 0.003        yes  cell 36",
        "  loss                0.2  0.1 +- 0.01            NO  the seed",
        "  share of |w|        0.5  -                      -",
        "  It is so. Holds: seen.",
    ]


def test_on_a_page():
    page = table.as_markdown([RESULT, dataclasses.replace(RESULT, name="two", figure="")])
    lines = page.splitlines()
    assert lines[0].startswith("# ")
    assert lines[4] == (
        "2 of 4 references met (not met: chapter-10 (loss), two (loss)); of 2 claims 2 hold, "
        "0 do not, 0 are not decided."
    )
    assert lines.count(r"| share of \|w\| | 0.5 | - | - |  |") == 2
    assert "Run with python 3.11, keras 3.15." in lines
    assert lines.count("| accuracy | 0.9784 | 0.9776 +- 0.003 | yes | cell 36 |") == 2
    assert "2026-11-22, seed 42, 12 s; TFDS mnist/3.0.1" in lines
    assert page.count("![The network](chapter-10.png)") == 1


def test_a_quick_run_says_so():
    quick = dataclasses.replace(RESULT, identity={"quick": True, "seed": 7}, source="")
    assert "2026-11-22, seed 7, quick, 12 s" in table.as_markdown([quick]).splitlines()
