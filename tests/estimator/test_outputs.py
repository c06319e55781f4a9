import numpy as np
import pytest

from dnn_tf import models
from dnn_tf.estimator import outputs as room
from dnn_tf.estimator.outputs import log_softmax, outputs, softmax


def test_the_rows_come_in_parts_and_leave_in_order(monkeypatch):
    model = models.dnn(4, (5,), 3, dropout=0.5, batch_norm=True)
    x = np.random.default_rng(0).normal(size=(10, 4)).astype("float32")
    whole = outputs(model, x)
    monkeypatch.setattr(room, "ROWS_AT_ONCE", 4)
    np.testing.assert_allclose(outputs(model, x), whole, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(whole, model.predict(x, verbose=0), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_probabilities(dtype):
    z = np.array([[1.0, 2.0, 3.0], [1e4, 0.0, -1e4]], dtype)
    p = softmax(z)
    e = np.exp([1.0, 2.0, 3.0])
    np.testing.assert_allclose(p, [e / e.sum(), [1, 0, 0]], rtol=1e-6)
    assert p.dtype == log_softmax(z).dtype == dtype
    np.testing.assert_allclose(log_softmax(z), [np.log(e / e.sum()), [0, -1e4, -2e4]], rtol=1e-6)
