"""How the weights of a layer start.

Two initialisers are the document's own; every initialiser of Keras goes by its Keras name.
"""

import math
import random

import keras

from dnn_tf.types import InputError, Tensor


def document_stddev(n_inputs: int, n_outputs: int, corrected: bool) -> float:
    """`2 / sqrt(n_inputs)` as printed, `2 / sqrt(n_inputs + n_outputs)` as the author meant.

    >>> document_stddev(784, 300, corrected=False)
    0.07142857142857142
    """
    return 2 / math.sqrt(n_inputs + n_outputs if corrected else n_inputs)


@keras.saving.register_keras_serializable(package="dnn_tf")
class DocumentNormal(keras.initializers.Initializer):
    """Normal around zero, cut off at two standard deviations: the document's `neuron_layer`.

    The document prints `stddev = 2 / sqrt(n_inputs)`. That is neither Xavier's nor He's rule; the
    author later called it a slip for `2 / sqrt(n_inputs + n_outputs)` (ageron/handson-ml#353),
    which is `corrected=True`. Cutting the tails off makes the spread 0.8796 times `stddev`; the
    document's `tf.truncated_normal` does not make up for that, and neither does this.

    Args:
        corrected: whether to count the outputs too. Default `False`, as printed.
        seed: an integer gives the same weights every time; `None` draws a seed from
            Python's generator, as Keras' own initialisers do; `keras.utils.set_random_seed` starts
            it.

    Shapes:
        `(n_inputs, n_outputs)`; of a longer shape the last axis counts as the outputs and all
        others as the inputs.

    >>> weights = DocumentNormal(seed=1)((784, 300))
    >>> round(float(keras.ops.std(weights)), 3)  # 0.8796 * 2 / sqrt(784)
    0.063
    """

    def __init__(self, corrected: bool = False, seed: int | None = None):
        self.corrected = corrected
        self.seed = seed

    def __call__(self, shape: tuple[int, ...], dtype: str | None = None) -> Tensor:
        if len(shape) < 2:
            raise InputError(
                f"DocumentNormal needs a shape of two axes or more, (n_inputs, n_outputs), "
                f"and got {tuple(shape)}: use 'zeros' for a bias"
            )
        *inputs, n_outputs = shape
        stddev = document_stddev(math.prod(inputs), n_outputs, self.corrected)
        seed = random.getrandbits(31) if self.seed is None else self.seed
        return keras.random.truncated_normal(shape, stddev=stddev, dtype=dtype, seed=seed)

    def get_config(self) -> dict[str, object]:
        return {"corrected": self.corrected, "seed": self.seed}


_NAMED = {
    "document": DocumentNormal,
    "document_corrected": lambda: DocumentNormal(corrected=True),
}


def get(identifier: object) -> keras.initializers.Initializer:
    """The initialiser of that name: `document`, `document_corrected`, or any name that Keras knows.

    Raises:
        InputError: nobody knows the name.

    >>> get("document_corrected").corrected
    True
    >>> type(get("he_normal")).__name__
    'HeNormal'
    """
    if isinstance(identifier, str) and identifier in _NAMED:
        return _NAMED[identifier]()
    if isinstance(identifier, keras.initializers.Initializer):
        return identifier.clone()  # a seed of its own: layers of one shape must not start alike
    try:
        return keras.initializers.get(identifier)
    except ValueError as error:
        raise InputError(
            f"unknown initialiser {identifier!r}: take one of {', '.join(_NAMED)}, "
            "or one of Keras, such as glorot_uniform, he_normal or lecun_normal"
        ) from error
