"""How well a saved network does on a dataset."""

import warnings
from pathlib import Path

from dnn_tf.data import load as load_data
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.runs.opening import open_saved
from dnn_tf.training import evaluate
from dnn_tf.types import InputError


def evaluate_saved(path: str | Path, data: str) -> dict[str, float | int | str]:
    """Accuracy and loss of the network in a folder on the test split of a dataset.

    Returns:
        `accuracy`, `loss`, `n` (test samples), `source`.

    Raises:
        InputError: no such model or data, or the two do not fit.
    """
    model, card = open_saved(path)
    dataset = load_data(data, image_format=card.image_format)
    if dataset.test is None:
        raise InputError(f"{data} has no test split to evaluate on")
    if dataset.n_classes != len(card.class_names):
        raise InputError(
            f"the model tells {len(card.class_names)} classes apart, and {data} has "
            f"{dataset.n_classes}: they must match"
        )
    if dataset.class_names != card.class_names:
        warnings.warn(
            f"the model was trained on the classes {', '.join(card.class_names)}, and {data} has "
            f"{', '.join(dataset.class_names)}: they are taken for each other in this order",
            stacklevel=2,
        )
    measured = evaluate(model, dataset.test, loss=sparse_softmax_cross_entropy)
    return {**measured, "n": len(dataset.test), "source": dataset.source}
