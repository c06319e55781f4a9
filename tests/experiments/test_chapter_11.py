"""The training runs of chapter 11, in short."""

import keras
import numpy as np
import pytest

from dnn_tf.experiments.chapter_11 import RUNS


def test_settings_of_the_notebook():
    table = {
        name: (run.cell, run.reference, run.batch_size, run.epochs) for name, run in RUNS.items()
    }
    assert table == {
        "clipping": (80, 0.9612, 200, 20),
        "momentum and exponential decay": (155, 0.982, 50, 5),
        "batch normalisation": (64, 0.9742, 200, 20),
        "dropout": (180, 0.972, 50, 20),
        "max norm": (192, 0.9844, 50, 20),
        "L1 penalty": (174, 0.9214, 200, 20),
    }


@pytest.mark.parametrize("name", RUNS)
def test_learns_the_sample(name, sample):
    """The long form, on all of MNIST, is `benchmarks/chapter_11.py`."""
    history = RUNS[name](sample, epochs=4)
    assert history["val_loss"][-1] < history["val_loss"][0]
    assert history["val_accuracy"][-1] > (0.15 if name == "clipping" else 0.6)


def test_batch_normalisation_on_the_logits_too():
    names = [layer.name for layer in RUNS["batch normalisation"].make_model().layers]
    assert names[-1] == "outputs_bn"
    assert "hidden2_bn" in names


def test_max_norm_bounds_what_leaves_an_input(sample):
    run = RUNS["max norm"]
    model = run.make_model()
    kernel = model.get_layer("hidden1").kernel
    bounded = kernel.constraint(10 * np.ones(kernel.shape, "float32"))
    np.testing.assert_allclose(np.linalg.norm(bounded, axis=1), 1.0, rtol=1e-5)
    assert model.get_layer("outputs").kernel.constraint is None


@pytest.mark.full_mnist
def test_momentum_with_exponential_decay_reaches_the_notebook(full_mnist):
    run = RUNS["momentum and exponential decay"]
    assert run(full_mnist)["val_accuracy"][-1] == pytest.approx(run.reference, abs=run.tolerance)


@pytest.mark.usefixtures("without_xla")
def test_same_seed_same_run(sample):
    run = RUNS["L1 penalty"]
    assert run(sample, seed=3, epochs=1)["loss"] == run(sample, seed=3, epochs=1)["loss"]
    assert isinstance(run.make_optimizer(), keras.optimizers.Optimizer)
