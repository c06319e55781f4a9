"""The network for other runtimes."""

import numpy as np

from dnn_tf.exporting.network import PortableNetwork
from dnn_tf.models import dnn
from dnn_tf.saving.signatures import ServedNetwork


def test_answers_as_the_served_one():
    model = dnn(12, (5,), 3)
    x = np.random.default_rng(0).normal(size=(6, 12)).astype("float32")
    portable, served = PortableNetwork(model).features(x), ServedNetwork(model, None).features(x)
    assert set(portable) == set(served)
    for name in served:
        assert portable[name].dtype == served[name].dtype
        np.testing.assert_allclose(portable[name], served[name], rtol=1e-6)
