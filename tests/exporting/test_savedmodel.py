"""A SavedModel for nothing but answers."""

import numpy as np
import pytest
import tensorflow as tf

from dnn_tf.data import ImageFormat
from dnn_tf.exporting import savedmodel
from dnn_tf.models import dnn


def test_features_and_images(tmp_path):
    model, image_format = dnn(12, (5,), 3), ImageFormat(3, 4)
    savedmodel.write(model, tmp_path / "m", image_format)
    ask = savedmodel.load(tmp_path / "m")
    pixels = np.random.default_rng(0).integers(0, 256, (6, 3, 4, 1), "uint8")
    features = image_format.features(pixels)
    for inputs in ({"images": pixels}, {"features": features}):
        np.testing.assert_allclose(ask(**inputs)["logits"], model(features), rtol=1e-5, atol=1e-6)


def test_a_full_disk_is_an_oserror(tmp_path, monkeypatch):
    def full(*_, **__):
        raise tf.errors.ResourceExhaustedError(None, None, ".m.tmp/part; No space left on device")

    monkeypatch.setattr(tf.saved_model, "save", full)
    with pytest.raises(OSError, match=r"^No space left on device"):
        savedmodel.write(dnn(4, (), 2), tmp_path / "m", None)
