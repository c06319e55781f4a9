"""Widths."""

import pytest

from dnn_tf import models
from dnn_tf.types import InputError


def test_the_documents_network_and_longer_ones():
    assert models.funnel(300, 100, 2) == (300, 100)
    assert models.funnel(400, 25, 5) == (400, 200, 100, 50, 25)
    assert models.funnel(50, 50, 3) == (50, 50, 50)
    assert models.funnel(10, 3, 4) == (10, 7, 4, 3)  # 6.69 and 4.48, rounded
    assert models.funnel(300, 100, 1) == (300,)


def test_builds_a_network():
    model = models.dnn(hidden=models.funnel(300, 100, 3))
    assert [layer.units for layer in model.layers[1:]] == [300, 173, 100, 10]


@pytest.mark.parametrize("words", [(0, 10, 2), (10, 0, 2), (10, 10, 0), (10, 2.5, 2)])
def test_sizes(words):
    with pytest.raises(InputError, match="is a whole number, 1 or more"):
        models.funnel(*words)
