"""How the weights of a layer start; every initialiser of Keras goes by its Keras name."""

from dnn_tf.initializers.document import DocumentNormal
from dnn_tf.initializers.lookup import get, recommended
from dnn_tf.initializers.scaled import (
    HeAverageNormal,
    HeAverageUniform,
    HeNormal,
    HeUniform,
    LeCunNormal,
    LeCunUniform,
    PlainNormal,
    XavierNormal,
    XavierUniform,
)

__all__ = [
    "DocumentNormal",
    "HeAverageNormal",
    "HeAverageUniform",
    "HeNormal",
    "HeUniform",
    "LeCunNormal",
    "LeCunUniform",
    "PlainNormal",
    "XavierNormal",
    "XavierUniform",
    "get",
    "recommended",
]
