"""The layers as the caller names them."""

import pytest

from dnn_tf.tf1.pieces import sort_out
from dnn_tf.tf1.told import as_told
from dnn_tf.types import InputError

PIECES = sort_out(
    {
        **{f"{name}/kernel": (5, 5) for name in ("red", "blue", "green")},
        "top/kernel": (5, 2),
        "two/kernel": (5, 5),
        "two/kernel_1": (5, 5),
        "norm/moving_mean": (5,),
        "norm/moving_variance": (5,),
    }
)


@pytest.mark.parametrize(
    ("layers", "order", "norms"),
    [
        (["green", "norm", "red", "top"], ("green", "red", "top"), [1]),
        (["norm", "red/kernel", "blue"], ("red", "blue"), [0]),
        (["red", "blue", "norm"], ("red", "blue"), [2]),
    ],
)
def test_in_that_order_with_the_normalisations_where_they_are_named(layers, order, norms):
    kernels, placed = as_told(layers, PIECES)
    assert kernels == tuple(f"{name}/kernel" for name in order)
    assert list(placed) == norms


def test_a_normalisation_that_is_not_named_is_placed():
    pieces = sort_out({"a/kernel": (4, 5), "b/kernel": (5, 2), "norm/moving_mean": (5,),
                       "norm/moving_variance": (5,)})  # fmt: skip
    assert list(as_told(["a", "b"], pieces)[1]) == [1]


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ("red", "layers is a list of names.*got 'red'"),
        ([], "layers is a list of names"),
        (["red", "red"], "each once"),
        (["norm"], "names no kernel"),
        (["pink"], r"'pink' names no layer, and one was expected of .*red/kernel \(5, 5\)"),
        (["two"], "'two' names 2 kernels"),
        (["top", "red"], r"red/kernel takes 5 numbers and cannot follow top/kernel with 2"),
        (["red", "top", "norm"], r"norm takes 5 numbers and cannot follow top/kernel with 2"),
    ],
)
def test_what_cannot_be(layers, message):
    with pytest.raises(InputError, match=message):
        as_told(layers, PIECES)
