"""Which device does the work."""

import os
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import keras
import tensorflow as tf


def device_name() -> str:
    """`CPU`, or the GPU that TensorFlow will use.

    The memory of a GPU grows with the need: importing `dnn_tf` sets TF_FORCE_GPU_ALLOW_GROWTH,
    which TensorFlow reads when it first uses the GPU, unless it is set already.
    """
    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return "CPU"
    name = tf.config.experimental.get_device_details(gpus[0]).get("device_name", "unknown model")
    return f"GPU ({name})"


def beside(model: keras.Model) -> AbstractContextManager[Any]:
    """Within, the device on which the model was built does the work.

    XLA compiles for one device, and would not find the weights from another. Under a strategy of
    several replicas that has put weights and work on theirs.
    """
    if tf.distribute.has_strategy():
        return nullcontext()
    place = model.variables[0].value.device
    return nullcontext() if place == tf.zeros(()).device else tf.device(place)


def cores() -> int:
    """Those that this process may use: how many share a sum decides how it is taken."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
