"""What every source of a stream has."""

import pytest

from dnn_tf.data.stream_source import Layout, check_layout
from dnn_tf.types import InputError


def test_a_block_is_of_about_a_mebibyte():
    pixels = Layout((28, 28), (), "uint8", "int64")
    assert (pixels.n_bytes, pixels.block_rows) == (792, 2**20 // 792)
    assert Layout((10**7,), (), "float32", "int64").block_rows == 1


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        (Layout((), (), "uint8", "int64"), r"shape \(\), and \(features,\) was expected"),
        (Layout((3, 0), (), "uint8", "int64"), r"shape \(3, 0\)"),
        (Layout((3,), (), "string", "int64"), "x holds string, and real numbers"),
        (Layout((3,), (), "uint8", "complex64"), "y holds complex64, and real numbers"),
    ],
)
def test_rows_that_are_none(layout, said):
    with pytest.raises(InputError, match=said):
        check_layout(layout, "here")
