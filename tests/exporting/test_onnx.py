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
