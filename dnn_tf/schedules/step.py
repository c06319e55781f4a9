"""The number of a step, as schedules that compare whole numbers take it."""

from keras import ops

from dnn_tf.types import Tensor


def wide_step(step: Tensor) -> Tensor:
    """A whole number in 64 bits, anything else as it is.

    TensorFlow gives the other number of a comparison or a division the type of the first one, and
    2^31 becomes negative in the 32 bits of `tf.constant(5)`.

    >>> wide_step(ops.convert_to_tensor(5, "int32")).dtype.name
    'int64'
    """
    step = ops.convert_to_tensor(step)
    return ops.cast(step, "int64") if "int" in ops.dtype(step) else step
