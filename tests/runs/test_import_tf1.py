"""From a TF1 checkpoint to a saved network."""

import numpy as np
import pytest
import tensorflow as tf

import dnn_tf
from dnn_tf.runs import import_tf1
from dnn_tf.saving import read_card
from dnn_tf.types import InputError


@pytest.fixture
def checkpoint(tmp_path):
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        v1.get_variable("hidden1/kernel", (4, 3))
        v1.get_variable("outputs/kernel", (3, 2))
        session.run(v1.global_variables_initializer())
        return v1.train.Saver().save(session, str(tmp_path / "my_model_final.ckpt"))


def test_is_saved_with_what_was_told(checkpoint, tmp_path):
    imported = import_tf1(checkpoint, tmp_path / "m", activation="elu")
    kernels = tf.train.load_checkpoint(checkpoint)
    x = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
    z = tf.nn.elu(x @ kernels.get_tensor("hidden1/kernel")) @ kernels.get_tensor("outputs/kernel")
    np.testing.assert_allclose(dnn_tf.load(imported.saved_model)(x), z, rtol=1e-6, atol=1e-6)
    assert read_card(tmp_path / "m").settings["activation"] == ["elu"]
    assert imported.summary()["saved_model"] == str(tmp_path / "m")
    assert len(imported.table.mapped) == 2


def test_the_place_is_tried_first(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "a.txt").write_text("years")
    with pytest.raises(InputError, match="holds something else"):
        import_tf1(tmp_path / "no.ckpt", tmp_path / "thesis")
