"""Which device does the work."""

import os

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


def cores() -> int:
    """Those that this process may use: how many share a sum decides how it is taken."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
