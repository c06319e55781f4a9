"""Sparsity against accuracy: three ways to a sparse network.

The first document names them, to save memory and time, without a measurement: set small weights to
0; an L1 penalty, which forces the optimiser to trim the weights; dual averaging, FTRL. Here a
300-100 network learns MNIST plainly (Adam), with `L1(1e-4)` on its kernels, and by FTRL with an L1
strength of 0.002 and a rate of 0.2 (chosen by validation accuracy; ten times that strength leaves
no weight, and no learning). Then its smallest weights are set to 0 (`sparsity.sparsify`), over all
kernels together, share by share; nothing is trained afterwards. Judged on the test images, paired
by seed: equal starts and batches for all three.

A fact that the document leaves out: the gradient of an L1 penalty makes weights small, and hardly
one exactly 0, so they have to be set to 0 as well. FTRL gives exact zeros by itself.
"""

import dataclasses
from collections.abc import Mapping, Sequence

import keras
import numpy as np
from matplotlib.figure import Figure

from dnn_tf import models, plots
from dnn_tf.data import Split
from dnn_tf.experiments.evidence import opposite, paired
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least, spread
from dnn_tf.experiments.setting import Setting
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.optimizers import FTRL, Adam
from dnn_tf.regularizers import L1
from dnn_tf.sparsity import sparsify

SHARES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)

SPARSE = 0.5
"""What is called sparse here: half of the weights are 0, at least. One of `SHARES`."""

COST = 0.01
"""Of accuracy, that may be paid."""

PLAIN, PENALTY, DUAL = "small weights set to 0", "L1 penalty", "FTRL"


@dataclasses.dataclass(frozen=True)
class Thinned:
    """One network, set to 0 share by share.

    Args:
        shares: of the weights that were set to 0; the first is 0.
        scores: test accuracies with each of them.
        zeros: the share of weights exactly 0 before anything was set.
    """

    shares: Sequence[float]
    scores: np.ndarray
    zeros: float

    @property
    def affordable(self) -> float:
        """The largest of the shares that costs no more than `COST` in accuracy."""
        return self.shares[int(np.max(np.flatnonzero(self.scores >= self.scores[0] - COST)))]

    @property
    def price(self) -> float:
        """The accuracy that it costs to be `SPARSE`."""
        return float(self.scores[0] - self.scores[self.shares.index(SPARSE)])


Found = Mapping[str, Sequence[Thinned]]
"""Of each way one network a seed."""


def reproduce(setting: Setting) -> Outcome:
    """Trains the three from every seed, and thins them."""
    seeds = setting.seeds(setting.choose(3, 1))
    found = {
        name: [measure(name, seed, setting) for seed in seeds] for name in (PLAIN, PENALTY, DUAL)
    }
    return Outcome(rows(found, setting), drawn(found), claims(found))


def rows(found: Found, setting: Setting) -> list[Row]:
    """Accuracies, exact zeros, and what can be set to 0."""
    zeros, free = zeros_of(found), affordable(found)
    accuracy = {name: [float(of.scores[0]) for of in group] for name, group in found.items()}
    most = setting.choose(0.9, 0.5)
    return [
        *(Row(f"test accuracy, nothing set to 0 yet, {name}", mean(of), note=spread(of))
          for name, of in accuracy.items()),
        Row("share of weights exactly 0 after training, L1 penalty", mean(zeros[PENALTY]), 0.0,
            0.05),
        at_least("share of weights exactly 0 after training, FTRL", mean(zeros[DUAL]), SPARSE,
                 note=spread(zeros[DUAL])),
        at_least(f"largest share set to 0 that costs at most {COST:g}, {PLAIN}", mean(free[PLAIN]),
                 SPARSE, note=spread(free[PLAIN])),
        at_least(f"the same, {PENALTY}", mean(free[PENALTY]), most, note=spread(free[PENALTY])),
        at_least(f"the same, {DUAL}", mean(free[DUAL]), most, note=spread(free[DUAL])),
    ]  # fmt: skip


def claims(found: Found) -> list[Claim]:
    """One for each way."""
    zeros, free = zeros_of(found), affordable(found)
    price = paired([of.price for of in found[PLAIN]], [0.0] * len(found[PLAIN]))
    more = paired(free[PENALTY], free[PLAIN])
    exact = paired(zeros[DUAL], zeros[PLAIN])
    return [
        Claim(
            f"First document: setting small weights to 0 makes a sparse network ({SPARSE:.0%} of "
            f"the weights cost at most {COST:g} of accuracy).",
            opposite(price.above(COST)),
            f"they cost {price}.",
        ),
        Claim(
            "First document: L1 forces the optimiser to trim the weights (at the same cost more of "
            "them can be set to 0 than without).",
            more.above(),
            f"{mean(free[PENALTY]):.0%} against {mean(free[PLAIN]):.0%}, a share {more} larger; "
            f"{mean(zeros[PENALTY]):.1%} are exactly 0 by themselves.",
        ),
        Claim(
            f"First document: FTRL makes a sparse model ({SPARSE:.0%} exact zeros or more).",
            exact.above(SPARSE),
            f"a share of {exact} more than by Adam is exactly 0.",
        ),
    ]


def zeros_of(found: Found) -> dict[str, list[float]]:
    """Exact ones, seed by seed."""
    return {name: [of.zeros for of in group] for name, group in found.items()}


def affordable(found: Found) -> dict[str, list[float]]:
    """What can be set to 0, seed by seed."""
    return {name: [of.affordable for of in group] for name, group in found.items()}


def mean(numbers: Sequence[float]) -> float:
    """Over the seeds."""
    return float(np.mean(numbers))


def measure(name: str, seed: int, setting: Setting) -> Thinned:
    """The same start and the same batches for all three."""
    assert setting.data.test is not None
    shares = setting.choose(SHARES, (0.0, 0.5, 0.9))
    model = trained(name, seed, setting)
    return Thinned(shares, thinned(model, shares, setting.data.test), exact_zeros(model))


def trained(name: str, seed: int, setting: Setting) -> keras.Model:
    """One network, by one of the ways."""
    one = dataclasses.replace(setting, seed=seed)
    one.seeded()
    model = models.dnn(
        kernel_initializer="he_normal",
        kernel_regularizer=L1(1e-4) if name == PENALTY else None,
    )
    optimizer = FTRL(0.2, l1_regularization_strength=0.002) if name == DUAL else Adam(0.001)
    one.fit(
        model, optimizer, data=setting.data, epochs=5, batch_size=100, watch=(),
        jit_compile=False,  # so short a training is not worth compiling
    )  # fmt: skip
    return model


def exact_zeros(model: keras.Model) -> float:
    """The share of the kernels' entries that are 0."""
    entries = np.concatenate([layer.get_weights()[0].ravel() for layer in model.layers[1:]])
    return float(np.mean(entries == 0))


def thinned(model: keras.Model, shares: Sequence[float], split: Split) -> np.ndarray:
    """Accuracy with each of these shares set to 0; the model gets its weights back."""
    weights, scores = model.get_weights(), []
    for share in shares:
        outcome = sparsify(model, split, loss=sparse_softmax_cross_entropy, share=share)
        scores.append(outcome.after.accuracy)
        model.set_weights(weights)
    return np.array(scores)


def drawn(found: Found) -> Figure:
    """Accuracy against what is left, the mean over seeds."""
    curves = {
        name: (
            [100 * (1 - share) for share in group[0].shares],
            100 * np.mean([of.scores for of in group], axis=0),
        )
        for name, group in found.items()
    }
    return plots.lines(
        plots.Panel(curves, "weights that are left (%)", "test accuracy (%)", log_x=True),
        title="The smallest weights of a 300-100 network set to 0",
    )
