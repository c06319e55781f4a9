"""The training runs of chapter 11, in short."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from dnn_tf import regularizers
from dnn_tf.activations import selu
from dnn_tf.activations.rectified import SELU_ALPHA, SELU_SCALE
from dnn_tf.data import Dataset, Split
from dnn_tf.experiments import chapter_11 as page
from dnn_tf.experiments.chapter_11 import RUNS
from dnn_tf.experiments.setting import Setting


def test_reproduces():
    outcome = page.reproduce(Setting(quick=True))
    left_out = {row.name.split(", epoch")[0] for row in outcome.rows if row.ok is None}
    assert left_out == {
        name for name, run in RUNS.items() if run.stored and run.quick_epochs is None
    }
    assert [row.name for row in outcome.rows if row.ok is False] == []
    assert outcome.figure is not None


def test_settings_of_the_notebook():
    table = {
        name: (run.cell, max(run.stored.items(), default=None), run.batch_size, run.epochs)
        for name, run in RUNS.items()
    }
    assert table == {
        "leaky ReLU": (33, (35, 0.9788), 50, 40),
        "SELU": (53, (35, 0.97), 50, 40),
        "SELU, constants swapped": (53, None, 50, 40),
        "SELU, LeCun's start": (53, None, 50, 40),
        "batch normalisation": (64, (19, 0.9742), 200, 20),
        "clipping": (80, (19, 0.9612), 200, 20),
        "momentum, exponential decay": (155, (4, 0.982), 50, 5),
        "L1 by hand": (164, (19, 0.9052), 200, 20),
        "L1 regulariser": (174, (19, 0.9214), 200, 20),
        "dropout": (180, (19, 0.972), 50, 20),
        "max norm by hand": (192, (19, 0.9844), 50, 20),
        "max norm regulariser": (201, (19, 0.9826), 50, 20),
    }


@pytest.mark.parametrize(
    ("name", "hidden"),
    [("leaky ReLU", (300, 100)), ("clipping", (300, 50, 50, 50, 50)), ("dropout", (300, 50))],
)
def test_networks_of_the_notebook(name, hidden):
    sizes = (784, *hidden, 10)
    weights = sum((below + 1) * above for below, above in itertools.pairwise(sizes))
    assert RUNS[name].make_model().count_params() == weights


def test_swapped_selu_is_steeper_and_the_same_below_0():
    z = tf.constant([-3.0, -1.0, 0.0, 1.0, 2.0])
    right = page.scaled_elu(SELU_SCALE, SELU_ALPHA)(z).numpy()
    swapped = page.scaled_elu(SELU_ALPHA, SELU_SCALE)(z).numpy()
    np.testing.assert_allclose(right, selu(z))
    np.testing.assert_allclose(swapped[:3], right[:3], rtol=1e-6)
    np.testing.assert_allclose(swapped[3:], [1.6732632, 3.3465264], rtol=1e-6)
    np.testing.assert_allclose(right[3:], [1.050701, 2.101402], rtol=1e-6)


@pytest.mark.parametrize(
    ("name", "deviation"),
    [("SELU", np.sqrt(2 / (784 + 300))), ("SELU, LeCun's start", np.sqrt(1 / 784))],
)
def test_starts_of_selu(name, deviation):
    kernel = RUNS[name].network(0).get_layer("hidden1").kernel
    assert np.std(kernel) == pytest.approx(deviation, rel=0.01)


def test_l1_by_hand_is_the_regulariser(sample):
    model = RUNS["L1 by hand"].network(0)
    x, y = sample.train.x[:50], sample.train.y[:50]
    with tf.GradientTape() as tape:
        by_hand = tf.reduce_mean(page.l1_by_hand(model)(y, model(x)))
    gradients = tape.gradient(by_hand, model.trainable_variables)
    penalised = page._dense((300,), kernel_regularizer=regularizers.L1(0.001))
    penalised.set_weights(model.get_weights())
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(page.sparse_softmax_cross_entropy(y, penalised(x)))
        loss += tf.add_n(penalised.losses)
    assert float(by_hand) == pytest.approx(float(loss), rel=1e-6)
    for one, other in zip(
        gradients, tape.gradient(loss, penalised.trainable_variables), strict=True
    ):
        np.testing.assert_allclose(one, other, atol=1e-7)


def test_standardised_pixels():
    train = np.array([[0.0, 1.0], [0.0, 3.0]], "float32")
    rows = Split(np.array([[0.1, 2.0]], "float32"), np.array([0]))
    data = page.standardised(Dataset(Split(train, np.array([0, 1])), validation=rows))
    np.testing.assert_allclose(data.train.x, [[0, -1], [0, 1]])
    np.testing.assert_allclose(data.validation.x, [[1e9, 0]], rtol=1e-6)
    assert data.test is None


def test_batch_normalisation_on_the_logits_too():
    names = [layer.name for layer in RUNS["batch normalisation"].make_model().layers]
    assert names[-1] == "outputs_bn"
    assert "hidden2_bn" in names


@pytest.mark.parametrize("name", ["max norm by hand", "max norm regulariser"])
def test_max_norm_bounds_what_leaves_an_input(name):
    model = RUNS[name].make_model()
    kernel = model.get_layer("hidden1").kernel
    large = 10 * kernel.numpy()
    bounded = kernel.constraint(large)
    np.testing.assert_allclose(bounded, tf.clip_by_norm(large, 1.0, axes=1), atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(bounded, axis=1), 1.0, rtol=1e-5)
    assert model.get_layer("outputs").kernel.constraint is None


def test_first_epochs_of_five_seeds(monkeypatch, sample):
    setting = Setting(quick=True)
    vars(setting)["data"] = Dataset(
        Split(sample.train.x[:200], sample.train.y[:200]), validation=sample.validation
    )
    monkeypatch.setattr(page, "SEEDS", 2)
    least, largest, *_ = page._first_epochs(setting)
    assert 0 <= least.measured <= largest.measured < 0.5
    assert "ln 10 = 2.30" in least.note


def test_optimisers_are_made_anew():
    run = RUNS["dropout"]
    one, other = run.make_optimizer(), run.make_optimizer()
    assert one is not other
    assert isinstance(one, keras.optimizers.Optimizer)
