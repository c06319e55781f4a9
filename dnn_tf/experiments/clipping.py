"""Gradient clipping on a network that explodes: by value, by norm, by the norm of all gradients.

By value, `clip(g, -1, 1)` entry by entry; by norm, `g min(1, 1 / ||g||)`, for each gradient alone
or for all of them together. The first document: clipping is against exploding gradients; its text
limits the norm of the gradient, its code calls `tf.clip_by_value` (E42). The two are not the same:
by value the norm may be as large as `sqrt(n)`, and the step turns; one factor for all turns
nothing.

Here: the network of the reference notebook's cell 80 (784-300-50-50-50-50-10, ReLU, gradient
descent at 0.01 with batches of 200, threshold 1) in 10 epochs, from weights three times as wide as
He's. Each layer makes signal and gradient three times as large, and the first step is far too long.
So is it the clip that helps, or that its steps are shorter? A smaller rate shortens them too: the
network that is not clipped also trains at the rate that suits it, found on the validation images of
the first seed. Within a seed all start from the same weights and see the same batches; what is
compared is the accuracy on the test images, seed by seed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import mean

import keras
import numpy as np
import tensorflow as tf
from keras import ops
from matplotlib.figure import Figure

from dnn_tf import gradients, models, plots
from dnn_tf.experiments.evidence import every, paired
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rates import climb
from dnn_tf.experiments.rows import Row, at_least, at_most, spread
from dnn_tf.experiments.scoring import share_right
from dnn_tf.experiments.setting import Setting
from dnn_tf.gradients.norm import norm
from dnn_tf.initializers import HeNormal
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.optimizers import GradientDescent
from dnn_tf.types import Clip, DivergenceError, Tensor

RATE, BATCH_SIZE = 0.01, 200
TOO_WIDE = 3
"""Standard deviation of the first weights, over that of He's normal."""

CLIPS: dict[str, Clip] = {
    "by value": gradients.clip_by_value(1.0),
    "by norm": gradients.clip_by_norm(1.0),
    "by global norm": gradients.clip_by_global_norm(1.0),
}
UNCLIPPED, SUITED = "not clipped", "not clipped, a rate that suits"


class WideNormal(HeNormal):
    """He's normal, `TOO_WIDE` times as wide."""

    def __call__(self, shape: tuple[int, ...], dtype: str | None = None) -> Tensor:
        """Draws the weights."""
        return TOO_WIDE * super().__call__(shape, dtype)


@dataclass(frozen=True)
class Measured:
    """Of each way to train: test accuracies and mean validation accuracies; of each clip, a step.

    Args:
        scores: on the test images, one for each seed.
        curves: on the validation images, the mean of the seeds, one for each epoch.
        norms: of the first gradient after clipping.
        turned: the degrees that the clip turns it by.
        rate: that suits the network which is not clipped.
    """

    scores: Mapping[str, list[float]]
    curves: Mapping[str, np.ndarray]
    norms: Mapping[str, float]
    turned: Mapping[str, float]
    rate: float


def reproduce(setting: Setting) -> Outcome:
    """Trains with each clip, and without."""
    found = measured(setting)
    return Outcome(rows(found), drawn(found), claims(found.scores, found.norms, found.rate))


def measured(setting: Setting) -> Measured:
    """The suitable rate, all trainings, and the first steps."""
    seeds = setting.seeds(setting.choose(3, 1))

    def score(rate: float) -> float:
        return float(trained(None, rate, setting, seeds[0])[1][-1])

    rate = 0.001 if setting.quick else climb(score, 0.001)
    kinds = {UNCLIPPED: (None, RATE), SUITED: (None, rate)}
    runs = {
        name: [trained(clip, eta, setting, seed) for seed in seeds]
        for name, (clip, eta) in (
            kinds | {name: (clip, RATE) for name, clip in CLIPS.items()}
        ).items()
    }
    steps = {name: first_step(clip, setting) for name, clip in {UNCLIPPED: None, **CLIPS}.items()}
    return Measured(
        {name: [score for score, _ in group] for name, group in runs.items()},
        {name: np.mean([curve for _, curve in group], axis=0) for name, group in runs.items()},
        {name: length for name, (length, _) in steps.items()},
        {name: angle for name, (_, angle) in steps.items()},
        rate,
    )


def trained(
    clip: Clip | None, rate: float, setting: Setting, seed: int
) -> tuple[float, np.ndarray]:
    """The test accuracy and the validation accuracies; those of guessing where it diverged."""
    model, epochs = wide_network(seed), setting.choose(10, 4)
    try:
        history = setting.fit(
            model, GradientDescent(rate), epochs=epochs, batch_size=BATCH_SIZE, clip=clip,
            seed=seed, jit_compile=False,
        )  # fmt: skip
    except DivergenceError:
        return 1 / 10, np.full(epochs, 1 / 10)
    test = setting.data.test
    assert test
    return share_right(model, test), np.asarray(history["val_accuracy"])


def wide_network(seed: int) -> keras.Model:
    """From the same weights every time."""
    keras.utils.set_random_seed(seed)
    return models.dnn(hidden=(300, 50, 50, 50, 50), kernel_initializer=WideNormal())


def first_step(clip: Clip | None, setting: Setting) -> tuple[float, float]:
    """The norm of the first batch's gradient after clipping, and the degrees that it was turned."""
    model = wide_network(setting.seed)
    x, y = setting.data.train.x[:BATCH_SIZE], setting.data.train.y[:BATCH_SIZE]
    with tf.GradientTape() as tape:
        loss = ops.mean(sparse_softmax_cross_entropy(y, model(x)))
    g = tape.gradient(loss, model.trainable_variables)
    clipped = g if clip is None else clip(g)
    return float(norm(clipped)), float(gradients.turned_angle(g, clipped))


def rows(found: Measured) -> list[Row]:
    """Accuracies, what the clips add, and the first step."""
    norms, turned = found.norms, found.turned
    at = dict.fromkeys(found.scores, RATE) | {SUITED: found.rate}
    added = {name: paired(found.scores[name], found.scores[UNCLIPPED]) for name in CLIPS}
    return [
        *(
            Row(f"{name}: test accuracy at the rate {at[name]:g}", mean(values),
                note=spread(values))
            for name, values in found.scores.items()
        ),
        *(
            at_least(f"{name}: more than not clipped at {RATE:g}", gain.mean, 0.1, note=str(gain))
            for name, gain in added.items()
        ),
        at_least("not clipped: norm of the first gradient", norms[UNCLIPPED], 100),
        at_least("by value: the same", norms["by value"], 10),
        Row("by global norm: the same", norms["by global norm"], 1, 1e-5),
        at_least("by value: the first step turns by, degrees", turned["by value"], 10),
        at_least("by norm: the same", turned["by norm"], 10, note="each gradient has a factor"),
        at_most("by global norm: the same", turned["by global norm"], 0.01),
    ]  # fmt: skip


def claims(
    scores: Mapping[str, list[float]], norms: Mapping[str, float], rate: float
) -> list[Claim]:
    """Clips against none at the same rate; against a smaller rate; text against code."""
    at_this_rate, at_a_suited = (
        {name: paired(scores[name], scores[other]) for name in CLIPS}
        for other in (UNCLIPPED, SUITED)
    )
    return [
        Claim(
            "The first and fourth documents: clipping is a remedy for exploding gradients (here "
            f"at the rate {RATE:g}).",
            every(gain.above() for gain in at_this_rate.values()),
            f"more than not clipped ({mean(scores[UNCLIPPED]):.3f}): {told(at_this_rate)}.",
        ),
        Claim(
            "It does more for such a network than a smaller learning rate (no document asks).",
            every(gain.above() for gain in at_a_suited.values()),
            f"more than not clipped at {rate:g} ({mean(scores[SUITED]):.3f}): {told(at_a_suited)}.",
        ),
        Claim(
            "The first document's code keeps the norm of the gradient below the threshold 1, as "
            "its text says.",
            norms["by value"] <= 1,
            f"clipped by value the first gradient has the norm {norms['by value']:.3g}.",
        ),
    ]


def told(gains: Mapping[str, object]) -> str:
    """In a row."""
    return ", ".join(f"{name} {gain}" for name, gain in gains.items())


def drawn(found: Measured) -> Figure:
    """The mean of the seeds by epoch, and each seed at the end."""
    at = dict.fromkeys(found.scores, RATE) | {SUITED: found.rate}
    names = {name: f"{name.split(',')[0]}, rate {at[name]:g}" for name in found.scores}
    return plots.lines(
        plots.Panel(
            {names[name]: curve for name, curve in found.curves.items()}, x="epoch",
            y="validation accuracy, mean of the seeds", title="By epoch", levels={"chance": 0.1},
        ),
        plots.Dots({names[name]: values for name, values in found.scores.items()},
                   x="test accuracy", title="At the end"),
        title=f"Clipping, and a smaller rate, from weights {TOO_WIDE} times too wide",
    )  # fmt: skip
