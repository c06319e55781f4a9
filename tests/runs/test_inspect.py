"""A saved network's layers."""

import keras
import pytest

from dnn_tf.runs import inspect_saved
from dnn_tf.types import InputError


def test_a_saved_network_with_its_own_loss_and_optimizer(saved):
    report = inspect_saved(saved, "mnist-sample", rows=200)
    assert [layer.name for layer in report.layers] == ["hidden1", "hidden2", "outputs"]
    assert report.healthy, report.verdict
    assert report.rows == 200
    assert report.update_rule.startswith("GradientDescent at 0.1")


@pytest.mark.parametrize(("split", "n"), [("validation", 500), ("all", 1000)])
def test_rows(saved, split, n):
    assert inspect_saved(saved, "mnist-sample", split=split).rows == n


@pytest.mark.parametrize(
    ("units", "activation", "loss"),
    [(10, None, 2.3), (10, "softmax", 2.3)],
    ids=["logits", "probabilities"],
)
def test_a_file_that_names_no_loss(tmp_path, units, activation, loss):
    layers = [
        keras.Input((784,)),
        keras.layers.Dense(units, activation, kernel_initializer="zeros"),
    ]
    keras.Sequential(layers).save(tmp_path / "m.keras")
    with pytest.warns(UserWarning, match="is assumed"):
        report = inspect_saved(tmp_path / "m.keras", "mnist-sample", rows=100)
    assert report.loss == pytest.approx(loss, abs=0.01)


@pytest.mark.parametrize(
    "end",
    [[keras.layers.Softmax()], [keras.layers.Activation("softmax"), keras.layers.Reshape((10,))]],
    ids=["a layer", "reshaped"],
)
def test_probabilities_that_come_out_of_another_layer(tmp_path, end):
    """A loss for logits would be near ln 10 whatever they are."""
    bias = keras.initializers.Constant([0.0] * 9 + [9.0])
    dense = keras.layers.Dense(10, kernel_initializer="zeros", bias_initializer=bias)
    keras.Sequential([keras.Input((784,)), dense, *end]).save(tmp_path / "m.keras")
    with pytest.warns(UserWarning, match="is assumed"):
        report = inspect_saved(tmp_path / "m.keras", "mnist-sample", rows=100)
    assert report.loss > 7  # 9 for each row of another class


def test_a_network_whose_outputs_explode(tmp_path):
    start = keras.initializers.RandomNormal(0.0, 1e20, seed=0)
    layers = [keras.layers.Dense(10, kernel_initializer=start, name=f"h{n}") for n in range(3)]
    keras.Sequential([keras.Input((784,)), *layers]).save(tmp_path / "m.keras")
    with pytest.warns(UserWarning, match="is assumed"):
        report = inspect_saved(tmp_path / "m.keras", "mnist-sample", rows=50)
    assert (report.root.name, report.root.problem) == ("h0", "exploding outputs")


def test_what_there_is_not(saved, tmp_path):
    with pytest.raises(InputError, match="split is one of"):
        inspect_saved(saved, "mnist-sample", split="tset")
    with pytest.raises(InputError, match="no such"):
        inspect_saved(tmp_path / "nothing", "mnist-sample")
