"""The formulas that the documents print wrong, each beside the right one.

The numbers E1 to E46 are those of the catalogue of the documents' errors; L, O and S number losses,
optimisers and schedules. For each error that a number can show there is a row: this package's
number, held against that of another hand (TensorFlow 1 in a session, Keras, NumPy, TensorFlow's
tape), with what the printed formula gives beside it; and a claim, what is printed, which holds if
it gives the same number as that hand. Where nothing false is printed, and only another way is to be
told apart, there is a row and no claim. The examples that the fifth document works out (L9, L10)
are right, and stand among the rows.

Errors of words alone (E1, E4 to E6, E9, E18, E34, E41, ...) are told where the right version is:
search the package for what they are about.
"""

import numpy as np

from dnn_tf import plots
from dnn_tf.activations import elu, sigmoid
from dnn_tf.experiments.loss_formulas import loss_formulas, worked_values
from dnn_tf.experiments.optimizer_formulas import optimizer_formulas, snippet, tf1_walk, v1, walk
from dnn_tf.experiments.outcome import Outcome
from dnn_tf.experiments.setting import Setting
from dnn_tf.experiments.unit_formulas import unit_formulas
from dnn_tf.experiments.worded_formulas import leaky_step, worded_claims
from dnn_tf.optimizers import RMSProp


def reproduce(setting: Setting) -> Outcome:  # noqa: ARG001  (the same in either mode)
    """All of them; three are drawn."""
    formulas = [*unit_formulas(), *loss_formulas(), *optimizer_formulas()]
    rows = [*(one.row for one in formulas), leaky_step(), *worked_values()]
    claims = [*(one.claim for one in formulas if one.says), *worded_claims(), snippet()]
    figure = plots.lines(
        smooth(), squared(), started(),
        title="Three of the formulas: the right one, or TF1's, is the solid line",
    )  # fmt: skip
    return Outcome(rows, figure, claims)


def smooth() -> plots.Panel:
    """E13: ELU has a kink unless alpha is 1."""
    z = np.linspace(-2, 1, 121)
    curves = {f"alpha = {a:g}": (z, np.asarray(elu(z, alpha=a))) for a in (1.0, 2.0)}
    return plots.Panel(curves, "z", "ELU", 'E13 "smooth" only for alpha = 1')


def squared() -> plots.Panel:
    """E20: without the square the loss of a wrong answer is negative."""
    z = np.linspace(-5, 5, 101)
    a = np.asarray(sigmoid(z))
    curves = {"1/2 (y - a)^2": (z, a**2 / 2), "printed: 1/2 (y - a)": (z, -a / 2)}
    return plots.Panel(curves, "z of a sigmoid that should say 0", "loss", "E20 the lost square")


def started() -> plots.Panel:
    """O9: where the mean of the squares starts."""
    start = ([0, 1, 2, 3, 4, 5], [1.0])
    curves = {
        "TF1 (starts at 1)": tf1_walk(lambda eta: v1.train.RMSPropOptimizer(eta, 0.9)),
        "Keras (starts at 0)": walk(RMSProp()),
    }
    return plots.Panel(
        {name: (start[0], start[1] + after) for name, after in curves.items()},
        "step", "weight", "O9 one RMSProp, two starts",
    )  # fmt: skip
