"""A model is left as it was."""

import keras
import numpy as np
import pytest

from dnn_tf import models
from dnn_tf.diagnostics.restoring import state_of, unchanged


def test_the_optimizer_and_the_metrics_belong_to_it():
    model = models.dnn(3, (2,), 2, dropout=0.5, batch_norm=True)
    plain = len(state_of(model))
    assert plain == len(model.variables)
    model.compile("adam", "mse", metrics=["mae"], run_eagerly=True)
    model.fit(np.zeros((4, 3)), np.zeros((4, 2)), verbose=0)
    assert len(state_of(model)) >= plain + len(model.optimizer.variables)


def test_also_where_the_block_fails():
    weight = keras.Variable([1.0, 2.0])
    with pytest.raises(ValueError, match="no"), unchanged([weight]):
        weight.assign([3.0, 4.0])
        raise ValueError("no")
    assert weight.numpy().tolist() == [1.0, 2.0]
