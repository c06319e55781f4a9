"""Whether every operation of a step has a kernel for GPUs.

It is read from what this TensorFlow was built with, no GPU is needed. It does not show that the
kernels are quick, nor which tensors they keep in the memory of the host.
"""

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.framework import kernels

from dnn_tf import constraints, gradients, losses, metrics, models, optimizers, regularizers
from dnn_tf.training.epoch import make_run
from dnn_tf.training.step import make_step

pytestmark = pytest.mark.skipif(
    not tf.sysconfig.get_build_info()["is_cuda_build"], reason="TensorFlow without CUDA"
)

NO_WORK = {"Placeholder", "NoOp"}
"""They stand for arguments, and for an order."""


def fits(kernel, node):
    """Whether a kernel takes the types of a node."""
    if kernel.device_type not in ("GPU", "DEFAULT"):
        return False
    for limit in kernel.constraint:
        attribute = node.attr[limit.name]
        types = attribute.list.type or [attribute.type]
        if not set(types) <= set(limit.allowed_values.list.type):
            return False
    return True


def only_on_cpu(function):
    """The operations, in all of its functions, that no GPU could do."""
    graph = function.graph.as_graph_def()
    nodes = [*graph.node, *(n for f in graph.library.function for n in f.node_def)]
    return {
        node.op
        for node in nodes
        if node.op not in NO_WORK
        and not any(fits(k, node) for k in kernels.get_registered_kernels_for_op(node.op).kernel)
    }


def traced(model, optimizer, clip=None, loss=losses.sparse_softmax_cross_entropy, **words):
    """The function that runs the steps of an epoch."""
    step = make_step(model, loss, optimizer, clip, [metrics.accuracy], **words)
    run = make_run(step, jit_compile=False)
    x, y = tf.zeros((8, 6)), tf.zeros(8, "int64")
    batches = tf.constant(np.arange(8).reshape(2, 4).astype("int32"))
    totals = tf.zeros(2, "float64")
    return run.get_concrete_function(x, y, batches, tf.constant(0), tf.constant(2), totals)


@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("optimizer", [optimizers.Momentum, optimizers.Adam, keras.optimizers.SGD])
def test_no_step_needs_the_cpu(optimizer, policy):
    keras.config.set_dtype_policy(policy)
    try:
        model = models.dnn(
            6, (5, 4), 3, batch_norm=True, dropout=0.2, dropout_inputs=0.1,
            kernel_regularizer=regularizers.L2(1e-3), kernel_constraint=constraints.MaxNorm(1.0),
        )  # fmt: skip
    finally:
        keras.config.set_dtype_policy("float32")
    made = optimizer(0.1)
    if policy == "mixed_float16":
        made = keras.optimizers.LossScaleOptimizer(made)
    for clip in (gradients.clip_by_global_norm(1.0), gradients.clip_by_value(1.0)):
        assert only_on_cpu(traced(model, made, clip)) == set()
    assert only_on_cpu(traced(model, made, rows_at_once=2)) == set()


def test_one_that_does_is_seen():
    def loss(y, outputs):
        strings = tf.strings.as_string(y)
        return tf.strings.to_number(strings) * outputs[:, 0]

    found = only_on_cpu(traced(models.dnn(6, (5,), 3), keras.optimizers.SGD(), loss=loss))
    assert found == {"AsString", "StringToNumber"}
