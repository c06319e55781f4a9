from types import SimpleNamespace

import pytest

from dnn_tf.estimator.all_or_nothing import all_or_nothing


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_what_was_added_changed_or_taken_away_is_back(error):
    thing = SimpleNamespace(a=1, b=2)
    with pytest.raises(error), all_or_nothing(thing):
        thing.a, thing.c = 3, 4
        del thing.b
        raise error
    assert vars(thing) == {"a": 1, "b": 2}


def test_without_an_error_all_stays():
    thing = SimpleNamespace(a=1)
    with all_or_nothing(thing):
        thing.a = 2
    assert thing.a == 2
