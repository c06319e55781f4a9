"""From a checkpoint to a model."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras

from dnn_tf.layers import BatchNorm
from dnn_tf.tf1.building import build_model
from dnn_tf.tf1.files import find_checkpoint
from dnn_tf.tf1.network import find_network
from dnn_tf.tf1.reader import read_variables
from dnn_tf.tf1.table import CheckpointTable, make_table


def load_checkpoint(
    path: str | Path,
    activation: Any = "relu",
    *,
    scope: str | None = None,
    layers: Sequence[str] | None = None,
    momentum: float = 0.9,
    epsilon: float = 1e-3,
    activation_first: bool = False,
) -> keras.Model:
    """The dense network in a checkpoint that TF1's `Saver` wrote, as a model that ends in logits.

    It is a model as `models.dnn` builds it, to predict with, to train on and to save. Its layers
    have the names of the checkpoint (`dnn/hidden1/kernel` is in `hidden1`), or the document's where
    there are none; their order is found from shapes and names. Its batch normalisations are called
    after the layer they follow, `hidden1_bn`. What is not in the checkpoint, such as the bias of a
    layer without one, starts at zeros, and the scale of a normalisation at ones, which changes
    nothing; `inspect_checkpoint` says so. What TF1's optimiser kept is left out.

    Args:
        path: the name that `Saver` was given, such as `./my_model_final.ckpt`, one of its files or
            its folder; the V2 and the V1 format.
        activation: of the hidden layers, which no checkpoint holds: a name, a function or a layer
            without weights; or a list of them, one a hidden layer. Default the document's,
            `"relu"`.
        scope: takes the network in that scope only, such as `DNN_A`.
        layers: takes these layers only, in this order, by the names of their kernels or scopes;
            needed where shapes and names leave the order open.
        momentum: of batch normalisation, for further training. Default 0.9, the document's.
        epsilon: of batch normalisation. Default 0.001, that of `tf.layers`.
        activation_first: whether batch normalisation follows the activation. Default `False`: it
            stands between the linear map and the activation, as in the document.

    Raises:
        InputError: no such checkpoint; truncated or damaged; without a dense network, or with
            several or with more than that; numbers that are not finite; an activation that cannot
            be.

    Shapes:
        of the model: `(batch, n_inputs)` -> `(batch, n_outputs)`.

    >>> import tempfile, tensorflow as tf
    >>> path = tempfile.mkdtemp() + "/my_model_final.ckpt"
    >>> with tf.Graph().as_default(), tf.compat.v1.Session() as session:
    ...     hidden = tf.compat.v1.get_variable("dnn/hidden1/kernel", (4, 3))
    ...     outputs = tf.compat.v1.get_variable("dnn/outputs/kernel", (3, 2))
    ...     session.run(tf.compat.v1.global_variables_initializer())
    ...     saved = tf.compat.v1.train.Saver().save(session, path)
    >>> model = load_checkpoint(path, "elu")
    >>> [layer.name for layer in model.layers], model.output_shape
    (['X', 'hidden1', 'outputs'], (None, 2))
    >>> print(inspect_checkpoint(path))
    variable            shape  became
    dnn/hidden1/kernel  4 x 3  hidden1.kernel  no bias in the checkpoint: zeros
    dnn/outputs/kernel  3 x 2  outputs.kernel  no bias in the checkpoint: zeros
    """
    variables = read_variables(path)
    network = find_network(variables, scope, layers)
    return build_model(
        network, variables, activation, BatchNorm(momentum, epsilon), activation_first
    )


def inspect_checkpoint(
    path: str | Path, *, scope: str | None = None, layers: Sequence[str] | None = None
) -> CheckpointTable:
    """What `load_checkpoint` makes of each variable of a checkpoint, as a table to print.

    Args:
        path, scope, layers: as for `load_checkpoint`.

    Raises:
        InputError: as for `load_checkpoint`.
    """
    variables = read_variables(path)
    return make_table(find_checkpoint(path), variables, find_network(variables, scope, layers))
