"""Loss and metrics of a network on held-out data."""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import keras
import numpy as np
import tensorflow as tf

from dnn_tf.data import Split, Stream
from dnn_tf.data.stream_checks import first_bad
from dnn_tf.metrics import accuracy
from dnn_tf.training.door import check_model, check_split, classes_of
from dnn_tf.training.likeness import made_of
from dnn_tf.training.sharing import Shared
from dnn_tf.training.step import compile_function, measure
from dnn_tf.types import Measure, Tensor

ROWS_AT_ONCE = 1_000
"""At least; of a small network more, for each number of rows is traced."""

NUMBERS_AT_ONCE = 4_000_000
"""That the widest layer gives for these rows: 16 MB."""

Evaluator = Callable[[Split], dict[str, float]]


def evaluate(
    model: keras.Model,
    split: Split,
    *,
    loss: Measure,
    metrics: Sequence[Measure] = (accuracy,),
) -> dict[str, float]:
    """The mean loss and metrics over a split, every layer in inference mode.

    Args:
        model: any built Keras model with one input and one output.
        split: the data; a `Stream` is read some rows at a time.
        loss, metrics: functions `(labels, outputs) -> (batch,)`.

    Returns:
        `loss`, with the penalties of the layers, and each metric by the name of its function.

    Raises:
        InputError: data that the model cannot take.
    """
    check_model(model)
    check_split(model, split, "the data")
    return make_evaluator(model, loss, metrics)(split)


def make_evaluator(
    model: keras.Model,
    loss: Measure,
    metrics: Sequence[Measure],
    run_eagerly: bool = False,
) -> Evaluator:
    """`evaluate` for one model, made once and called often.

    As a graph, without XLA: over so many rows at once it is no slower, and there at once.
    """

    def batch(x: Tensor, y: Tensor) -> Tensor:
        _, sums = measure(model, [loss, *metrics], x, y, training=False)
        return sums

    likeness = partial(made_of, model, None, "measured", loss, tuple(metrics))
    compiled = Shared(
        compile_function(batch, False, run_eagerly),
        None if run_eagerly else likeness,
        model.variables,
    )
    rows = _rows_at_once(model)
    names = ["loss", *(name_of(metric) for metric in metrics)]

    def evaluate_split(split: Split) -> dict[str, float]:
        totals = np.zeros(len(names))
        for x, y in _pieces(split, rows, classes_of(model, split)):
            totals += compiled(x, y).numpy()
        return {name: float(total / len(split)) for name, total in zip(names, totals, strict=True)}

    return evaluate_split


def _pieces(split: Split, rows: int, n_classes: int | None) -> Iterator[tuple[Tensor, Tensor]]:
    """So many rows at a time, in their order; those of a stream were not checked before."""
    if isinstance(split, Stream):
        for x, y in split.read(rows):
            if first_bad(x.numpy(), y.numpy(), n_classes):
                split.name_bad_row(n_classes)
            yield x, y
        return
    for start in range(0, len(split), rows):
        x, y = split.x[start : start + rows], split.y[start : start + rows]
        yield tf.constant(x), tf.constant(y)


def _rows_at_once(model: keras.Model) -> int:
    shapes = [model.input_shape]
    for layer in model._flatten_layers():
        for node in layer._inbound_nodes:
            shapes += [tensor.shape for tensor in node.output_tensors]
    widest = max(math.prod(size or 1 for size in shape[1:]) for shape in shapes)
    return max(ROWS_AT_ONCE, NUMBERS_AT_ONCE // max(widest, 1))


def name_of(metric: Measure) -> str:
    """What a metric is called in the logs."""
    name = getattr(metric, "name", None) or getattr(metric, "__name__", type(metric).__name__)
    return str(name)
