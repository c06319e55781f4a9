"""The SavedModel: a network that answers without this package."""

import keras
import tensorflow as tf
from keras import ops

from dnn_tf.data import ImageFormat
from dnn_tf.types import Tensor

Answer = dict[str, Tensor]


class ServedNetwork(tf.Module):
    """A classifier with named inputs and outputs, for `tf.saved_model.save`.

    `features` takes what the network was trained on; `images`, where it was trained on images,
    raw pixels. Both answer with `logits`, `probabilities` and `classes`.
    """

    def __init__(self, model: keras.Model, image_format: ImageFormat | None):
        super().__init__()
        self.weights = [variable.value for variable in model.variables]  # saved with the graph

        def answer(features: Tensor) -> Answer:
            return answer_of(model(features, training=False))

        features = tf.TensorSpec((None, *model.input_shape[1:]), model.input_dtype, "features")
        self.features = tf.function(answer, input_signature=[features], autograph=False)
        self.endpoints = {"serving_default": self.features}
        if image_format is not None:
            images = tf.TensorSpec((None, *image_format.image_shape), "uint8", "images")
            self.images = tf.function(
                lambda pixels: answer(as_features(pixels, image_format)),
                input_signature=[images],
                autograph=False,
            )
            self.endpoints["images"] = self.images


def answer_of(logits: Tensor) -> Answer:
    """What is served of a network's outputs.

    One logit is that of class 1 against class 0, as a perceptron has it. TensorFlow's own
    operations: what Keras makes of argmax, neither ONNX nor LiteRT has.

    Shapes:
        `(batch, outputs)` -> `logits`, `probabilities` `(batch, outputs)`, `classes` `(batch,)`.

    >>> answer_of(tf.constant([[2.0], [-1.0]]))["classes"].numpy().tolist()
    [1, 0]
    """
    if logits.shape[-1] == 1:
        classes = tf.cast(logits[:, 0] >= 0, tf.int32)
        return {"logits": logits, "probabilities": tf.sigmoid(logits), "classes": classes}
    classes = tf.argmax(logits, axis=-1, output_type=tf.int32)
    return {"logits": logits, "probabilities": tf.nn.softmax(logits), "classes": classes}


def n_classes_of(n_outputs: int) -> int:
    """How many classes that many logits tell apart, as `answer_of` does.

    >>> n_classes_of(1), n_classes_of(10)
    (2, 10)
    """
    return 2 if n_outputs == 1 else n_outputs


def as_features(pixels: Tensor, image_format: ImageFormat) -> Tensor:
    """`ImageFormat.features` inside the graph.

    Shapes:
        `(n, height, width, channels)` -> `(n, *feature_shape)`.
    """
    scaled = ops.cast(pixels, "float32") / image_format.scale
    return ops.reshape(scaled, (-1, *image_format.feature_shape))
