"""Rows without labels."""

import numpy as np
import pytest

from dnn_tf.pretraining import rows as module
from dnn_tf.pretraining.rows import as_rows, in_parts
from dnn_tf.types import InputError


def test_a_memory_map_is_not_copied(tmp_path):
    np.save(tmp_path / "x.npy", np.ones((3, 2), "float32"))
    x = np.load(tmp_path / "x.npy", mmap_mode="r")
    assert np.shares_memory(as_rows(x, "x"), x)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros((3, 2, 2)), r"here: x has the shape \(3, 2, 2\).*flatten the samples"),
        (np.zeros((0, 2)), "here: x has no rows"),
        ([[0.0, np.nan]], r"here: x\[0, 1\] is nan"),
        ([[1], [2, 3]], r"x\[1\] has the shape"),
    ],
    ids=["images", "none", "nan", "ragged"],
)
def test_what_cannot_be_used(x, message):
    with pytest.raises(InputError, match=message):
        as_rows(x, "here")


@pytest.mark.parametrize("rows_at_once", [3, 4, 100])
def test_parts_are_put_together(monkeypatch, rows_at_once):
    monkeypatch.setattr(module, "ROWS_AT_ONCE", rows_at_once)
    seen = []

    def twice(part):
        seen.append(len(part))
        return 2 * part

    x = np.arange(20.0).reshape(10, 2)
    np.testing.assert_array_equal(in_parts(twice, x), 2 * x)
    assert max(seen) == min(rows_at_once, 10)
