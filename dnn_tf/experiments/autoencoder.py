"""Layers learnt by autoencoders, then 20,000 labels.

The first document advises to learn the lower layers without labels where labels are few. The
reference notebook (handson-ml, chapter 15, cells 63 and 65, TensorFlow 1.15, seed 42) does it with
autoencoders: a hidden layer `h = f(x W + b)` and a linear one above it learn to give `x` back,

    loss = mean (x - (h V + c))^2,

then the next hidden layer does so with `h`. A network of 300 and 150 ELUs with these layers, and
the same from He's start, were trained on 20,000 labels: L2 of 0.0005, Adam at 0.01, batches of 150,
4 epochs. On the test images it stored 0.9401 with, and 0.9494 without: no gain.

Here every seed starts both networks with the same output layer and shows them the same batches.
(The notebook minimises the losses of a batch unreduced, so the gradient is that of their sum, the
penalty 150 times in it; Adam does not care for the scale. It also has an L2 of 0.0001 on the
autoencoders, which `pretraining.stacked_autoencoder` has not.)
"""

import statistics
from functools import partial

import keras
import numpy as np

from dnn_tf import models, plots
from dnn_tf.data import Dataset, Split
from dnn_tf.experiments.evidence import paired
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import spread
from dnn_tf.experiments.setting import FULL_MNIST, Setting
from dnn_tf.optimizers import Adam
from dnn_tf.pretraining import stacked_autoencoder
from dnn_tf.regularizers import L2

HIDDEN = (300, 150)
LABELS = 20_000
SEEDS = 10

STORED = {"from He's start": 0.9494, "after autoencoders": 0.9401}
"""Test accuracies of the notebook after the fourth epoch."""

TOLERANCE = 0.01
"""The rate is high: from epoch to epoch the test accuracy moves by as much."""


def reproduce(setting: Setting) -> Outcome:
    """Both ways from several seeds."""
    runs = [both(setting, seed) for seed in setting.seeds(setting.choose(SEEDS, 1))]
    last = {name: [run[name][-1] for run in runs] for name in STORED}
    mean = {name: statistics.mean(values) for name, values in last.items()}
    rows = [
        setting.against(
            f"{name}: test accuracy", mean[name], stored, TOLERANCE, quick=0.6,
            note=spread(last[name]), otherwise=within_range(stored, last[name]),
        )
        for name, stored in STORED.items()
    ]  # fmt: skip
    plain, pretrained = (last[name] for name in STORED)
    gain = paired(pretrained, plain)
    claim = Claim(
        "The first document: layers learnt without labels help (it says so of few labels; here "
        f"{n_labels(setting):,}, the notebook's).",
        gain.above(),
        f"the gain is {gain} ({len(runs)} seeds).",
    )
    curves = {name: np.mean([run[name] for run in runs], axis=0) for name in STORED}
    mean_of = f", mean of {len(runs)} seeds" if len(runs) > 1 else ""
    figure = plots.lines(
        plots.Panel(curves, x="epoch", y="accuracy on the test images"),
        title=f"300 and 150 ELUs, {n_labels(setting):,} labels{mean_of}",
    )
    return Outcome(rows, figure, [claim])


def within_range(stored: float, values: list[float]) -> str:
    """What is known of a single stored run that the mean of several seeds does not meet."""
    inside = min(values) <= stored <= max(values)
    return "the notebook ran once, and its number is in the range of the seeds" if inside else ""


def n_labels(setting: Setting) -> int:
    """How many training images have a label; quickly, as large a part of them."""
    return LABELS if not setting.quick else len(setting.data.train) * LABELS // FULL_MNIST


def both(setting: Setting, seed: int) -> dict[str, list[float]]:
    """Test accuracies after each epoch, from He's start and on the layers of autoencoders."""
    data, n = setting.data, n_labels(setting)
    labelled = Dataset(
        Split(data.train.x[:n], data.train.y[:n]), test=data.test, class_names=data.class_names
    )
    learnt = stacked_autoencoder(
        data.train.x, HIDDEN, activation="elu", kernel_initializer="he_normal",
        make_optimizer=partial(Adam, 0.01), epochs=setting.choose(4, 2), batch_size=150, seed=seed,
        jit_compile=not setting.quick,
    ).network  # fmt: skip
    curves = {}
    for name in STORED:
        keras.utils.set_random_seed(seed)
        model = classifier(data.train.x.shape[1])
        if name == "after autoencoders":
            for layer in learnt.layers[1:]:
                model.get_layer(layer.name).set_weights(layer.get_weights())
        history = setting.fit(
            model, Adam(0.01), data=labelled, epochs=4, batch_size=150, watch=["test"], seed=seed
        )
        curves[name] = history["test_accuracy"]
    return curves


def classifier(n_inputs: int) -> keras.Model:
    """300 and 150 ELUs, and the logits.

    Shapes:
        `(batch, n_inputs)` -> `(batch, 10)`.
    """
    return models.dnn(
        n_inputs, HIDDEN, 10, activation="elu", kernel_initializer="he_normal",
        kernel_regularizer=L2(0.0005),
    )  # fmt: skip
