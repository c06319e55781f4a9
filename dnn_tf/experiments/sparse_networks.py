"""Sparsity against accuracy: three ways to a sparse network.

The first document names them, to save memory and time, without a measurement: set small weights to
0; an L1 penalty; dual averaging, FTRL. Here a 300-100 network learns MNIST plainly (Adam), with
`L1(1e-4)` on its kernels, and by FTRL with an L1 strength of 0.002 and a rate of 0.2 (chosen by
validation accuracy; ten times that strength leaves no weight, and no learning). Then its smallest
weights are set to 0 (`sparsity.sparsify`), over all kernels together, share by share; nothing is
trained afterwards.

Two facts that the document leaves out. The gradient of an L1 penalty makes weights small, and
hardly one exactly 0: they have to be set to 0 as well. FTRL gives exact zeros by itself.
"""

from collections.abc import Sequence

import keras
import numpy as np
from matplotlib.figure import Figure

from dnn_tf import models, plots
from dnn_tf.data import Split
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least
from dnn_tf.experiments.setting import Setting
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.optimizers import FTRL, Adam
from dnn_tf.regularizers import L1
from dnn_tf.sparsity import sparsify

SHARES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)

COST = 0.01
"""Of accuracy, that may be paid."""

PLAIN, PENALTY, DUAL = "small weights set to 0", "L1 penalty", "FTRL"


def reproduce(setting: Setting) -> Outcome:
    """Trains the three, and thins them."""
    assert setting.data.validation is not None
    shares = setting.choose(SHARES, (0.0, 0.5, 0.9))
    found, zeros = {}, {}
    for name in (PLAIN, PENALTY, DUAL):
        model = trained(name, setting)
        zeros[name] = exact_zeros(model)
        found[name] = thinned(model, shares, setting.data.validation)
    free = {name: affordable(shares, scores) for name, scores in found.items()}
    start = {name: float(scores[0]) for name, scores in found.items()}
    rows = [
        *(Row(f"validation accuracy, nothing set to 0 yet, {name}", start[name]) for name in found),
        Row("share of weights exactly 0 after training, L1 penalty", zeros[PENALTY], 0.0, 0.05),
        at_least("share of weights exactly 0 after training, FTRL", zeros[DUAL], 0.5),
        at_least(f"largest share set to 0 that costs at most {COST:g}, {PLAIN}", free[PLAIN], 0.5),
        at_least(f"the same, {PENALTY}", free[PENALTY], setting.choose(0.9, 0.5)),
        at_least(f"the same, {DUAL}", free[DUAL], setting.choose(0.9, 0.5)),
    ]  # fmt: skip
    claims = [
        Claim(
            "First document: setting small weights to 0 makes a sparse network (at a cost of at "
            f"most {COST:g} in accuracy, half of the weights or more).",
            free[PLAIN] >= 0.5,
            f"{free[PLAIN]:.0%} of them.",
        ),
        Claim(
            "First document: L1 forces the optimiser to do without weights (exact zeros).",
            zeros[PENALTY] > 0.5,
            f"{zeros[PENALTY]:.1%} are exactly 0; but {free[PENALTY]:.0%} can be set to 0.",
        ),
        Claim(
            "First document: FTRL makes a sparse model (exact zeros).",
            zeros[DUAL] > 0.5,
            f"{zeros[DUAL]:.0%} are exactly 0, at an accuracy of {start[DUAL]:.4f} "
            f"({start[PLAIN]:.4f} by Adam).",
        ),
    ]
    return Outcome(rows, drawn(shares, found), claims)


def trained(name: str, setting: Setting) -> keras.Model:
    """The same start and the same batches for all three."""
    setting.seeded()
    model = models.dnn(
        kernel_initializer="he_normal",
        kernel_regularizer=L1(1e-4) if name == PENALTY else None,
    )
    optimizer = FTRL(0.2, l1_regularization_strength=0.002) if name == DUAL else Adam(0.001)
    setting.fit(model, optimizer, epochs=setting.choose(10, 5), batch_size=100)
    return model


def exact_zeros(model: keras.Model) -> float:
    """The share of the kernels' entries that are 0."""
    entries = np.concatenate([layer.get_weights()[0].ravel() for layer in model.layers[1:]])
    return float(np.mean(entries == 0))


def thinned(model: keras.Model, shares: Sequence[float], validation: Split) -> np.ndarray:
    """Validation accuracy with each of these shares set to 0; the model gets its weights back."""
    weights, scores = model.get_weights(), []
    for share in shares:
        outcome = sparsify(model, validation, loss=sparse_softmax_cross_entropy, share=share)
        scores.append(outcome.after.accuracy)
        model.set_weights(weights)
    return np.array(scores)


def affordable(shares: Sequence[float], scores: np.ndarray) -> float:
    """The largest of these shares that costs no more than `COST` in accuracy."""
    return shares[int(np.max(np.flatnonzero(scores >= scores[0] - COST)))]


def drawn(shares: Sequence[float], found: dict[str, np.ndarray]) -> Figure:
    """Accuracy against what is left."""
    left = [100 * (1 - share) for share in shares]
    return plots.lines(
        plots.Panel(
            {name: (left, 100 * scores) for name, scores in found.items()},
            "weights that are left (%)", "validation accuracy (%)", log_x=True,
        ),
        title="The smallest weights of a 300-100 network set to 0",
    )  # fmt: skip
