"""A number beside its reference."""

import json

import pytest

from dnn_tf.experiments.rows import Row, at_least, at_most, not_run, number

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("row", "ok", "told"),
    [
        (Row("a", 0.97, 0.98, 0.01), True, "0.98 +- 0.01"),
        (Row("a", 0.9899, 0.98, 0.01), True, "0.98 +- 0.01"),
        (Row("a", 0.9901, 0.98, 0.01), False, "0.98 +- 0.01"),
        (Row("a", 0.9699, 0.98, 0.01), False, "0.98 +- 0.01"),
        (Row("a", 0.98, 0.98), True, "0.98"),
        (at_least("a", 0.5, 0.5), True, "at least 0.5"),
        (at_least("a", 0.49, 0.5), False, "at least 0.5"),
        (at_least("a", 0.49, 0.5, tolerance=0.02), True, "at least 0.5 - 0.02"),
        (at_most("a", 0.5, 0.5), True, "at most 0.5"),
        (at_most("a", 0.51, 0.5), False, "at most 0.5"),
        (at_most("a", INF, 0.5), False, "at most 0.5"),
        (at_least("a", NAN, 0.5), False, "at least 0.5"),
        (at_most("a", NAN, 0.5), False, "at most 0.5"),
        (Row("a", NAN, 0.5, 1.0), False, "0.5 +- 1"),
        (Row("a", 0.5), None, "-"),
        (not_run("a", 0.5, "no data"), None, "0.5"),
    ],
    ids=range(16),
)
def test_is_met_or_not(row, ok, told):
    assert row.ok is ok
    assert row.told == told


def test_the_reason_is_told_only_where_the_reference_is_not_met():
    words = {"note": "cell 36", "otherwise": "the seed"}
    assert Row("a", 1.0, 1.0, **words).remark == "cell 36"
    assert Row("a", 2.0, 1.0, **words).remark == "cell 36; the seed"
    assert Row("a", 2.0, **words).remark == "cell 36"
    assert not_run("a", None, "no data").remark == "not run: no data"


@pytest.mark.parametrize("measured", [NAN, INF, None])
def test_what_is_no_number_is_null_in_json(measured):
    summary = Row("a", measured, 1.0).summary()
    assert json.loads(json.dumps(summary, allow_nan=False))["measured"] is None
    assert summary["ok"] is (None if measured is None else False)
    assert list(summary) == [
        "name", "measured", "reference", "tolerance", "relation", "ok", "note",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.97764, "0.9776"),
        (-0.5, "-0.5"),
        (99.99999, "100"),
        (56.61647, "56.6165"),
        (1234.5678, "1234.57"),
        (0.00099, "0.00099"),
        (1e6, "1e+06"),
        (INF, "inf"),
        (NAN, "nan"),
    ],
)
def test_numbers_as_a_person_writes_them(value, text):
    assert number(value) == text
