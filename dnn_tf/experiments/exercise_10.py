"""Exercise 10 of chapter 11: pairs of digits first, then few labels.

Settings and stored results are those of the reference notebook (handson-ml, chapter 11, cells 340
to 365, TensorFlow 1.15, seed 42). Two towers learn on 55,000 images whether two digits are the
same; the first tower then carries a softmax that is trained on the 5,000 other images, and is set
beside the same network without this preparation.

The notebook differs from its own text in two places. It calls its start He's, and the default of
TF1's `variance_scaling_initializer` is LeCun's. And it means to freeze the tower, makes
`frozen_outputs = tf.stop_gradient(dnn_outputs)`, and puts the softmax on `dnn_outputs`: all layers
went on learning. So its .9654 is the result of `"transferred"`; with the tower frozen, as it says,
the result is better.
"""

import statistics
from typing import Any

import keras
import numpy as np

from dnn_tf import plots, transfer
from dnn_tf.data import Dataset, Split, select
from dnn_tf.experiments.evidence import paired
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import at_least, number, spread
from dnn_tf.experiments.setting import Setting
from dnn_tf.losses import sigmoid_cross_entropy, sparse_softmax_cross_entropy
from dnn_tf.optimizers import Nesterov
from dnn_tf.pretraining import draw_pairs, hidden_network, pair_network, same_or_different
from dnn_tf.training import EverySteps, fit
from dnn_tf.training.evaluation import make_evaluator
from dnn_tf.types import Tensor

REFERENCE = {"pairs": 0.9765, "transferred": 0.9654, "scratch": 0.9458}
"""Test accuracies that the notebook stored: on pairs, after them with nothing frozen, and without
them."""

TOLERANCE = {"pairs": 0.01, "transferred": 0.005, "scratch": 0.01}

HIDDEN = (100,) * 5
PAIRS_A_STEP = 500


def reproduce(setting: Setting) -> Outcome:
    """All of it from three seeds; quickly, from one, with two digits and a few epochs."""
    if setting.quick:
        two = select(setting.data, classes=("0", "1"))
        runs = [
            exercise_10(
                two, epochs=(10, 3, 3), seed=setting.seed, pairs_a_step=50, jit_compile=False
            )
        ]
    else:
        runs = [exercise_10(setting.data, seed=seed) for seed in setting.seeds(3)]
    found = {name: [run[name] for run in runs] for name in runs[0]}
    mean = {name: statistics.mean(values) for name, values in found.items()}
    rows = [
        setting.against(
            f"{name}: test accuracy", mean[name], REFERENCE[name], TOLERANCE[name], quick=0.8,
            note=setting.choose(spread(found[name]), "digits 0 and 1 only"),
        )
        for name in REFERENCE
    ]  # fmt: skip
    judged = {
        name: (row.reference, row.tolerance) for name, row in zip(REFERENCE, rows, strict=True)
    }
    stored, tolerances = zip(*(judged.get(name, (None, 0.0)) for name in found), strict=True)
    rows.append(at_least("frozen less transferred", mean["frozen"] - mean["transferred"], 0.0))
    gain = paired(found["transferred"], found["scratch"])
    claim = Claim(
        "The first document: an auxiliary task with many labels helps one with few.",
        gain.above(),
        f"after pairs over without, {gain} ({len(runs)} seeds); {number(mean['frozen'])} with the "
        "tower frozen.",
    )
    figure = plots.references(
        list(found), list(found.values()), stored, tolerances, unit="accuracy on the test images",
        title="Are two digits the same? First this, then few labels",
    )  # fmt: skip
    return Outcome(rows, figure, [claim])


def exercise_10(
    data: Dataset,
    *,
    epochs: tuple[int, int, int] = (100, 100, 150),
    seed: int = 42,
    pairs_a_step: int = PAIRS_A_STEP,
    **words: Any,
) -> dict[str, float]:
    """All of it; returns test accuracies.

    Args:
        data: with validation images, which the second part learns from, and test images.
        epochs: with pairs; with digits after them; with digits from scratch.
        seed: of everything.
        pairs_a_step: see `learn_pairs`.
        words: of `fit`.

    Returns:
        `pairs`, on pairs of the test images; on the images `transferred`, nothing frozen,
        `frozen`, all but the softmax, and `scratch`.
    """
    with_pairs, with_digits, from_scratch = epochs
    network, accuracy = learn_pairs(
        data, epochs=with_pairs, seed=seed, pairs_a_step=pairs_a_step, **words
    )
    tower = network.get_layer("A")
    unprepared = hidden_network(
        data.train.x.shape[1], HIDDEN, kernel_initializer=called_he_by_the_notebook()
    )

    def digits(hidden: keras.Model, epochs: int, freeze: bool = False) -> float:
        return learn_digits(hidden, data, epochs=epochs, freeze=freeze, seed=seed, **words)[-1]

    return {
        "pairs": accuracy[-1],
        "transferred": digits(tower, with_digits),
        "frozen": digits(tower, with_digits, freeze=True),
        "scratch": digits(unprepared, from_scratch),
    }


def learn_pairs(
    data: Dataset,
    *,
    epochs: int = 100,
    seed: int = 42,
    pairs_a_step: int = PAIRS_A_STEP,
    **words: Any,
) -> tuple[keras.Model, list[float]]:
    """Trains the two towers on pairs of the training images, every pair drawn afresh.

    An epoch of the notebook is as many batches of pairs as there are batches of images. Here all
    its epochs are one of `fit`: no pair is shown twice but by chance, so there is nothing to
    repeat. `fit` is given the numbers of the images, with the label 16 bytes a pair; the pixels of
    the pairs of 100 epochs would take 34 GB.

    Args:
        data: with test images.
        epochs: of the notebook.
        seed: of the weights, the pairs and their order.
        pairs_a_step: the size of a batch.
        words: of `fit`.

    Returns:
        The `pretraining.pair_network`, and its accuracy on pairs of the test images every five
        epochs and at the end.
    """
    keras.utils.set_random_seed(seed)
    network = pair_network(
        data.train.x.shape[1], HIDDEN, kernel_initializer=called_he_by_the_notebook()
    )
    steps_an_epoch = len(data.train) // pairs_a_step
    rows, same = draw_pairs(data.train.y, epochs * steps_an_epoch * pairs_a_step, seed)
    assert data.test is not None
    watch = WatchPairs(network, data.test, every=5 * steps_an_epoch, seed=seed)
    fit(
        behind_table(network, data.train.x),
        (rows.astype("int32"), same),
        loss=sigmoid_cross_entropy,
        optimizer=nesterov(),
        epochs=1,
        batch_size=pairs_a_step,
        callbacks=[watch],
        seed=seed,
        **words,
    )
    if watch.steps % (5 * steps_an_epoch):  # the last step was not measured yet
        watch.act({})
    return network, watch.accuracy


def behind_table(network: keras.Model, images: np.ndarray) -> keras.Model:
    """The network behind a table of the images: it is given their numbers.

    Shapes:
        `(batch, 2)` whole numbers -> `(batch, 1)`.
    """
    numbers = keras.Input((2,), dtype="int32", name="numbers")
    table = keras.layers.Embedding(*images.shape, trainable=False, name="images")
    logits = network(table(numbers))  # (batch, 2, features) -> (batch, 1)
    table.set_weights([images])
    return keras.Model(numbers, logits)


def on_right_side(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """1 where the logit is 0 or more for `same`, and below it for `different`.

    Shapes:
        `(batch,)`, `(batch, 1)` -> `(batch,)`.
    """
    says_same = y_pred[:, 0] >= 0
    return keras.ops.cast(keras.ops.equal(says_same, y_true == 1), "float32")


class WatchPairs(EverySteps):
    """Measures on pairs of the test images, as many as there are images."""

    def __init__(self, network: keras.Model, test: Split, every: int, seed: int):
        super().__init__(every)
        self.measure = make_evaluator(network, sigmoid_cross_entropy, [on_right_side])
        self.pairs = same_or_different(test.x, test.y, len(test), seed).train
        self.accuracy: list[float] = []

    def act(self, logs: dict[str, Any]) -> None:  # noqa: ARG002
        """Measures."""
        self.accuracy.append(self.measure(self.pairs)["on_right_side"])


def learn_digits(
    hidden: keras.Model, data: Dataset, *, epochs: int, freeze: bool, seed: int = 42, **words: Any
) -> list[float]:
    """A softmax on copies of these hidden layers; returns the test accuracy after each epoch.

    It learns from the validation images, which no pair has shown.
    """
    keras.utils.set_random_seed(seed)
    network = transfer.reuse(
        hidden,
        data.n_classes,
        keep="all",
        freeze=freeze,
        output_initializer=called_he_by_the_notebook(),
    )
    assert data.validation is not None
    history: dict[str, list[float]] = fit(
        network,
        Dataset(data.validation, test=data.test, class_names=data.class_names),
        loss=sparse_softmax_cross_entropy,
        optimizer=nesterov(),
        epochs=epochs,
        batch_size=50,
        watch=["test"],
        seed=seed,
        **words,
    ).history
    return history["test_accuracy"]


def called_he_by_the_notebook() -> keras.initializers.Initializer:
    """`tf.variance_scaling_initializer()`: LeCun's variance, `1 / n_inputs`, truncated."""
    return keras.initializers.VarianceScaling()


def nesterov() -> Nesterov:
    """The notebook's: learning rate 0.01, momentum 0.95."""
    return Nesterov(0.01, momentum=0.95, learning_rate_inside=False)
