"""How the weights of a layer start; every initialiser of Keras goes by its Keras name."""

from dnn_tf.initializers.document import DocumentNormal, document_stddev
from dnn_tf.initializers.fans import fans
from dnn_tf.initializers.lookup import get, is_lecun, recommended
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
    he_average_variance,
    he_variance,
    lecun_variance,
    xavier_variance,
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
    "document_stddev",
    "fans",
    "get",
    "he_average_variance",
    "he_variance",
    "is_lecun",
    "lecun_variance",
    "recommended",
    "xavier_variance",
]
