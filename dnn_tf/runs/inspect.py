"""What the layers of a saved network do with a dataset."""

from pathlib import Path
from typing import Any

import keras

from dnn_tf import diagnostics
from dnn_tf.arguments import check_choice
from dnn_tf.diagnostics import Report
from dnn_tf.diagnostics.recording import last_activation
from dnn_tf.losses import sigmoid_cross_entropy, sparse_softmax_cross_entropy
from dnn_tf.runs.evaluate import SPLITS, numbers_of_outputs
from dnn_tf.runs.opening import load_for, open_network


def inspect_saved(
    path: str | Path, data: str | Path, *, split: str = "validation", **words: Any
) -> Report:
    """The health of each layer of a saved network; see `diagnostics.inspect`.

    Args:
        path: the folder of a network, or a `.keras` file.
        data: see `data.load`; images are fitted to the network.
        split: `train`, `validation`, `test`, or `all` rows of the data.
        **words: of `diagnostics.inspect`: `rows`, `seed`, `optimizer`, `learning_rate`.

    Raises:
        InputError: no such model or data, or the two do not fit.
    """
    check_choice(SPLITS, split=split)
    model, card = open_network(path)
    dataset = load_for(model, card, data, splits=split != "all")
    rows = dataset.splits()["train" if split == "all" else split]
    numbers = numbers_of_outputs(dataset, card.class_names, str(data))
    return diagnostics.inspect(model, rows.x, numbers[rows.y], _loss(model), **words)


def _loss(model: keras.Model) -> Any:
    """What the model was trained with, if its file says so; else the cross-entropy of its outputs.

    The outputs are taken for logits, but where they come out of a softmax or a sigmoid.
    """
    if model.compiled and model.loss is not None:
        return None
    last = last_activation(model)
    if model.output_shape[-1] == 1:
        return keras.losses.binary_crossentropy if last == "sigmoid" else sigmoid_cross_entropy
    sparse = keras.losses.sparse_categorical_crossentropy
    return sparse if last == "softmax" else sparse_softmax_cross_entropy
