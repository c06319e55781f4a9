from benchmarks.spread import spread


def test_one_epoch_is_its_own_spread():
    assert set(spread([0.5])) == {0.5}


def test_a_slow_epoch_moves_no_median():
    assert spread([3.0, 1.0, 100.0, 2.0, 4.0]) == (3.0, 2.0, 4.0, 1.0, 100.0)
