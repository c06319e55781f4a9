"""What the documents say of units in words, and a number can refute: E12 and E17."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from dnn_tf import activations
from dnn_tf.experiments.outcome import Claim
from dnn_tf.experiments.rows import Row
from dnn_tf.experiments.unit_formulas import best_line, learn_absolute_value
from dnn_tf.types import Tensor


def leaky_step() -> Row:
    """E12, which has no number of its own.

    What is continuous changes a thousandth as much over a thousandth of the way; a jump as much.
    """
    far, near = (leaky_change(activations.leaky_relu, z) for z in (1e-3, 1e-6))
    theirs = [
        leaky_change(lambda z: keras.activations.leaky_relu(z, negative_slope=0.01), z)
        for z in (1e-3, 1e-6)
    ]
    return Row(
        "E12 change of the leaky ReLU from -1e-6 to 1e-6 over that from -1e-3 to 1e-3", near / far,
        theirs[1] / theirs[0], 1e-6, note="reference: Keras; a jump would give 1",
    )  # fmt: skip


def leaky_change(f: Callable[[Tensor], Tensor], z: float) -> float:
    """`f(z) - f(-z)`."""
    below, above = np.asarray(f(tf.constant([-z, z])))
    return float(above - below)


def worded_claims() -> list[Claim]:
    """E12 and E17, which are said in words."""
    share = leaky_step().measured
    assert share is not None
    x = np.linspace(-1, 1, 201)[:, None]
    learnt, line = learn_absolute_value(x), best_line(x)
    return [
        Claim(
            "E12, first document: the leaky ReLU is discontinuous.",
            share > 0.5,
            f"over a thousandth of the way across 0 it changes {share:.2g} as much.",
        ),
        Claim(
            "E17, third document: only linear networks can be trained by gradient descent.",
            learnt >= line,
            f"a Maxout unit learnt |x| to a squared error of {learnt:.2g}; the best line leaves "
            f"{line:.2g}.",
        ),
    ]
