"""The package itself: `dnn_tf.fit`, and what it saves and opens."""

import tempfile

import keras
import numpy as np
import tensorflow as tf

import dnn_tf
from benchmarks.calls import predict_in_turn
from benchmarks.data import Data
from benchmarks.peers.tensorflow_here import device
from benchmarks.peers.tensorflow_here import versions as tensorflow_versions
from benchmarks.peers.waiting import Waiting, set_weights
from benchmarks.rehearsal import fastest
from benchmarks.turn import Turn
from benchmarks.works import INPUTS, Work

__all__ = ["device", "run", "versions"]

EPOCHS = 1_000_000
"""The driver ends the training, not their number."""


def versions() -> dict[str, str]:
    """With those of what it stands on."""
    return {"dnn_tf": dnn_tf.__version__, **tensorflow_versions()}


def network(work: Work) -> keras.Model:
    """As the package builds it."""
    if work.filters:
        return dnn_tf.models.cnn(
            filters=work.filters, hidden=work.hidden, activation=work.activation,
            dropout=work.dropout,
        )  # fmt: skip
    noise = None if work.noise is None else dnn_tf.layers.GaussianNoise(work.noise)
    return dnn_tf.models.dnn(
        INPUTS, work.hidden, activation=work.activation, batch_norm=work.batch_norm,
        dropout=work.dropout if noise is None else noise,
    )  # fmt: skip


def run(work: Work, data: Data, turn: Turn) -> None:
    """Trains, or predicts from what was saved."""
    model = network(work)
    set_weights(model, data.weights)
    if work.task == "train":
        _train(model, work, data, turn)
    else:
        _predict(model, work, data, turn)


def _train(model: keras.Model, work: Work, data: Data, turn: Turn) -> None:
    optimizers = {"sgd": dnn_tf.optimizers.GradientDescent, "adam": dnn_tf.optimizers.Adam}
    turn.ready("whole epochs in one compiled call")
    turn.wait()
    dnn_tf.fit(
        model, (data.x, data.y), loss=dnn_tf.losses.sparse_softmax_cross_entropy,
        optimizer=optimizers[work.optimizer](work.rate), epochs=EPOCHS, batch_size=work.batch,
        callbacks=[Waiting(turn)], progress=False, seed=1,
    )  # fmt: skip


def _predict(model: keras.Model, work: Work, data: Data, turn: Turn) -> None:
    """The opened artefact: as a Keras model, or as a SavedModel that needs no `dnn_tf`."""
    with tempfile.TemporaryDirectory() as folder:
        saved = dnn_tf.save(model, f"{folder}/model")
        opened, signatures = dnn_tf.load(saved), tf.saved_model.load(str(saved))
        signature = signatures.signatures["serving_default"]
        (word,) = signature.structured_input_signature[1]

        def served(x: np.ndarray) -> np.ndarray:
            return signature(**{word: tf.constant(x)})["logits"].numpy()

        def predicted(x: np.ndarray) -> np.ndarray:
            return opened.predict_on_batch(x)

        forms = {"signature of the SavedModel": served, "model.predict_on_batch": predicted}
        name = fastest(predict_in_turn, work, data, forms)
        turn.ready(name)
        predict_in_turn(work, data, turn, forms[name])
