"""Recurrent networks that read an image row by row.

A recurrent layer takes one row of 28 pixels a step and carries a state from row to row,

    h_t = f(x_t W + h_(t-1) U + b),

and a softmax reads the digit from the last state. The second and fifth documents name recurrent
networks and give no equation. The reference notebook (handson-ml, chapter 14, cells 56 and 61,
TensorFlow 1.15, seed 42) trained one layer of 150 tanh units for 100 epochs, and three layers of
100 ReLUs for 10, with Adam at 0.001 and batches of 150, and measured on the test images after each
epoch.

The weights `W` start by Xavier's uniform rule here and `U` orthogonal, as in Keras; TensorFlow 1
drew both as one matrix, `[W; U]`, by Xavier's rule.
"""

from dataclasses import dataclass

from dnn_tf import models, plots
from dnn_tf.experiments.outcome import Outcome
from dnn_tf.experiments.setting import Setting
from dnn_tf.optimizers import Adam


@dataclass(frozen=True)
class Recipe:
    """A network of the notebook: layers, activation, epochs, and the test accuracy it stored."""

    units: tuple[int, ...]
    activation: str
    epochs: int
    stored: float
    cell: int


RECIPES = {
    "150 tanh": Recipe((150,), "tanh", 100, 0.9744, 56),
    "3 x 100 ReLU": Recipe((100,) * 3, "relu", 10, 0.976, 61),
}

TOLERANCE = 0.005
"""Between two epochs the test accuracy moves by as much."""

CHANCE = 0.1


def reproduce(setting: Setting) -> Outcome:
    """Trains both."""
    curves = {name: test_accuracy(recipe, setting) for name, recipe in RECIPES.items()}
    rows = [
        setting.against(
            f"{name}: test accuracy after {len(curves[name])} epochs", curves[name][-1],
            recipe.stored, TOLERANCE, quick=5 * CHANCE,
            note=f"cell {recipe.cell}{setting.choose('', ', with a third of the units')}",
        )
        for name, recipe in RECIPES.items()
    ]  # fmt: skip
    panels = [
        plots.Panel(
            {name: curve}, x="epoch", y="accuracy on the test images", title=name,
            levels={f"the notebook's last, {RECIPES[name].stored}": RECIPES[name].stored},
        )
        for name, curve in curves.items()
    ]  # fmt: skip
    return Outcome(rows, plots.lines(*panels, title="A digit read row by row, in 28 steps"))


def test_accuracy(recipe: Recipe, setting: Setting) -> list[float]:
    """After each epoch; quickly, with a third of the units and smaller batches."""
    setting.seeded()
    units = setting.choose(recipe.units, tuple(n // 3 for n in recipe.units))
    model = models.rnn(units=units, activation=recipe.activation)
    history = setting.fit(
        model, Adam(0.001), epochs=setting.choose(recipe.epochs, 4),
        batch_size=setting.choose(150, 50), watch=["test"],
    )  # fmt: skip
    return history["test_accuracy"]
