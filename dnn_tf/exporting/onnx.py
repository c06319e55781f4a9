"""ONNX: one file, which ONNX Runtime and many others read."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np

from dnn_tf.data import ImageFormat
from dnn_tf.exporting.check import Runtime
from dnn_tf.saving.signatures import ServedNetwork

OPSET = 17
"""The version of ONNX' operations; ONNX Runtime knows it from 1.12, of 2022, on."""


def write(model: keras.Model, path: Path, _image_format: ImageFormat | None) -> None:
    """The network as a file with the input `features`, for any number of samples at once."""
    import onnx
    import tf2onnx

    network = ServedNetwork(model, None)
    concrete = network.features.get_concrete_function()
    converted, _ = tf2onnx.convert.from_function(
        network.features,
        network.features.input_signature,
        opset=OPSET,
        custom_op_handlers=_HANDLERS,
    )
    _fix_constants(converted.graph, concrete)
    for tensor in (*converted.graph.input, *converted.graph.output):
        tensor.type.tensor_type.shape.dim[0].dim_param = "batch"
    onnx.checker.check_model(converted)  # tf2onnx leaves in what ONNX has no operation for
    path.write_bytes(converted.SerializeToString())


def load(path: Path) -> Runtime:
    """The file in ONNX Runtime, on the CPU."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return lambda **inputs: dict(zip(names, session.run(names, inputs), strict=True))


def _fix_constants(graph: Any, concrete: Any) -> None:
    """Tensors that a layer made outside of the function, for tf2onnx leaves them to be asked for.

    Such are the mean and the deviation of `keras.layers.Normalization`.
    """
    from onnx.numpy_helper import from_array

    values = {inner.name: value for value, inner in concrete.graph.captures}
    used = set(_inputs(graph))
    for tensor in [tensor for tensor in graph.input if tensor.name in values]:
        graph.input.remove(tensor)
        if tensor.name in used:
            graph.initializer.append(from_array(values[tensor.name].numpy(), tensor.name))


def _inputs(graph: Any) -> Iterator[str]:
    """What its nodes take, those within loops and branches too."""
    for node in graph.node:
        yield from node.input
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from _inputs(attribute.g)


class _Writer:
    """Adds operations to the graph of tf2onnx, in the place of one that ONNX lacks."""

    def __init__(self, graph: Any, name: str):
        self.graph, self.name = graph, name

    def constant(self, value: float) -> str:
        return self.graph.make_const(f"{self.name}_{value}", np.float32(value)).output[0]

    def apply(self, operation: str, *inputs: str) -> str:
        return self.graph.make_node(operation, list(inputs)).output[0]


def _expm1(to: _Writer, x: str) -> str:
    """`e^x - 1 = tanh(x / 2) (e^x + 1)`, which loses no digit near 0."""
    tanh = to.apply("Tanh", to.apply("Mul", x, to.constant(0.5)))
    return to.apply("Mul", tanh, to.apply("Add", to.apply("Exp", x), to.constant(1.0)))


def _erfc(to: _Writer, x: str) -> str:
    """`1 - erf(x)`."""
    return to.apply("Sub", to.constant(1.0), to.apply("Erf", x))


def _bucketize(graph: Any, node: Any, name: str, _: list[Any]) -> None:
    """The number of boundaries that `x` has reached: `keras.layers.Discretization`."""
    from onnx import TensorProto

    (x,), (y,) = node.input, node.output
    boundaries = np.float32(node.get_attr("boundaries").floats)
    graph.remove_node(node.name)

    def constant(part: str, value: Any) -> str:
        return graph.make_const(f"{name}_{part}", value).output[0]

    to, last = _Writer(graph, name), constant("last", np.array([-1], "int64"))
    column = to.apply("Unsqueeze", x, last)
    reached = to.apply("GreaterOrEqual", column, constant("boundaries", boundaries))
    ones = graph.make_node("Cast", [reached], attr={"to": TensorProto.INT32}).output[0]
    graph.make_node("ReduceSum", [ones, last], attr={"keepdims": 0}, outputs=[y])


def _handler(formula: Callable[[_Writer, str], str]) -> tuple[Callable[..., None], list[Any]]:
    """As tf2onnx wants it."""

    def handle(graph: Any, node: Any, name: str, _: list[Any]) -> None:
        (x,), (y,) = node.input, node.output
        shape, dtype = graph.get_shape(y), graph.get_dtype(y)
        graph.remove_node(node.name)
        result = formula(_Writer(graph, name), x)
        graph.make_node("Identity", [result], outputs=[y], shapes=[shape], dtypes=[dtype])

    return handle, []


_HANDLERS = {
    "Expm1": _handler(_expm1),
    "Erfc": _handler(_erfc),
    "Bucketize": (_bucketize, []),
}
