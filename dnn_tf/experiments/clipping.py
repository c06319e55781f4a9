"""Gradient clipping on a network that explodes: by value, by norm, by the norm of all gradients.

By value, `clip(g, -1, 1)` entry by entry; by norm, `g min(1, 1 / ||g||)`, for each gradient alone
or for all of them together. The first document: clipping is against exploding gradients; its text
limits the norm of the gradient, its code calls `tf.clip_by_value` (E42). The two are not the same:
by value the norm may be as large as `sqrt(n)`, and the step turns; one factor for all turns
nothing.

Here: the network of the reference notebook's cell 80 (784-300-50-50-50-50-10, ReLU, gradient
descent at 0.01 with batches of 200, threshold 1), from weights three times as wide as He's. Each
layer makes signal and gradient three times as large, and the first step is far too long. All four
start from the same weights and see the same batches.
"""

import keras
import tensorflow as tf
from keras import ops

from dnn_tf import gradients, models, plots
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least, at_most
from dnn_tf.experiments.setting import Setting
from dnn_tf.gradients.norm import norm
from dnn_tf.initializers import HeNormal
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.optimizers import GradientDescent
from dnn_tf.types import Clip, DivergenceError, Tensor

BATCH_SIZE = 200
TOO_WIDE = 3
"""Standard deviation of the first weights, over that of He's normal."""

HELP = 0.1
"""More validation accuracy than without a clip, which is more than chance can give."""

CLIPS: dict[str, Clip | None] = {
    "not clipped": None,
    "by value": gradients.clip_by_value(1.0),
    "by norm": gradients.clip_by_norm(1.0),
    "by global norm": gradients.clip_by_global_norm(1.0),
}


class WideNormal(HeNormal):
    """He's normal, `TOO_WIDE` times as wide."""

    def __call__(self, shape: tuple[int, ...], dtype: str | None = None) -> Tensor:
        """Draws the weights."""
        return TOO_WIDE * super().__call__(shape, dtype)


def first_step(clip: Clip | None, setting: Setting) -> tuple[float, float]:
    """The norm of the first batch's gradient after clipping, and the degrees that it was turned."""
    model = wide_network(setting)
    x, y = setting.data.train.x[:BATCH_SIZE], setting.data.train.y[:BATCH_SIZE]
    with tf.GradientTape() as tape:
        loss = ops.mean(sparse_softmax_cross_entropy(y, model(x)))
    g = tape.gradient(loss, model.trainable_variables)
    clipped = g if clip is None else clip(g)
    return float(norm(clipped)), float(gradients.turned_angle(g, clipped))


def reproduce(setting: Setting) -> Outcome:
    """Trains with each clip, and without."""
    history = {name: trained(clip, setting) for name, clip in CLIPS.items()}
    accuracy = {name: epochs.get("val_accuracy", []) for name, epochs in history.items()}
    last = {name: values[-1] if values else 1 / 10 for name, values in accuracy.items()}
    steps = {name: first_step(clip, setting) for name, clip in CLIPS.items()}
    norms = {name: length for name, (length, _) in steps.items()}
    turned = {name: angle for name, (_, angle) in steps.items()}
    clips = list(CLIPS)[1:]
    rows = [
        Row("not clipped: validation accuracy", last["not clipped"],
            note="it diverged" if not accuracy["not clipped"] else ""),
        *(Row(f"{name}: the same", last[name]) for name in clips),
        *(
            at_least(f"{name}: more than not clipped", last[name] - last["not clipped"], HELP)
            for name in clips
        ),
        at_least("not clipped: norm of the first gradient", norms["not clipped"], 100),
        at_least("by value: the same", norms["by value"], 10),
        Row("by global norm: the same", norms["by global norm"], 1, 1e-5),
        at_least("by value: the first step turns by, degrees", turned["by value"], 10),
        at_least("by norm: the same", turned["by norm"], 10, note="each gradient has a factor"),
        at_most("by global norm: the same", turned["by global norm"], 0.01),
    ]  # fmt: skip
    claims = [
        Claim(
            "The first and fourth documents: clipping is a remedy for exploding gradients.",
            min(last[name] for name in clips) > last["not clipped"] + HELP,
            f"without it {last['not clipped']:.3f}"
            f"{'' if accuracy['not clipped'] else ' (diverged: chance)'}, with it "
            + ", ".join(f"{last[name]:.3f} {name}" for name in clips)
            + "; a better start would be the better remedy.",
        ),
        Claim(
            "The first document's code keeps the norm of the gradient below the threshold 1, as "
            "its text says.",
            norms["by value"] <= 1,
            f"clipped by value the first has the norm {norms['by value']:.3g}, and its direction "
            f"is {turned['by value']:.0f} degrees off.",
        ),
    ]
    figure = plots.lines(
        plots.Panel(
            {name: values for name, values in accuracy.items() if values}, x="epoch",
            y="validation accuracy", title="Does it train?", levels={"chance": 0.1},
        ),
        plots.Panel(
            {
                f"{name}: {turned[name]:.0f}°": epochs["val_loss"]
                for name, epochs in history.items() if epochs
            },
            x="epoch", y="validation loss", log_y=True,
            title="The loss, and by how much the first step is turned",
        ),
        title=f"Clipping, from weights {TOO_WIDE} times too wide"
        + ("" if accuracy["not clipped"] else "; without it the training diverges"),
    )  # fmt: skip
    return Outcome(rows, figure, claims)


def trained(clip: Clip | None, setting: Setting) -> dict[str, list[float]]:
    """The history of a training from the wide weights; empty where it diverged."""
    try:
        return setting.fit(
            wide_network(setting), GradientDescent(0.01), epochs=setting.choose(20, 10),
            batch_size=BATCH_SIZE, clip=clip,
        )  # fmt: skip
    except DivergenceError:
        return {}


def wide_network(setting: Setting) -> keras.Model:
    """From the same weights every time."""
    setting.seeded()
    return models.dnn(hidden=(300, 50, 50, 50, 50), kernel_initializer=WideNormal())
