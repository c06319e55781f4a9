"""What TensorFlow says of itself: shared by the peers that run on it."""

import keras
import tensorflow as tf


def versions() -> dict[str, str]:
    """TensorFlow's and Keras'."""
    return {"TensorFlow": tf.__version__, "Keras": keras.__version__}


def device() -> str:
    """`CPU`, or the name of the GPU."""
    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return "CPU"
    return str(tf.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU"))
