"""SELU keeps mean 0 and standard deviation 1, over 1,000 layers.

`selu(z) = scale * (z if z >= 0 else alpha (e^z - 1))`, `scale = 1.0507`, `alpha = 1.6733`.
The first document: it "preserves roughly mean 0 and standard deviation 1 across all layers", even
with 100 of them. The reference notebook (handson-ml, chapter 11, cell 46) prints the spread of
1,000: 500 standard normal rows of 100 features, weights from LeCun's normal, `N(0, 1/100)`, seed 42
of NumPy. It is repeated here number by number, in double precision.

What the document leaves out: it takes LeCun's start, a plain stack, and `AlphaDropout` for dropout.
(Standardised inputs it takes for the lower layers only: the spread comes back by itself, though
from a mean far from 0 that needs more than 100 layers.)
What it prints, `scale * elu(z, alpha)`, loses alpha with `tf.nn.elu`, whose second argument is a
name (E14). And the notebook defines it (cell 48) with the two constants swapped (what it stored was
not trained so: see `chapter-11`): the negative side is unchanged by that, but the slope on the
positive one is 1.6733, and a deep stack explodes.

The spread is kept, small differences are not: a layer makes them `sqrt(E[selu'(z)^2]) = 1.035`
times as large, 31 times in 100 layers and 1e15 times in 1,000 (and gradients on their way back
likewise). So two ways to calculate one network agree in 100 layers, and not in 1,000.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from dnn_tf import plots
from dnn_tf.activations import elu, selu, selu_derivative
from dnn_tf.activations.rectified import SELU_ALPHA, SELU_SCALE
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least, at_most
from dnn_tf.experiments.setting import Setting
from dnn_tf.layers import AlphaDropout, Dropout, NeuronLayer
from dnn_tf.types import Tensor

ALIKE = 100
"""Layers over which two ways to calculate the same network agree."""

PRINTED = (1.00, 0.96, 0.90, 0.92, 0.89, 0.93, 0.92, 0.90, 0.83, 1.00)
"""The notebook's standard deviations of layers 0, 100, ..., 900."""

ROWS, UNITS = 500, 100

Layer = Callable[[np.ndarray, np.ndarray], Tensor]
"""From its inputs and its weights to its outputs."""


def plain(x: np.ndarray, W: np.ndarray) -> Tensor:
    """`selu(x W)`."""
    return selu(x @ W)


def swapped(x: np.ndarray, W: np.ndarray) -> Tensor:
    """The notebook's, with `scale` and `alpha` in each other's place."""
    return SELU_ALPHA * elu(x @ W, SELU_SCALE)


def without_alpha(x: np.ndarray, W: np.ndarray) -> Tensor:
    """What `scale * tf.nn.elu(z, alpha)` comes to."""
    return SELU_SCALE * elu(x @ W)


def dropped(dropout: Dropout | AlphaDropout) -> Layer:
    """SELU with that dropout behind it, in training."""
    return lambda x, W: dropout(plain(x, W), training=True)


def neuron_layer() -> Layer:
    """The package's own layer, with those weights."""
    layer = NeuronLayer(UNITS, "selu", dtype="float64")  # in 1,000 layers roundings add up
    layer.build((None, UNITS))

    def call(x: np.ndarray, W: np.ndarray) -> Tensor:
        layer.kernel.assign(W)
        return layer(x)

    return call


def spread(
    layer: Layer, depth: int, variance: float = 1, seed: int = 42, mean: float = 0, std: float = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation after every layer: those of a unit over the rows, averaged.

    Args:
        layer: see `Layer`.
        depth: how many.
        variance: of the weights, times `1 / n_inputs`: 1 is LeCun's, 2 He's.
        seed: of the inputs and all weights.
        mean, std: of the inputs.
    """
    rng = np.random.RandomState(seed)
    x = mean + std * rng.normal(size=(ROWS, UNITS))
    means, stds = [], []
    for _ in range(depth):
        W = rng.normal(size=(UNITS, UNITS), scale=np.sqrt(variance / UNITS))
        x = np.asarray(layer(x, W))
        means.append(x.mean(axis=0).mean())
        stds.append(x.std(axis=0).mean())
    return np.asarray(means), np.asarray(stds)


@dataclass(frozen=True)
class Measured:
    """Standard deviations layer by layer, and what is told of them.

    Args:
        deep: layers of what is not as deep as the notebook's.
        std: of SELU, of its constants swapped, of alpha lost.
        conditions: of SELU, where one of its conditions is changed.
        ours: of `NeuronLayer`.
        low, high, mean: the smallest and largest deviation over some seeds, the farthest mean.
        growth: of the swapped one, in powers of ten a layer.
        slope: `sqrt(E[selu'(z)^2])` of standard normal `z`.
    """

    deep: int
    std: dict[str, np.ndarray]
    conditions: dict[str, np.ndarray]
    ours: np.ndarray
    low: float
    high: float
    mean: float
    growth: float
    slope: float

    @property
    def last(self) -> dict[str, float]:
        """The deviation after the last layer, by the condition."""
        return {name: float(stds[-1]) for name, stds in self.conditions.items()}


def reproduce(setting: Setting) -> Outcome:
    """The notebook's lines, other seeds, and what breaks it."""
    depth = setting.choose(1000, 101)
    found = measured(setting, depth)
    return Outcome(rows(found, setting, depth), drawn(found, depth), claims(found))


def measured(setting: Setting, depth: int) -> Measured:
    """Signals through all of the stacks."""
    deep = setting.choose(100, 50)
    std = {
        "SELU": spread(plain, depth)[1],
        "constants swapped": spread(swapped, setting.choose(1900, 100))[1],
        "alpha lost": spread(without_alpha, deep)[1],
    }
    conditions = {
        "N(0, 1) weights": spread(plain, deep, variance=UNITS)[1],
        "He's weights": spread(plain, deep, variance=2)[1],
        "dropout 0.5": spread(dropped(Dropout(0.5, seed=1)), deep)[1],
        "AlphaDropout 0.5": spread(dropped(AlphaDropout(0.5, seed=1)), deep)[1],
        "inputs ten times as wide": spread(plain, deep, std=10)[1],
        "inputs of mean 3": spread(plain, deep, mean=3)[1],
    }
    means, stds = zip(
        *(spread(plain, deep, seed=seed) for seed in range(setting.choose(5, 1))), strict=True
    )
    exponents = np.log10(std["constants swapped"])
    half = len(exponents) // 2
    z = np.random.RandomState(0).normal(size=1_000_000)
    return Measured(
        deep, std, conditions, spread(neuron_layer(), ALIKE)[1],
        float(np.min(stds)), float(np.max(stds)), float(np.max(np.abs(means))),
        float(exponents[-1] - exponents[half]) / (len(exponents) - 1 - half),
        float(np.sqrt(np.mean(selu_derivative(z) ** 2))),
    )  # fmt: skip


def rows(found: Measured, setting: Setting, depth: int) -> list[Row]:
    """The notebook's lines first."""
    selu_std, last = found.std["SELU"], found.last
    return [
        *(
            Row(f"standard deviation of layer {line}", float(selu_std[line]),
                PRINTED[line // 100], 0.005)
            for line in range(0, depth, 100)
        ),
        at_most(f"NeuronLayer instead of NumPy, {ALIKE} layers: farthest from that",
                float(np.abs(found.ours - selu_std[:ALIKE]).max()), 1e-6),
        Row("growth of a small difference, or of the gradient, a layer", found.slope, 1.0352,
            0.001, note=f"reference: SciPy's integral; {found.slope**ALIKE:.0f} times in {ALIKE} "
            "layers"),
        Row(f"standard deviations of {found.deep} layers, other seeds: smallest", found.low, 1,
            0.2),
        Row("the same: largest", found.high, 1, 0.2),
        at_most("the same: farthest of a mean from 0", found.mean, 0.1),
        Row("constants swapped: log10 of the growth a layer, upper half", found.growth, 130 / 1900,
            setting.choose(0.003, 0.01), note="1e130 by layer 1,900"),
        at_most(f"alpha lost: standard deviation of layer {found.deep}",
                float(found.std["alpha lost"][-1]), 0.2),
        at_least("weights from N(0, 1): the same", last["N(0, 1) weights"], 1e30),
        at_least("weights from He's normal: the same", last["He's weights"], setting.choose(5, 2)),
        at_least("dropout 0.5: the same", last["dropout 0.5"], 5),
        Row("AlphaDropout 0.5: the same", last["AlphaDropout 0.5"], 1, 0.1),
        Row("inputs of standard deviation 10: the same", last["inputs ten times as wide"], 1, 0.2),
        at_most("inputs of mean 3: the same", last["inputs of mean 3"], 0.8),
    ]  # fmt: skip


def claims(found: Measured) -> list[Claim]:
    """The document's, from LeCun's start and from He's."""
    from_he = found.last["He's weights"]
    return [
        Claim(
            "The first document: mean 0 and standard deviation 1 are roughly kept, even over 100 "
            "layers.",
            found.mean < 0.1 and found.low > 0.8 and found.high < 1.2,
            f"over {found.deep} layers means to {found.mean:.2f} from 0, deviations from "
            f"{found.low:.2f} to {found.high:.2f}, with standardised inputs and LeCun's start.",
        ),
        Claim(
            "The first document, which names no start for SELU (He's for ELU and its kin): no "
            "explosion.",
            from_he < 2,
            f"from He's start layer {found.deep} has the deviation {from_he:.3g}.",
        ),
    ]


def drawn(found: Measured, depth: int) -> Figure:
    """The three formulas, and the conditions."""
    return plots.lines(
        plots.Panel(
            {name: stds[:depth] for name, stds in found.std.items()}, x="layer",
            y="standard deviation", title="SELU as it is, and two slips", log_y=True,
        ),
        plots.Panel(
            {name: stds for name, stds in found.conditions.items() if name != "N(0, 1) weights"},
            x="layer", y="standard deviation", log_y=True,
            title="What SELU needs: LeCun's weights, AlphaDropout",
        ),
        title="The spread of a signal through layers of 100 SELU units",
    )  # fmt: skip
