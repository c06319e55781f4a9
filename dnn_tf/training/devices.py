"""Which device does the work."""

import tensorflow as tf


def prepare_devices() -> str:
    """Lets the memory of GPUs grow with the need, and names the device that will be used.

    TensorFlow takes all memory of a GPU otherwise. It must be told before it first uses the GPU;
    where that has happened already, nothing is changed.
    """
    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        try:
            tf.config.experimental.set_memory_growth(gpu, True)
        except RuntimeError:  # in use already, with the setting it has
            break
    if not gpus:
        return "CPU"
    name = tf.config.experimental.get_device_details(gpus[0]).get("device_name", "unknown model")
    return f"GPU ({name})"
