"""What spoils the input of a denoising autoencoder."""

import keras
import numpy as np
import pytest

from dnn_tf.layers import GaussianNoise
from dnn_tf.pretraining.corruption import MaskingNoise, corruption_layer
from dnn_tf.types import InputError

X = np.full((100, 100), 7.0, "float32")


def test_masks_a_share_and_leaves_the_others_as_they_are():
    out = MaskingNoise(0.2, seed=1)(X, training=True).numpy()
    assert set(np.unique(out)) == {0, 7}
    assert (out == 0).mean() == pytest.approx(0.2, abs=0.01)


def test_every_call_masks_others():
    layer = MaskingNoise(0.5, seed=1)
    assert not np.array_equal(layer(X, training=True), layer(X, training=True))


def test_same_seed_same_mask():
    one, other = (MaskingNoise(0.5, seed=1)(X, training=True) for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_in_use_nothing_is_masked():
    np.testing.assert_array_equal(MaskingNoise(0.5)(X), X)


def test_keras_file_round_trip(tmp_path):
    model = keras.Sequential([keras.Input((3,)), MaskingNoise(0.4, seed=2)])
    model.save(tmp_path / "m.keras")
    config = keras.saving.load_model(tmp_path / "m.keras").layers[0].get_config()
    assert (config["share"], config["seed"]) == (0.4, 2)


@pytest.mark.parametrize("share", [-0.1, 1.0, "half"])
def test_odd_share(share):
    with pytest.raises(InputError, match="share is a number from 0 up to and without 1"):
        MaskingNoise(share)


def test_by_name():
    noise = corruption_layer("gaussian", 0.5, seed=3)
    assert isinstance(noise, GaussianNoise)
    assert (noise.stddev, noise.seed) == (0.5, 3)
    assert corruption_layer("masking", None, seed=3).share == 0.3


@pytest.mark.parametrize(
    ("kind", "level", "message"),
    [
        ("salt", None, "unknown corruption 'salt': there are gaussian, masking"),
        ("masking", 0, "level is a finite number above 0, and got 0"),
        ("masking", 1.5, "share is a number from 0 up to and without 1, and got 1.5"),
        ("gaussian", "much", "level is a finite number above 0, and got 'much'"),
    ],
    ids=["unknown", "nothing", "more than all", "a word"],
)
def test_odd_corruption(kind, level, message):
    with pytest.raises(InputError, match=message):
        corruption_layer(kind, level, seed=1)
