"""How well a trained network does."""

import keras
from keras import ops

from dnn_tf.data import Split
from dnn_tf.metrics import accuracy


def share_right(model: keras.Model, split: Split) -> float:
    """The share of the rows that are read rightly, all at once and without a new trace."""
    return float(ops.mean(accuracy(split.y, model(split.x))))
