import json

import pytest

from benchmarks.works import RACES, Work, initial_weights


def test_the_flops_of_a_dense_network_by_hand():
    # 784 x 300: forward and weights; 300 x 100 and 100 x 10: those and the inputs
    by_hand = 2 * (2 * 784 * 300 + 3 * 300 * 100 + 3 * 100 * 10)
    assert RACES["dense-50"].flops(1) == by_hand == 1_126_800
    assert RACES["dense-10"].flops(55_000) == 55_000 * by_hand


def test_the_flops_of_a_convolutional_network_by_hand():
    work = Work("small", "", filters=(4,), hidden=())
    assert work.shapes() == [(3, 3, 1, 4), (13 * 13 * 4, 10)]
    assert work.flops(1) == 2 * 2 * 26 * 26 * 9 * 4 + 3 * 2 * 676 * 10


def test_predicting_goes_forward_only():
    assert RACES["predict"].flops(1) == 2 * (784 * 300 + 300 * 100 + 100 * 10)


@pytest.mark.parametrize("work", RACES.values(), ids=list(RACES))
def test_a_work_goes_through_json_and_has_weights(work):
    assert Work.from_dict(json.loads(json.dumps(work.as_dict()))) == work
    assert [kernel.shape for kernel, _ in initial_weights(work)] == work.shapes()
