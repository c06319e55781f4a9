"""What computed."""

import keras
import numpy as np
import tensorflow as tf

from dnn_tf.saving.versions import versions


def test_are_those_that_are_here():
    found = versions()
    assert found["keras"] == keras.__version__
    assert found["tensorflow"] == tf.__version__
    assert found["numpy"] == np.__version__
