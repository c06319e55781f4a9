"""Deep supervision: outputs on shallow layers, for training only."""

from collections.abc import Sequence

import keras
from keras import ops

from dnn_tf.layers import NeuronLayer
from dnn_tf.types import InputError


def with_auxiliary_outputs(model: keras.Model, at: Sequence[str]) -> keras.Model:
    """The model with an output of its own on each of the layers `at`, for the same labels.

    The fourth document's last remedy against vanishing gradients, known from GoogLeNet (Szegedy et
    al., 2014): a loss on a shallow layer sends it a gradient that has not passed all the others.
    The layers are shared: train what is returned, with `losses.deep_supervision` and
    `metrics.main_output`, and use and save the `model` itself.

    Args:
        model: one that ends in logits, such as `models.dnn`.
        at: names of its layers. What they give is made flat, and a linear layer on it gives logits.

    Returns:
        A model with the heads stacked, the model's own output first.

    Raises:
        InputError: no such layer, or none at all.

    Shapes:
        input of the model -> `(batch, 1 + len(at), classes)`.

    >>> from dnn_tf.models import dnn
    >>> supervised = with_auxiliary_outputs(dnn(4, (5, 3), 2), at=["hidden1"])
    >>> supervised.output_shape
    (None, 2, 2)
    """
    layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    known = [layer.name for layer in layers[:-1]]
    named = [at] if isinstance(at, str) else list(at)
    if isinstance(at, str) or not at or set(at) - set(known) or len(set(at)) < len(at):
        raise InputError(
            f"auxiliary outputs sit on hidden layers of {model.name!r}, given as a list without "
            f"repeats, and got {named}: take some of {', '.join(known) or 'none, it has none'}"
        )
    heads = [model.outputs[0]]
    for name in at:
        features = keras.layers.Flatten(name=f"{name}_features")(model.get_layer(name).output)
        auxiliary = NeuronLayer(
            model.output_shape[-1], kernel_initializer="xavier_normal", name=f"{name}_auxiliary"
        )
        heads.append(auxiliary(features))
    return keras.Model(
        model.inputs[0], ops.stack(heads, axis=1), name=f"{model.name}_with_auxiliary_outputs"
    )
