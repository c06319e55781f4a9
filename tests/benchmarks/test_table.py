import json

import pytest

from benchmarks.table import DOCUMENTED, between_markers, page, rates, write
from benchmarks.works import NOISE


@pytest.fixture
def results(facts, race):
    noise = {name: {"peers": {"dnn_tf.fit": facts(1.0)}} for name in NOISE}
    noise["dropout"] = {"peers": {"dnn_tf.fit": facts(1.2)}}
    return {
        "machine": {"processor": "abacus"},
        "versions": {"Lib": "1.0"},
        "races": {DOCUMENTED: race()},
        "noise": noise,
        "start_up": {"dnn-tf --help": {"cold": [0.5], "warm": [0.1, 0.2, 0.3]}},
        "fine_tuning": [{"rows": 500, "seconds": {"cached": [0.5], "model.fit": [2.0]}}],
        "search": {"1 worker": {"seconds": 60.0, "epochs": 30}},
    }


def test_the_tables_by_hand(results):
    lines = page(results).splitlines()
    assert lines[0] == "processor: abacus. Lib 1.0."
    row = next(line for line in lines if line.startswith("| 784-300-100-10"))
    assert "**0.25 s** | 0.5 s (2.00)" in row
    assert any("| dropout | 1.2 s | 1.20 |" in line for line in lines)
    assert "| dnn-tf --help | 0.5 s | 0.2 s |" in lines
    assert "| model.fit | 2 s |" in lines
    assert "| 1 worker | 60 s | 30 | 2 s |" in lines
    assert "- JAX scan: jax is not installed: pip install 'dnn-tf[bench]'" in lines


def test_the_rate_is_held_against_the_limit(results, race):
    own, limit = rates(race())
    assert own == pytest.approx(200)  # 50 GFLOP in 0.25 s
    assert limit == pytest.approx(400)
    assert "200 of 400 GFLOP/s, 50%" in page(results)


def test_only_what_is_between_the_markers_is_replaced(tmp_path, results):
    (tmp_path / "README.md").write_text(
        "# Mine\n\n<!-- measured: begin -->\noutdated\n<!-- measured: end -->\n\nAfter.\n",
        encoding="utf-8",
    )
    write(results, tmp_path)
    write(results, tmp_path)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# Mine\n\n")
    assert text.endswith("\n\nAfter.\n")
    assert text.count("abacus") == 1
    assert "outdated" not in text
    assert json.loads((tmp_path / "results.json").read_text(encoding="utf-8")) == results
    assert (tmp_path / "races.png").read_bytes().startswith(b"\x89PNG")


def test_a_page_without_markers_is_refused():
    with pytest.raises(SystemExit, match="no place"):
        between_markers("nothing", "new")
