"""Exercise 8 of chapter 11: digits 0 to 4, with batch normalisation, with dropout, with neither.

The reference notebook (handson-ml, chapter 11, cells 217 to 262, TensorFlow 1.15, seed 42) trains
five hidden layers with Adam at 0.01 until 20 epochs have brought no smaller loss on the validation
images, and measures the weights of the best epoch on the test images. Its start, which it calls
He's, has LeCun's variance; it drops what enters a hidden layer, the pixels too, and not what the
last one puts out.

The first of its runs (ELU, batches of 20) broke down after epoch 5 and guessed from then on: the
rate is too high for it, and most seeds do so sooner or later. So that one is run from five seeds,
those in batches of 500 from three, and the mean is held against the number. The networks that two
further searches found in the notebook are trained once, as they were there.

Three sentences of the notebook are judged: its network overfits, batch normalisation improves it,
and dropout does not.
"""

import statistics
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np
from matplotlib.figure import Figure

from dnn_tf import plots
from dnn_tf.data import Dataset, select
from dnn_tf.experiments.evidence import paired
from dnn_tf.experiments.exercise_8_search import DIGITS
from dnn_tf.experiments.exercise_10 import called_he_by_the_notebook
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least, not_run, spread
from dnn_tf.experiments.setting import Setting
from dnn_tf.layers import BatchNorm, Dropout, NeuronLayer
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.optimizers import Adam
from dnn_tf.training import evaluate

LAYERS, RATE, PATIENCE = 5, 0.01, 20


@dataclass(frozen=True)
class Recipe:
    """One run of the notebook, and what it stored.

    Args:
        stored: the accuracy on the test images.
        tolerance: how far from it the mean over the seeds may be.
        units: of each of the five layers.
        activation, batch_size: of them.
        momentum: of batch normalisation; `None` for none.
        dropout: the share dropped; `None` for none.
        seeds: how often it is run.
    """

    stored: float
    tolerance: float
    units: int
    activation: Any
    batch_size: int
    momentum: float | None = None
    dropout: float | None = None
    seeds: int = 1


LEAKY = keras.layers.LeakyReLU(0.1)

ELU, PLAIN, NORMALISED, DROPPED = "8.2 ELU", "8.4 leaky ReLU", "8.4 batch norm", "8.5 dropout"

RECIPES = {
    ELU: Recipe(0.9726, 0.01, 100, "elu", 20, seeds=5),
    PLAIN: Recipe(0.98988, 0.003, 140, LEAKY, 500, seeds=3),
    NORMALISED: Recipe(0.99416, 0.01, 90, LEAKY, 500, momentum=0.95, seeds=3),
    "8.4 batch norm, searched": Recipe(0.99494, 0.01, 160, "relu", 10, momentum=0.98),
    DROPPED: Recipe(0.98618, 0.01, 90, LEAKY, 500, dropout=0.5, seeds=3),
    "8.5 dropout, searched": Recipe(0.98891, 0.01, 160, "relu", 100, dropout=0.2),
}

ON_TRAIN, ON_TRAIN_STORED = "8.5 leaky ReLU, training images", 0.99508


@dataclass(frozen=True)
class Run:
    """A network with the weights of its best epoch, and the history of its training."""

    model: keras.Model
    history: dict[str, list[float]]

    @property
    def test(self) -> float:
        """The accuracy on the test images after the epoch with the smallest validation loss."""
        return self.history["test_accuracy"][int(np.argmin(self.history["val_loss"]))]


def reproduce(setting: Setting) -> Outcome:
    """Trains all of them; quickly, one of each way."""
    data = select(setting.data, classes=DIGITS)
    runs = {
        name: [trained(recipe, data, seed, setting) for seed in setting.seeds(recipe.seeds)]
        for name, recipe in setting.choose(RECIPES, quick_ones()).items()
    }
    found = {name: [run.test for run in ones] for name, ones in runs.items()}
    found[ON_TRAIN] = [
        evaluate(run.model, data.train, loss=sparse_softmax_cross_entropy)["accuracy"]
        for run in runs[PLAIN]
    ]
    stored = {name: (recipe.stored, recipe.tolerance) for name, recipe in RECIPES.items()}
    stored[ON_TRAIN] = (ON_TRAIN_STORED, 0.003)
    rows = [
        setting.against(
            f"{name}: accuracy", statistics.mean(found[name]), *stored[name], quick=0.85,
            note=spread(found[name]),
        )
        if name in found
        else not_run(f"{name}: accuracy", stored[name][0], "only in full")
        for name in stored
    ]  # fmt: skip
    if ELU in runs:
        rows.append(collapsed(runs[ELU]))
    return Outcome(rows, figure(runs), claims(found))


def collapsed(runs: list[Run]) -> Row:
    """How many of these networks guess in the end, as the notebook's did."""
    guessing = [run.history["val_accuracy"][-1] < 2 / len(DIGITS) for run in runs]
    return at_least(f"{ELU}: seeds of {len(runs)} that guess in the end", sum(guessing), 1)


def quick_ones() -> dict[str, Recipe]:
    """With neither, with the one and with the other, in batches that suit fewer images."""
    return {
        name: replace(RECIPES[name], seeds=1, batch_size=50)
        for name in (PLAIN, NORMALISED, DROPPED)
    }


def trained(recipe: Recipe, data: Dataset, seed: int, setting: Setting) -> Run:
    """Trains until 20 epochs have brought nothing, and goes back to the best."""
    keras.utils.set_random_seed(seed)
    model = network(recipe, data.train.x.shape[1])
    words: dict[str, Any] = {"jit_compile": False} if recipe.dropout else {}  # XLA draws others
    early = keras.callbacks.EarlyStopping("val_loss", patience=PATIENCE, restore_best_weights=True)
    history = setting.fit(
        model, Adam(RATE), data=data, epochs=setting.choose(1000, 4), callbacks=[early],
        batch_size=recipe.batch_size, watch=["validation", "test"], seed=seed, **words,
    )  # fmt: skip
    return Run(model, history)


def network(recipe: Recipe, n_inputs: int) -> keras.Model:
    """Dropout, linear map, batch normalisation and activation, five times; then the logits.

    Shapes:
        `(batch, n_inputs)` -> `(batch, 5)`.
    """
    z = X = keras.Input((n_inputs,))
    for _ in range(LAYERS):
        if recipe.dropout is not None:
            z = Dropout(recipe.dropout)(z)
        z = NeuronLayer(recipe.units, kernel_initializer=called_he_by_the_notebook())(z)
        if recipe.momentum is not None:
            z = BatchNorm(momentum=recipe.momentum)(z)
        z = keras.layers.Activation(recipe.activation)(z)
    outputs = NeuronLayer(len(DIGITS), kernel_initializer=called_he_by_the_notebook())
    return keras.Model(X, outputs(z))


def claims(found: dict[str, list[float]]) -> list[Claim]:
    """The notebook's, which compares 140 units (plain) with 90 (the others)."""

    def claim(text: str, more: str, less: str) -> Claim:
        gain = paired(found[more], found[less])
        told = f"{more} over {less}, {gain} ({len(found[more])} seeds)."
        return Claim(f"The notebook, exercise {text}.", gain.above(), told)

    return [
        claim("8.5: the network without either overfits", ON_TRAIN, PLAIN),
        claim("8.4: batch normalisation improves it (90 units with it, 140 without)",
              NORMALISED, PLAIN),
        claim("8.5: dropout makes it worse (90 units with it, 140 without)", PLAIN, DROPPED),
    ]  # fmt: skip


def figure(runs: dict[str, list[Run]]) -> Figure:
    """The losses of the three ways; the validation accuracies of the first run, seed by seed."""
    ways = {name: runs[name][0].history["val_loss"] for name in (PLAIN, NORMALISED, DROPPED)}
    seeds = {
        f"start {n}": run.history["val_accuracy"]
        for n, run in enumerate(runs.get(ELU, ()), start=1)
    }
    panels = [
        plots.Panel(ways, "epoch", "loss on the validation images", "8.4 and 8.5", log_y=True)
    ]
    if seeds:
        panels += [plots.Panel(seeds, "epoch", "accuracy on the validation images", ELU)]
    return plots.lines(*panels, title="Digits 0 to 4, five layers, Adam at 0.01")
