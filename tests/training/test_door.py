"""What fit asks before step 1, beyond what test_fit shows."""

import keras
import numpy as np
import pytest

from dnn_tf.data import Split
from dnn_tf.training.door import check_callbacks, check_split
from dnn_tf.types import InputError


def test_free_axes_of_the_model_take_any_size():
    inputs = keras.Input((None, 3))
    model = keras.Model(inputs, keras.layers.GlobalAveragePooling1D()(inputs))
    check_split(model, Split(np.zeros((2, 7, 3)), np.zeros(2, int)), "train")
    with pytest.raises(InputError, match=r"shape \(7, 4\)"):
        check_split(model, Split(np.zeros((2, 7, 4)), np.zeros(2, int)), "train")


def test_keras_own_callbacks_that_wait_for_epochs_pass(tmp_path):
    check_callbacks(
        [
            keras.callbacks.ModelCheckpoint(tmp_path / "a.keras"),
            keras.callbacks.CSVLogger(tmp_path / "c.csv"),
            keras.callbacks.LambdaCallback(on_epoch_end=print),
        ]
    )


@pytest.mark.parametrize("frozen", ["the model", "its layers"])
def test_nothing_to_train(small_model, fit_blobs, frozen):
    for part in [small_model] if frozen == "the model" else small_model.layers:
        part.trainable = False
    with pytest.raises(InputError, match="'dnn' has no weights to train: set trainable = True"):
        fit_blobs(small_model)
