"""The network in operations that other runtimes have too."""

import keras
import tensorflow as tf

from dnn_tf.types import Tensor


class PortableNetwork(tf.Module):
    """What `ServedNetwork` answers to features, without the look at single bits in Keras' argmax.

    Neither ONNX nor LiteRT has operations for that.

    Shapes:
        `features` `(batch, ...)` -> `logits` and `probabilities` `(batch, classes)`, `classes`
        `(batch,)`.
    """

    def __init__(self, model: keras.Model):
        super().__init__()
        self.weights = [variable.value for variable in model.variables]

        def answer(features: Tensor) -> dict[str, Tensor]:
            logits = model(features, training=False)
            return {
                "logits": logits,
                "probabilities": tf.nn.softmax(logits),
                "classes": tf.argmax(logits, axis=-1, output_type=tf.int32),
            }

        features = tf.TensorSpec((None, *model.input_shape[1:]), model.input_dtype, "features")
        self.features = tf.function(answer, input_signature=[features], autograph=False)
