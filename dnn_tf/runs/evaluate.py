"""How well a saved network does on a dataset."""

import warnings
from pathlib import Path

import numpy as np
import tensorflow as tf

from dnn_tf.arguments import check_choice
from dnn_tf.data import Dataset, Split
from dnn_tf.data.classes import list_some
from dnn_tf.losses import sigmoid_cross_entropy, sparse_softmax_cross_entropy
from dnn_tf.runs.opening import load_for, open_saved
from dnn_tf.saving.signatures import answer_of
from dnn_tf.training import evaluate
from dnn_tf.types import InputError, Tensor

SPLITS = ("train", "validation", "test", "all")
"""What can be measured on."""


def evaluate_saved(
    path: str | Path, data: str | Path, *, split: str = "test"
) -> dict[str, float | int | str]:
    """Accuracy and loss of the network in a folder on a dataset.

    Classes are matched by their names: those of the data may be in another order, or only some of
    the network's. Where all names are others, and as many, they are taken in order, with a warning.
    A network of one logit tells two classes apart; its loss is the cross-entropy of its sigmoid.

    Args:
        path: the folder of the network.
        data: see `data.load`; images are fitted to the network.
        split: `train`, `validation`, `test`, or `all` rows of the data, which are then not split,
            so that one is enough.

    Returns:
        `accuracy`, `loss`, `n` (samples), `source`.

    Raises:
        InputError: no such model or data, or the two do not fit.
    """
    check_choice(SPLITS, split=split)
    model, card = open_saved(path)
    dataset = load_for(model, card, data, splits=split != "all")
    rows = dataset.splits()["train" if split == "all" else split]
    numbers = numbers_of_outputs(dataset, card.class_names, str(data))
    rows = Split(rows.x, numbers[rows.y])
    single = model.output_shape[-1] == 1
    loss = sigmoid_cross_entropy if single else sparse_softmax_cross_entropy
    measured = evaluate(model, rows, loss=loss, metrics=[accuracy])
    return {**measured, "n": len(rows), "source": dataset.source}


def accuracy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """1 where the network answers with the right class, as it is served, else 0.

    Shapes:
        `(batch,)`, `(batch, outputs)` -> `(batch,)`.

    >>> accuracy(tf.constant([1, 1]), tf.constant([[2.0], [-1.0]])).numpy().tolist()
    [1.0, 0.0]
    """
    classes = answer_of(y_pred)["classes"]
    return tf.cast(classes == tf.cast(y_true, classes.dtype), "float32")


def numbers_of_outputs(dataset: Dataset, known: tuple[str, ...], where: str) -> np.ndarray:
    """The network's number of each class of the data.

    Shapes:
        `(classes of the data,)`.
    """
    names = dataset.class_names
    unknown = [name for name in names if name not in known]
    if not unknown:
        return np.array([known.index(name) for name in names])
    if len(unknown) < len(names) or len(names) != len(known):
        raise InputError(
            f"the model tells {len(known)} classes apart ({list_some(known)}), and {where} has "
            f"{len(names)}, unknown of them {list_some(unknown)}: rename them or leave them out"
        )
    warnings.warn(
        f"the model was trained on the classes {', '.join(known)}, and {where} has "
        f"{', '.join(names)}: they are taken for each other in this order",
        stacklevel=3,
    )
    return np.arange(len(names))
