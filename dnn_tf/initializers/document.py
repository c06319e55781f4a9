"""The document's own initialiser."""

import math

import keras

from dnn_tf.initializers.fans import fans
from dnn_tf.initializers.seeded import SeededInitializer
from dnn_tf.types import Tensor


def document_stddev(n_inputs: int, n_outputs: int, corrected: bool) -> float:
    """`2 / sqrt(n_inputs)` as printed, `2 / sqrt(n_inputs + n_outputs)` as the author meant.

    >>> document_stddev(784, 300, corrected=False)
    0.07142857142857142
    """
    return 2 / math.sqrt(n_inputs + n_outputs if corrected else n_inputs)


@keras.saving.register_keras_serializable(package="dnn_tf")
class DocumentNormal(SeededInitializer):
    """Normal around zero, cut off at two standard deviations: the document's `neuron_layer`.

    The document prints `stddev = 2 / sqrt(n_inputs)`. That is neither Xavier's nor He's rule; the
    author later called it a slip for `2 / sqrt(n_inputs + n_outputs)` (ageron/handson-ml#353),
    which is `corrected=True`. Cutting the tails off makes the spread 0.8796 times `stddev`; the
    document's `tf.truncated_normal` does not make up for that, and neither does this.

    Args:
        corrected: whether to count the outputs too. Default `False`, as printed.
        seed: see `SeededInitializer`.

    Shapes:
        `(n_inputs, n_outputs)`, or the shape of a convolution's kernel; see `fans`.

    >>> weights = DocumentNormal(seed=1)((784, 300))
    >>> round(float(keras.ops.std(weights)), 3)  # 0.8796 * 2 / sqrt(784)
    0.063
    """

    def __init__(self, corrected: bool = False, seed: int | None = None):
        super().__init__(seed)
        self.corrected = corrected

    def __call__(self, shape: tuple[int, ...], dtype: str | None = None) -> Tensor:
        stddev = document_stddev(*fans(shape), self.corrected)
        return keras.random.truncated_normal(
            shape, stddev=stddev, dtype=dtype, seed=self.draw_seed()
        )

    def get_config(self) -> dict[str, object]:
        return {"corrected": self.corrected, **super().get_config()}
