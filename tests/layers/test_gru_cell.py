"""What the tables do not say of the GRU."""

import numpy as np

from dnn_tf import layers


def test_closed_update_gate_keeps_the_state():
    cell = layers.GRUCell(1)
    cell.build((None, 1))
    bias = np.zeros((2, 3))
    bias[0, 0] = 100  # z = 1: keep
    cell.set_weights([np.ones((1, 3)), np.ones((1, 3)), bias])
    h = np.array([[0.7]])
    for _ in range(100):
        _, (h,) = cell(np.ones((1, 1)), [h])
    np.testing.assert_allclose(h, 0.7, rtol=1e-5)


def test_the_two_forms_differ_once_there_is_a_state():
    rng = np.random.default_rng(0)
    after, before = layers.GRUCell(3), layers.GRUCell(3, reset_after=False)
    for cell in (after, before):
        cell.build((None, 2))
    kernels = [rng.normal(size=(2, 9)), rng.normal(size=(3, 9))]
    after.set_weights([*kernels, np.zeros((2, 9))])
    before.set_weights([*kernels, np.zeros(9)])
    x, zero, h = rng.normal(size=(4, 2)), np.zeros((4, 3)), rng.normal(size=(4, 3))
    np.testing.assert_allclose(after(x, [zero])[0], before(x, [zero])[0], rtol=1e-5)
    assert not np.allclose(after(x, [h])[0], before(x, [h])[0], atol=1e-3)


def test_form_is_kept_in_the_config():
    assert not layers.GRUCell.from_config(
        layers.GRUCell(3, reset_after=False).get_config()
    ).reset_after
