"""The spread of a signal through many SELU layers."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.activations.rectified import SELU_ALPHA, SELU_SCALE
from dnn_tf.experiments import selu_depth as page
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    assert [row.name for row in outcome.rows if row.ok is not True] == []
    assert [claim.holds for claim in outcome.claims] == [True, False]
    assert outcome.figure is not None


def test_what_the_printed_call_of_tensorflow_comes_to():
    z = np.linspace(-3, 3, 7)[None]
    printed = SELU_SCALE * tf.nn.elu(z, SELU_ALPHA)
    np.testing.assert_allclose(page.without_alpha(z, np.eye(7)), printed, rtol=1e-12)


def test_swapped_constants_keep_the_negative_side_and_raise_the_square_of_a_normal():
    z = np.random.default_rng(0).normal(size=(400_000, 1))
    swapped, right = (np.asarray(f(z, np.eye(1))) for f in (page.swapped, page.plain))
    np.testing.assert_allclose(swapped[z < 0], right[z < 0])
    assert np.mean(swapped**2) == pytest.approx(1.847, abs=0.02)
    assert np.mean(right**2) == pytest.approx(1, abs=0.02)


def test_the_notebook_in_numpy():
    rng = np.random.RandomState(42)
    x = rng.normal(size=(500, 100))
    for _ in range(3):
        z = x @ rng.normal(size=(100, 100), scale=0.1)
        x = SELU_SCALE * np.where(z < 0, SELU_ALPHA * (np.exp(z) - 1), z)
    mean, std = page.spread(page.plain, 3)
    np.testing.assert_allclose(mean[-1], np.mean(x, axis=0).mean())
    np.testing.assert_allclose(std[-1], np.std(x, axis=0).mean())
