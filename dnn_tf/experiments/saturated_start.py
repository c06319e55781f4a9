"""Squared error against cross-entropy, from a sigmoid that is wrong and saturated.

The first document: with squared error a neuron that is badly wrong learns slowly, because its
gradient `(a - y) s'(z) x` holds the derivative of the sigmoid, which is nearly 0 there; with
cross-entropy the gradient is `(a - y) x`. Here one sigmoid, from the weight 2 and the bias 2, is to
turn the input 1 into 0 by steps of 0.15 (the example is M. Nielsen's, Neural Networks and Deep
Learning, 2015, chapter 3). At the start `a = s(4) = 0.98`, and the gradients differ by
`1 / s'(4) = 56.6`.

The document prints the loss as `1/2 (y - a)` (E20): the square is missing. Its derivatives are
those of `1/2 (y - a)^2`.
"""

import keras
import numpy as np

from dnn_tf import plots
from dnn_tf.activations import sigmoid
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least
from dnn_tf.experiments.setting import Setting
from dnn_tf.losses import half_squared_error, sigmoid_cross_entropy
from dnn_tf.optimizers import GradientDescent
from dnn_tf.types import Measure, Tensor

START = 2.0
RATE = 0.15
STEPS = 500
NEAR = 0.2
"""An output below which the neuron has learnt."""


def sigmoid_squared_error(y_true: Tensor, logits: Tensor) -> Tensor:
    """`1/2 (y - s(z))^2`, of logits as the cross-entropy is.

    Shapes:
        `(batch, 1)`, `(batch, 1)` -> `(batch,)`.
    """
    return half_squared_error(y_true, sigmoid(logits))


def reproduce(setting: Setting) -> Outcome:
    """Trains the neuron with either loss."""
    outputs = {
        "squared error": outputs_of(sigmoid_squared_error, setting),
        "cross-entropy": outputs_of(sigmoid_cross_entropy, setting),
    }
    slow, fast = (int(np.argmax(output < NEAR)) or STEPS for output in outputs.values())
    # The first step goes down the gradient: what it moves the logit by shows how large that is.
    first = {name: logit(output[0]) - logit(output[1]) for name, output in outputs.items()}
    ratio = first["cross-entropy"] / first["squared error"]
    a = 1 / (1 + np.exp(-2 * START))
    rows = [
        Row("first step, cross-entropy over squared error", ratio, 1 / (a * (1 - a)), 0.1),
        at_least(f"steps to an output below {NEAR}, as a ratio", slow / fast, 2.0),
    ]
    claim = Claim(
        "The first document: from a saturated start cross-entropy learns faster than squared "
        "error.",
        slow > fast,
        f"{fast} steps against {slow}.",
    )
    figure = plots.lines(
        plots.Panel(outputs, x="step", y="output (0 is right)", levels={"learnt": NEAR}),
        title="One sigmoid that starts at 0.98 and should answer 0",
    )
    return Outcome(rows, figure, [claim])


def outputs_of(loss: Measure, setting: Setting) -> np.ndarray:
    """What the neuron answers before the first step and after each."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.set_weights([np.full((1, 1), START), np.full(1, START)])
    x, y = np.ones((1, 1), "float32"), np.zeros((1, 1), "float32")
    answers = [sigmoid(2 * START)]
    after = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: answers.append(sigmoid(model(x))[0, 0])  # noqa: ARG005
    )
    setting.fit(
        model, GradientDescent(RATE), data=(x, y), loss=loss, epochs=STEPS, batch_size=1,
        metrics=[], callbacks=[after],
    )  # fmt: skip
    return np.asarray([float(answer) for answer in answers])


def logit(a: float) -> float:
    """The inverse of the sigmoid."""
    return float(np.log(a / (1 - a)))
