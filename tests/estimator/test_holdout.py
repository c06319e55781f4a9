import numpy as np
import pytest

from dnn_tf.estimator.holdout import held_out
from dnn_tf.types import InputError


def test_every_row_is_in_one_part():
    train, validation = held_out(50, 0.2, seed=1)
    assert sorted([*train, *validation]) == list(range(50))
    assert len(validation) == 10


def test_the_seed_decides():
    assert held_out(50, 0.2, seed=1)[1].tolist() == held_out(50, 0.2, seed=1)[1].tolist()
    assert held_out(50, 0.2, seed=1)[1].tolist() != held_out(50, 0.2, seed=2)[1].tolist()


def test_each_class_has_its_share():
    classes = np.repeat([0, 1], [40, 10])
    for seed in range(5):
        _, validation = held_out(50, 0.2, seed, classes)
        assert np.bincount(classes[validation]).tolist() == [8, 2]


@pytest.mark.parametrize(("n", "classes"), [(1, None), (20, np.array([0] * 19 + [1]))])
def test_too_few_rows(n, classes):
    with pytest.raises(InputError, match="cannot be held out .*: give fit validation_data, anoth"):
        held_out(n, 0.2, 0, classes)
