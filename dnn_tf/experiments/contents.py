"""The experiments, in the order of the documents: each a module with a function `reproduce`."""

import importlib
from types import ModuleType

from dnn_tf.arguments import check_choice

PAGES = {
    # the reference notebooks' stored results
    "chapter-10": "chapter_10",
    "chapter-11": "chapter_11",
    "reuse": "reuse",
    "exercise-8": "exercise_8",
    "exercise-8-search": "exercise_8_search",
    "exercise-9": "exercise_9",
    "exercise-10": "exercise_10",
    "few-labels": "few_labels",
    "autoencoder": "autoencoder",
    "rnn": "rnn",
    "fashion-mnist": "fashion_mnist",
    # what the documents say
    "formulas": "formulas",
    "linear-stacks": "linear_stacks",
    "vanishing-gradients": "vanishing_gradients",
    "selu-depth": "selu_depth",
    "batch-norm": "batch_norm",
    "clipping": "clipping",
    "saturated-start": "saturated_start",
    "outliers": "outliers",
    "optimizer-race": "optimizer_race",
    "schedules": "schedules",
    "batch-sizes": "batch_sizes",
    "depth-and-width": "depth_and_width",
    "data-size": "data_size",
    "collinearity": "collinearity",
    "sparse-networks": "sparse_networks",
    "dropout-ensemble": "dropout_ensemble",
    "permuted-pixels": "permuted_pixels",
}
"""From the name on the command line to the module."""


def page(name: str) -> ModuleType:
    """The module of an experiment.

    Raises:
        InputError: no such experiment.
    """
    check_choice(tuple(PAGES), experiment=name)
    return importlib.import_module(f"{__package__}.{PAGES[name]}")


def title(name: str) -> str:
    """What it is about: the first line of its page."""
    text = page(name).__doc__
    assert text
    return text.splitlines()[0].rstrip(".")
