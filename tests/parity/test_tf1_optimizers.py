"""Every optimiser trains the document's network as TF1's and Keras' do, weight by weight.

In double precision, where nothing but the algebra can differ.
"""

import os

import keras
import numpy as np
import pytest
import tensorflow as tf

import dnn_tf
from conformance.optimizer_cases import OPTIMIZERS
from dnn_tf import gradients
from dnn_tf.training.step import make_step
from parity.document_graph import draw_batches, largest_difference, train

RATES = {
    "GradientDescent": 0.05,
    "Momentum": 0.02,
    "Momentum, learning rate outside": 0.01,
    "Nesterov": 0.01,
    "Nesterov, learning rate outside": 0.02,
    "AdaGrad": 0.02,
    "AdaGrad, without epsilon": 0.02,
    "RMSProp": 1e-3,
    "RMSProp, with momentum": 3e-4,
    "RMSProp, from ones": 1e-3,
    "Adam": 1e-3,
    "Adam, other betas and epsilon": 1e-3,
    "FTRL": 0.2,
    "FTRL, with penalties": 0.2,
    "AdaDelta": 1.0,
    "AdaDelta, other rho and epsilon": 1.0,
    "LayerwiseRates": 0.05,
}
"""The first half of the training; a tenth in the second."""

CLIPS = {  # ours, and the list of gradients in TF1
    "plain": (None, None),
    "by value": (
        gradients.clip_by_value(0.002),
        lambda gs: [tf.clip_by_value(g, -0.002, 0.002) for g in gs],
    ),
    "by norm": (
        gradients.clip_by_norm(0.1),
        lambda gs: [tf.clip_by_norm(g, 0.1) for g in gs],
    ),
    "by global norm": (
        gradients.clip_by_global_norm(0.1),
        lambda gs: tf.clip_by_global_norm(gs, 0.1)[0],
    ),
}


LONG = bool(os.environ.get("DNN_TF_LONG"))


def with_peer(kind):
    return [name for name, case in OPTIMIZERS.items() if getattr(case, kind)]


def some_clips():
    """Each row plain and with one clip, each clip with some rows; all pairs in the long form."""
    return [
        (name, clip)
        for i, name in enumerate(with_peer("tf1_peer"))
        for clip in (CLIPS if LONG else ("plain", [*CLIPS][1 + (i + 1) % 3]))
    ]


@pytest.fixture
def batches(name, sample):
    """Fewer for FTRL, whose powers take most of the time: each of its terms is in every step."""
    return draw_batches(len(sample.train), steps=60 if name.startswith("FTRL") else 200)


@pytest.fixture
def training(sample, batches):
    """Trains from the same start with an optimiser; returns the weights and the losses."""
    x, y = sample.train.x.astype("float64"), sample.train.y

    def training(optimizer, clip):
        keras.config.set_dtype_policy("float64")
        try:
            keras.utils.set_random_seed(0)
            model = dnn_tf.models.dnn()
        finally:
            keras.config.set_dtype_policy("float32")
        step = tf.function(
            make_step(model, dnn_tf.losses.sparse_softmax_cross_entropy, optimizer, clip),
            autograph=False,
        )
        start = model.get_weights()
        losses = [float(step(x[rows], y[rows])[0]) / len(rows) for rows in batches]
        return start, losses, model.get_weights()

    return training


def pieces(name, batches):
    return [len(batches) // 2 - 1], [RATES[name], RATES[name] / 10]


def falling(name, batches):
    return dnn_tf.schedules.PiecewiseConstant(*pieces(name, batches))


def in_single(optimizer):
    """Its numbers as single precision holds them, which is how the peers hold some of theirs."""
    for name, value in vars(optimizer).items():
        if isinstance(value, float):
            setattr(optimizer, name, float(np.float32(value)))
    return optimizer


def allowed(name, adam=1e-8):
    """What the weights may differ by."""
    if name.startswith("FTRL"):
        return 1e-9  # after fewer steps
    return adam if name.startswith("Adam") else 1e-8


def check_trained(name, losses):
    if not name.startswith("FTRL"):  # clipped or penalised, it hardly leaves the 0 it starts from
        assert np.mean(losses[-20:]) < 2.3 < losses[0]  # the loss of guessing, log 10


@pytest.mark.parametrize(("name", "clip"), some_clips())
def test_tf1(name, clip, training, sample, batches):
    case, (ours, theirs) = OPTIMIZERS[name], CLIPS[clip]

    def peer(count):
        fall = tf.compat.v1.train.piecewise_constant(count, *pieces(name, batches))
        return in_single(case.tf1_peer(fall))

    start, losses, after = training(in_single(case.make(falling(name, batches))), ours)
    x = sample.train.x.astype("float64")
    *_, expected = train(start, batches, x, sample.train.y, peer, theirs)
    # TF1 takes the powers of Adam's betas in single precision
    assert largest_difference(after, expected) < allowed(name, adam=1e-5)
    check_trained(name, losses)


@pytest.mark.parametrize("clip", CLIPS if LONG else ["by value"])
@pytest.mark.parametrize("name", with_peer("keras_peer"))
def test_keras(name, clip, training, batches):
    case, (clip, _) = OPTIMIZERS[name], CLIPS[clip]
    _, losses, after = training(in_single(case.make(falling(name, batches))), clip)
    _, _, expected = training(in_single(case.keras_peer(falling(name, batches))), clip)
    assert largest_difference(after, expected) < allowed(name)
    check_trained(name, losses)
