"""ONNX files."""

import math

import keras
import numpy as np
import onnx
import pytest

from dnn_tf.exporting import onnx as exporter
from dnn_tf.models import dnn


@pytest.fixture
def file(tmp_path):
    return tmp_path / "m.onnx"


def test_names_and_free_batch(file):
    exporter.write(dnn(6, (5,), 3, activation="elu"), file, None)
    model = onnx.load(file)
    assert (model.opset_import[0].domain, model.opset_import[0].version) == ("", 17)

    def shapes(tensors):
        return {
            tensor.name: [
                dim.dim_param or dim.dim_value for dim in tensor.type.tensor_type.shape.dim
            ]
            for tensor in tensors
        }

    assert shapes(model.graph.input) == {"features": ["batch", 6]}
    assert shapes(model.graph.output) == {
        "classes": ["batch"],
        "logits": ["batch", 3],
        "probabilities": ["batch", 3],
    }
    assert {node.domain for node in model.graph.node} == {""}


def exact_gelu(x):
    return keras.ops.gelu(x, approximate=False)


@pytest.mark.parametrize(
    ("operation", "exact", "atol"),
    [
        (keras.ops.expm1, math.expm1, 0),
        # Keras' way to it is erfc, here 1 - erf: to 7 digits of 1
        (exact_gelu, lambda z: z * math.erfc(-z / math.sqrt(2)) / 2, 1e-6),
    ],
)
def test_what_onnx_lacks(file, operation, exact, atol):
    inputs = keras.Input((1,))
    exporter.write(keras.Model(inputs, operation(inputs)), file, None)
    x = np.float32([-30, -2, -1e-3, -1e-7, 0, 1e-7, 1e-3, 2, 30])[:, None]
    found = exporter.load(file)(features=x)["logits"]
    np.testing.assert_allclose(found, np.vectorize(exact)(np.float64(x)), rtol=1e-6, atol=atol)


def adapted():
    layer = keras.layers.Normalization()
    layer.adapt(np.random.default_rng(0).normal(100, 10, (50, 3)).astype("float32"))
    return layer


@pytest.mark.parametrize(
    "layer",
    [
        adapted,
        lambda: keras.layers.Normalization(mean=[1e3] * 3, variance=[1e2] * 3),
        lambda: keras.layers.Normalization(mean=[1.0] * 3, variance=[4.0] * 3, invert=True),
    ],
    ids=["adapted", "given", "inverted"],
)
def test_what_a_layer_computed_beforehand_is_in_the_file(file, layer, capfd):
    model = keras.Sequential([keras.Input((3,)), layer(), keras.layers.Dense(2)])
    exporter.write(model, file, None)
    assert [tensor.name for tensor in onnx.load(file).graph.input] == ["features"]
    x = np.random.default_rng(1).normal(100, 10, (9, 3)).astype("float32")
    capfd.readouterr()
    found = exporter.load(file)(features=x)["logits"]
    assert not capfd.readouterr().err  # "Removing initializer ... It is not used by any node"
    np.testing.assert_allclose(found, model(x), rtol=1e-5, atol=1e-5)


class ScaledIfLarge(keras.layers.Layer):
    """A constant within a branch, and nowhere else."""

    def build(self, shape):
        self.scale = keras.layers.Normalization(mean=[1.0] * 3, variance=[4.0] * 3)
        self.scale.build(shape)

    def call(self, x):
        return keras.ops.cond(keras.ops.sum(x) > 0, lambda: self.scale(x), lambda: x)


def test_a_constant_within_a_branch(file):
    model = keras.Sequential([keras.Input((3,)), ScaledIfLarge(), keras.layers.Dense(2)])
    exporter.write(model, file, None)
    for x in (np.ones((4, 3), "float32"), -np.ones((4, 3), "float32")):
        found = exporter.load(file)(features=x)["logits"]
        np.testing.assert_allclose(found, model(x), rtol=1e-5, atol=1e-6)


def test_bins(file):
    boundaries = [-1.5, 0.0, 0.1, 2.0]
    inputs = keras.Input((2,))
    binned = keras.layers.Discretization(bin_boundaries=boundaries)(inputs)
    exporter.write(keras.Model(inputs, keras.ops.cast(binned, "float32")), file, None)
    x = np.float32([-9, -1.5, -1e-9, 0, 0.05, 0.1, 1.99, 2, 2.01, 9]).reshape(-1, 2)
    found = exporter.load(file)(features=x)["logits"]
    np.testing.assert_array_equal(found, np.searchsorted(np.float32(boundaries), x, "right"))
