"""Contrastive divergence against the gradient that it stands for."""

import importlib

import keras
import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.layers import RBM
from dnn_tf.pretraining import contrastive_divergence as from_the_door
from dnn_tf.pretraining.contrastive_divergence import (
    cd_gradient,
    contrastive_divergence,
    drawn_binary,
    drawn_visible,
)
from dnn_tf.types import InputError

module = importlib.import_module("dnn_tf.pretraining.contrastive_divergence")

CHAINS = 40_000


def far(found, gradient):
    """The largest distance of an entry."""
    return max(np.abs(g.numpy() - exact).max() for g, exact in zip(found, gradient, strict=True))


def many(bars):
    return np.tile(bars, (CHAINS // len(bars), 1)).astype("float32")


def test_by_hand():
    """One row: v = (1, 0) with p = 3/4; the dream (1, 1) with p = 1/2."""
    rows = ([[1.0, 0]], [[0.75]], [[1.0, 1]], [[0.5]])
    W, b, a = cd_gradient(*(np.array(row, "float32") for row in rows))
    assert W.numpy().tolist() == [[0.25], [-0.5]]
    assert b.numpy().tolist() == [0.25]
    assert a.numpy().tolist() == [0, -1]


def test_formula_in_float64():
    rng = np.random.default_rng(0)
    v_0, v_k = rng.normal(size=(2, 50, 4))
    p_0, p_k = rng.uniform(size=(2, 50, 3))
    W, b, a = cd_gradient(v_0, p_0, v_k, p_k)
    expected = np.mean([np.outer(*x) - np.outer(*y) for *x, y in _pairs(v_0, p_0, v_k, p_k)], 0)
    np.testing.assert_allclose(W, expected, rtol=1e-12)
    np.testing.assert_allclose(b, p_0.mean(0) - p_k.mean(0), rtol=1e-9)
    np.testing.assert_allclose(a, v_0.mean(0) - v_k.mean(0), rtol=1e-9)


def _pairs(v_0, p_0, v_k, p_k):
    return [(v, p, (w, q)) for v, p, w, q in zip(v_0, p_0, v_k, p_k, strict=True)]


def test_with_many_steps_it_is_the_gradient_of_the_log_likelihood(tiny_rbm, exact, bars):
    gradient = exact(tiny_rbm).gradient(bars)
    distances = [
        far(
            contrastive_divergence(tiny_rbm, many(bars), cd_steps=k, sample_visible=True, seed=1)[
                0
            ],
            gradient,
        )
        for k in (1, 20)
    ]
    assert distances[1] < 0.01  # of the draws
    assert distances[1] < distances[0] / 3


def test_a_single_step_points_uphill(tiny_rbm, exact, bars):
    found, _ = contrastive_divergence(tiny_rbm, many(bars), seed=1)
    gradient = exact(tiny_rbm).gradient(bars)
    assert sum((w.numpy() * g).sum() for w, g in zip(found, gradient, strict=True)) > 0


def test_the_exact_gradient_is_that_of_finite_differences(tiny_rbm, exact, bars):
    """Who tests the test?"""
    gradient = exact(tiny_rbm).gradient(bars)
    for place, weight in enumerate(tiny_rbm.weights):
        before = weight.numpy()
        index = (0,) * before.ndim
        ahead, behind = (
            _moved(tiny_rbm, exact, bars, weight, before, index, h) for h in (1e-2, -1e-2)
        )
        assert (ahead - behind) / 2e-2 == pytest.approx(gradient[place][index], abs=1e-4)


def _moved(rbm, exact, bars, weight, before, index, h):
    value = before.copy()
    value[index] += h
    weight.assign(value)
    found = exact(rbm).log_likelihood(bars)
    weight.assign(before)
    return found


def test_gaussian_visible_units_with_many_steps():
    """A mixture of Gaussians, one for each hidden state: `v ~ N(a + W h, 1)`."""
    rbm = RBM(2, "gaussian")
    rbm.build((None, 3))
    rng = np.random.default_rng(2)
    rbm.set_weights([rng.normal(size=w.shape) for w in rbm.weights])
    W, b, a = (w.astype("float64") for w in rbm.get_weights())
    h = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    means = a + h @ W.T
    p = np.exp(h @ b + h @ W.T @ a + ((h @ W.T) ** 2).sum(1) / 2)
    p = (p / p.sum())[:, None]
    x = rng.normal(size=(100, 3))
    seen = 1 / (1 + np.exp(-(x @ W + b)))
    gradient = (
        x.T @ seen / len(x) - (p * means).T @ h,
        seen.mean(0) - (p * h).sum(0),
        x.mean(0) - (p * means).sum(0),
    )
    v = np.tile(x, (CHAINS // len(x), 1)).astype("float32")
    found, _ = contrastive_divergence(rbm, v, cd_steps=20, sample_visible=True, seed=1)
    assert far(found, gradient) < 0.04


def test_same_seed_same_draws(tiny_rbm, bars):
    v = bars.astype("float32")
    one, again, other = (contrastive_divergence(tiny_rbm, v, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one[1], again[1])
    assert not np.array_equal(one[1], other[1])


def test_a_generator_goes_on(tiny_rbm, bars):
    generator = keras.random.SeedGenerator(1)
    v = bars.astype("float32")
    one, other = (contrastive_divergence(tiny_rbm, v, seed=generator)[1] for _ in range(2))
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("sample", [False, True], ids=["means", "drawn"])
def test_binary_visible_units_are_drawn_where_asked(tiny_rbm, bars, sample):
    _, v_k = contrastive_divergence(tiny_rbm, bars.astype("float32"), sample_visible=sample, seed=1)
    assert set(np.unique(v_k)) <= {0, 1} if sample else not set(np.unique(v_k)) <= {0, 1}


def test_draws_have_the_frequency_that_was_asked():
    seed = keras.random.SeedGenerator(3)
    p = np.tile(np.array([0.0, 0.3, 1.0], "float32"), (100_000, 1))
    np.testing.assert_allclose(drawn_binary(p, seed).numpy().mean(0), [0, 0.3, 1], atol=0.005)


def test_gaussian_draws_have_the_deviation_1():
    seed = keras.random.SeedGenerator(3)
    mean = np.full((100_000, 1), 5.0, "float32")
    drawn = drawn_visible(RBM(1, "gaussian"), mean, seed).numpy()
    assert drawn.mean() == pytest.approx(5, abs=0.02)
    assert drawn.std() == pytest.approx(1, abs=0.02)


def test_an_rbm_without_weights(bars):
    with pytest.raises(InputError, match="RBM 'r' has no weights yet: call rbm.build"):
        contrastive_divergence(RBM(3, name="r"), bars)


@pytest.mark.parametrize("steps", [0, -1, 1.5, True])
def test_odd_steps(tiny_rbm, bars, steps):
    with pytest.raises(InputError, match="cd_steps is a whole number, 1 or more, and got"):
        from_the_door(tiny_rbm, bars, cd_steps=steps)


@pytest.mark.parametrize("sample", [False, True], ids=["means", "drawn"])
def test_a_long_chain_draws_what_a_short_one_would(monkeypatch, tiny_rbm, bars, sample):
    def chain():
        words = {"cd_steps": 7, "sample_visible": sample, "seed": keras.random.SeedGenerator(1)}
        return tf.function(lambda v: contrastive_divergence(tiny_rbm, v, **words)[1])(bars)

    unrolled = chain()
    monkeypatch.setattr(module, "LONGEST_UNROLLED", 3)
    np.testing.assert_allclose(chain(), unrolled, rtol=1e-6)


def test_a_long_chain_is_compiled_soon(tiny_rbm, bars):
    """As a loop: 2,000 steps in a row take more than a minute."""
    draws = keras.random.SeedGenerator(1)
    graph = tf.function(lambda v: contrastive_divergence(tiny_rbm, v, cd_steps=2000, seed=draws)[1])
    assert len(graph.get_concrete_function(bars).graph.get_operations()) < 200


@pytest.mark.parametrize("kind", ["float64", "int64", "bool", "list"])
def test_rows_of_any_numbers(tiny_rbm, bars, kind):
    v = bars.tolist() if kind == "list" else bars.astype(kind)
    expected = contrastive_divergence(tiny_rbm, bars.astype("float32"), seed=1)[1]
    np.testing.assert_array_equal(contrastive_divergence(tiny_rbm, v, seed=1)[1], expected)


def test_rows_of_another_width(tiny_rbm):
    with pytest.raises(InputError, match=r"its visible units take rows of 4 numbers, and got the "):
        contrastive_divergence(tiny_rbm, np.zeros((5, 3)))


def test_seed_of_numpy(tiny_rbm, bars):
    one, other = (contrastive_divergence(tiny_rbm, bars, seed=seed)[1] for seed in (3, np.int64(3)))
    np.testing.assert_array_equal(one, other)
