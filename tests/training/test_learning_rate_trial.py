"""What follows from the losses of a trial."""

import numpy as np

from dnn_tf.training import LearningRateTrial
from dnn_tf.training.learning_rate_trial import fell, rose, smoothed


def test_smoothed_by_hand():
    np.testing.assert_allclose(smoothed([1.0, 3.0]), [1.0, (0.09 * 1 + 0.1 * 3) / 0.19])


def trial_of(losses):
    rates = np.geomspace(1e-6, 10, len(losses))
    return LearningRateTrial(rates, np.array(losses), smoothed(losses))


def test_the_smallest_is_looked_for_once_the_mean_has_settled():
    """One easy row at the start is the smallest running mean of all."""
    trial = trial_of([0.01] + [2.0] * 19 + list(np.linspace(2, 1, 50)) + [9.0] * 30)
    assert int(np.argmin(trial.smoothed)) == 0
    assert trial.largest == trial.learning_rates[69]


def zigzag(start, stop, steps, height):
    """A straight way with a noise of which the standard deviation is `height`."""
    return list(np.linspace(start, stop, steps) + height * (-1.0) ** np.arange(steps) / 2**0.5)


def test_a_tenth_of_the_largest():
    trial = trial_of(zigzag(2, 1, 50, 0) + zigzag(1, 5, 20, 0))
    assert trial.suggestion == trial.largest / 10


def test_a_fall_is_more_than_the_noise():
    assert fell(zigzag(2, 1, 100, 0.1))
    assert not fell(zigzag(2, 1.9, 100, 0.3))
    assert not fell(zigzag(1, 2, 100, 0.1))
    assert not fell([2.0] * 5)  # too short to tell


def test_a_rise_is_three_times_the_fall():
    down = zigzag(2, 1, 100, 0)
    assert not rose(down)
    assert not rose(down + [3.0] * 20)  # back up by about twice the fall
    assert rose(down + [9.0] * 20)


def test_a_rise_without_a_fall_is_measured_by_the_noise():
    level = zigzag(1, 1, 50, 0.1)
    assert not rose(level + [1.1] * 20)
    assert rose(level + [4.0] * 20)
