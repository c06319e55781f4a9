import numpy as np
import pytest

from dnn_tf import models, optimizers
from dnn_tf.data import Split
from dnn_tf.estimator.passes import Passes
from dnn_tf.gradients import clip_by_value
from dnn_tf.losses import mean_squared_error
from dnn_tf.types import DivergenceError


def line(rate=0.1, clip=None):
    """`w x`, from `w = 0`."""
    model = models.dnn(1, (), 1, kernel_initializer="zeros")
    model.compile(optimizers.GradientDescent(rate), mean_squared_error)
    return model, Passes(model, mean_squared_error, clip, jit_compile=False)


def split(*rows):
    return Split(np.array(rows, "float32")[:, :1], np.array(rows, "float32")[:, 1])


def test_each_batch_is_a_step_and_the_loss_is_of_before():
    model, passes = line()
    loss = passes.over(split((1, 1), (0, 0), (0, 3)), np.array([0, 1, 2]), 2)
    # batch 1: w = b = 0; gradients of ((w + b - 1)^2 + b^2) / 2 are -1 and -1
    # batch 2: b = 0.1; the loss is (0.1 - 3)^2, and the gradient of b is 2 (0.1 - 3)
    np.testing.assert_allclose(loss, (2 * 0.5 + 2.9**2) / 3, rtol=1e-6)
    weights = [v.numpy().item() for v in model.trainable_variables]
    np.testing.assert_allclose(weights, [0.1, 0.1 + 0.58], rtol=1e-6)


def test_the_order_decides():
    rows = split((1, 1), (0, 3))
    (one, first), (other, second) = line(), line()
    first.over(rows, np.array([0, 1]), 1)
    second.over(rows, np.array([1, 0]), 1)
    weights = [model.trainable_variables[0].numpy().item() for model in (one, other)]
    np.testing.assert_allclose(weights, [0.2, 2 * 0.1 * (1 - 0.6)], rtol=1e-6)


def test_gradients_are_clipped():
    model, passes = line(clip=clip_by_value(0.5))
    passes.over(split((1, 100)), np.array([0]), 1)
    weights = [v.numpy().item() for v in model.trainable_variables]
    np.testing.assert_allclose(weights, [0.05, 0.05], rtol=1e-6)


def test_rows_of_a_known_shape_compile_nothing():
    _, passes = line()
    for _ in range(3):
        passes.over(split((1, 1), (0, 0), (0, 3)), np.arange(3), 2)
    assert passes._run.experimental_get_tracing_count() == 2  # two rows, and the one that is left


def test_a_bad_step_is_named_and_the_whole_pass_undone():
    model, passes = line(rate=1e20)
    with pytest.raises(DivergenceError, match="step 2 of the pass made .* of before the pass"):
        passes.over(split((1, 1), (1, 1), (1, 1), (1, 1)), np.arange(4), 1)
    assert [v.numpy().item() for v in model.trainable_variables] == [0, 0]
    assert int(model.optimizer.iterations.numpy()) == 0


def test_an_interrupt_undoes_the_pass(monkeypatch):
    model, passes = line()
    steps = passes._steps

    def interrupted(x, y, batches, totals):
        if batches.shape[1] == 1:  # the row that is left
            raise KeyboardInterrupt
        return steps(x, y, batches, totals)

    monkeypatch.setattr(passes, "_steps", interrupted)
    with pytest.raises(KeyboardInterrupt):
        passes.over(split((1, 1), (0, 0), (0, 3)), np.arange(3), 2)
    assert [v.numpy().item() for v in model.trainable_variables] == [0, 0]
