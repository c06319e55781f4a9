"""The loop, beyond what test_fit.py shows of it."""

import keras
import pytest

from dnn_tf.optimizers import GradientDescent

pytestmark = pytest.mark.usefixtures("module_without_xla")


class Heard(keras.callbacks.Callback):
    """What a callback hears, in order."""

    def __init__(self):
        super().__init__()
        self.words = []

    def on_epoch_begin(self, epoch, logs=None):
        self.words.append(f"epoch {epoch}")

    def on_test_end(self, logs=None):
        self.words.append(sorted(logs))

    def on_train_end(self, logs=None):
        self.words.append(sorted(logs))


def test_the_logs_of_the_last_epoch_end_training(fit_blobs, small_model):
    heard = Heard()
    fit_blobs(small_model, epochs=1, callbacks=[heard], watch=("test", "validation"))
    measured = ["accuracy", "loss"]
    assert heard.words[:3] == ["epoch 0", measured, measured]
    assert {"val_loss", "test_loss", "learning_rate", "seconds"} <= set(heard.words[3])


def test_a_stopped_training_ends_with_an_average_all_the_same(fit_blobs, small_model):
    optimizer = GradientDescent(0.1, use_ema=True, ema_momentum=0.9)
    stop = keras.callbacks.EarlyStopping("val_loss", min_delta=1e9, patience=1)
    fit_blobs(small_model, optimizer=optimizer, epochs=9, callbacks=[stop])
    kept = optimizer._model_variables_moving_average[0]
    assert (small_model.get_weights()[0] == kept.numpy()).all()
