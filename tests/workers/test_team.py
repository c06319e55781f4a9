import pytest

from dnn_tf.types import DivergenceError
from dnn_tf.workers import ALONE, Team, jointly
from dnn_tf.workers.team import is_joint


def test_one_worker_agrees_with_itself():
    assert ALONE.is_chief
    assert (ALONE.size, ALONE.rank) == (1, 0)
    assert ALONE.chiefs({"a": 1}) == {"a": 1}
    assert ALONE.chiefs_arrays(1, {}) == (1, {})
    assert ALONE.gathered(3) == [3]
    assert ALONE.any(True)
    assert not ALONE.any(False)
    with pytest.raises(KeyError), ALONE.at_work():
        raise KeyError


def test_any_asks_all():
    class Two(Team):
        def gathered(self, value, what="a value"):
            return [value, True]

    assert Two().any(False)


def test_errors_of_all():
    assert is_joint(DivergenceError("NaN"))
    assert not is_joint(KeyboardInterrupt())
    assert is_joint(jointly(KeyboardInterrupt("kept")))
