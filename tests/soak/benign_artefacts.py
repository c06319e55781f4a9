"""Benign artefacts of many kinds, which must load: the control of the hostile ones."""

from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np

import dnn_tf
from dnn_tf.saving.contents import MODEL
from soak.artefact_kit import change_config, make_artefact, reseal

layers = keras.layers


def _images() -> keras.Model:
    return dnn_tf.models.cnn((8, 8, 1), (4,), (5,), 3, dropout=0.2)


def _rows() -> keras.Model:
    return dnn_tf.models.rnn((4, 6), (5,), 3, cell=dnn_tf.layers.LSTMCell)


def _everything() -> keras.Model:
    return dnn_tf.models.dnn(
        6,
        (5,),
        3,
        activation="prelu",
        batch_norm=True,
        dropout=0.5,
        kernel_regularizer=dnn_tf.regularizers.L2(1e-3),
        kernel_constraint=dnn_tf.constraints.MaxNorm(1.0),
    )


def _of_keras() -> keras.Model:
    inputs = keras.Input((4, 6))
    x = layers.MultiHeadAttention(2, 3)(inputs, inputs)
    x = layers.Bidirectional(layers.LSTM(4, kernel_regularizer="l2"))(x[:, 1:] * 2 + 1)
    x = layers.Dense(5, keras.activations.mish, kernel_initializer="orthogonal")(x)
    model = keras.Model(inputs, layers.Dense(3)(layers.LayerNormalization()(x)))
    model.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.1, 100)),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(2)],
    )
    model.optimizer.build(model.trainable_variables)  # as training does
    return model


def _nested() -> keras.Model:
    inner = keras.Sequential([keras.Input((6,)), layers.Dense(4, "relu")], name="inner")
    return keras.Sequential([keras.Input((6,)), inner, layers.Dense(3)])


def _trained(*parts: layers.Layer) -> keras.Model:
    model = keras.Sequential([keras.Input((6,)), *parts])
    model.compile("adam", "mse", metrics=["mae", keras.metrics.MeanIoU(3)])
    model.fit(np.ones((4, 6)), np.ones((4, model.output_shape[-1])), verbose=0)
    return model


def _nested_compiled() -> keras.Model:
    return _trained(_trained(layers.Dense(4)), layers.Dense(3))


def _of_operations() -> keras.Model:
    """Arithmetic, numbers of the file among it, and operations with several outputs."""
    inputs = keras.Input((6,))
    one, other = keras.ops.split(inputs, 2, axis=1)
    first, *_ = keras.ops.unstack(keras.ops.reshape(inputs, (-1, 3, 2)), num=3, axis=1)
    x = keras.ops.concatenate([one, other * 2 - np.ones(3, "float32"), first], axis=-1)
    return keras.Model(inputs, layers.Dense(3)(x))


def _siamese() -> keras.Model:
    """One network, called on both halves of the inputs."""
    half, inputs = keras.Input((3,)), keras.Input((6,))
    tower = keras.Model(half, layers.Dense(4, "relu")(half))
    both = layers.Concatenate()([tower(inputs[:, :3]), tower(inputs[:, 3:])])
    return keras.Model(inputs, layers.Dense(3)(both))


def _augmented() -> keras.Model:
    inputs = keras.Input((8, 8, 3))
    x = layers.RandAugment(num_ops=2)(layers.RandomFlip()(inputs))
    x = layers.SpectralNormalization(layers.Conv2D(4, 3))(x)
    return keras.Model(inputs, layers.Dense(3)(layers.Flatten()(x)))


def _of_applications() -> keras.Model:
    return keras.applications.MobileNetV3Small(
        weights=None, input_shape=(32, 32, 3), classes=3, classifier_activation=None
    )


@keras.saving.register_keras_serializable(package="soak")
class Doubling(keras.layers.Layer):
    """A class of the user's own."""

    def call(self, x):
        return 2 * x


def _registered() -> keras.Model:
    return keras.Sequential([keras.Input((6,)), Doubling(), layers.Dense(3)])


MODELS = {
    "a convolutional network": _images,
    "a recurrent network": _rows,
    "every word of dnn": _everything,
    "layers of Keras": _of_keras,
    "a network in a network": _nested,
    "a registered class": _registered,
    "a compiled network in a compiled network": _nested_compiled,
    "operations": _of_operations,
    "a network called twice": _siamese,
    "augmentation": _augmented,
    "a network of keras.applications": _of_applications,
}


def BENIGN(folder: Path) -> Iterator[tuple[str, Path]]:  # noqa: N802 (a table that is computed)
    """`(name, path)` of each."""
    for name, make in MODELS.items():
        path = dnn_tf.save(make(), folder / name.replace(" ", "_"))
        yield name, path
        yield f"{name}, the .keras file alone", path / MODEL

    sound = make_artefact(folder / "sound")
    yield "as saved", sound
    (folder / "link").symlink_to(sound)
    yield "by a link to the folder", folder / "link"
    reseal(sound)
    yield "sealed again", sound

    def forget(config):
        config["compile_config"]["loss"]["config"] = "my_own_loss"

    change_config(sound, forget)
    yield "a loss that is merely unknown", sound

    def replace(config):
        config["compile_config"]["loss"] = {"module": "keras.layers", "class_name": "Dense",
            "config": {"units": 10**9}, "build_config": {"input_shape": [1, 1000]}}  # fmt: skip

    change_config(sound, replace)
    yield "a loss that is none, and is not made", sound
