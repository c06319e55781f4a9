"""Vanishing and exploding gradients, layer by layer, by activation and initialiser.

`delta_l = dL/dz_l` comes down through the layers as `delta_(l-1) = (delta_l W_l^T) * f'(z_(l-1))`.
The first document: it gets smaller and smaller, the lower weights hardly change, and the sigmoid
with weights from N(0, 1) is to blame. The fifth: `|s'(z) w| <= 1/4`, as such weights are below 1.
Xavier's and He's rules are to keep the spread of signals and of gradients alike (I6).

Here: 20 layers of 100 units, 200 standard normal inputs, and a standard normal `dL/da_20`; then the
same depth is trained on MNIST, by steps of 0.05 with batches of 50. With N(0, 1) and sigmoids a
unit adds up 100 weights, and large ones can make up for a small `s'` (E46). Whether the lower
weights hardly change is told by one network: the change of a weight, root mean square over a layer,
in layers 2 to 7 against layers 15 to 20, all of 100 by 100 weights. Over its own size it tells
nothing of that: weights from N(0, 1) are ten times as large as Xavier's to begin with. "Vanishes"
and "hardly" stand for a tenth or less.

Of a chain of n single sigmoid units the fourth document says
`dL/db_1 <= (1/4)^n w_2 ... w_n dL/db_n`. There are n - 1 derivatives, and a bound needs absolute
values (E26): `|dL/db_1| <= (1/4)^(n-1) |w_2 ... w_n| |dL/db_n|`. Its exploding product has
`s'(b_i)` for `s'(z_i)` (E27); `|w s'(z)| > 1` needs `|w| > 4`. The second document has the gradient
vanish where `|f'| < 1`, and forgets the weights (E28).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

import keras
import numpy as np
from keras import ops
from matplotlib.figure import Figure

from dnn_tf import activations, initializers, models, plots
from dnn_tf.backpropagation import Dense, forward
from dnn_tf.experiments.chains import chains
from dnn_tf.experiments.evidence import every, paired
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least, at_most, spread
from dnn_tf.experiments.setting import Setting
from dnn_tf.optimizers import GradientDescent
from dnn_tf.types import Tensor

DEPTH, UNITS, SAMPLES = 20, 100, 200
STARTS = {
    "sigmoid, N(0, 1)": ("sigmoid", "plain_normal"),
    "sigmoid, Xavier": ("sigmoid", "xavier_normal"),
    "ReLU, He": ("relu", "he_normal"),
    "ReLU, N(0, 1)": ("relu", "plain_normal"),
    "tanh, Xavier": ("tanh", "xavier_normal"),
    "tanh, N(0, 1)": ("tanh", "plain_normal"),
    "ELU, He": ("elu", "he_normal"),
}
TRAINED = (PLAIN, XAVIER, HE) = ("sigmoid, N(0, 1)", "sigmoid, Xavier", "ReLU, He")
SATURATED = 0.01
"""A sigmoid with a smaller derivative is saturated: `|z| > 4.6`."""

LOWER, UPPER = slice(1, 7), slice(14, 20)
"""Layers 2 to 7 and 15 to 20."""

Runs = Mapping[str, list[np.ndarray]]
"""Of each start, a number for each layer, for each seed."""


@dataclass(frozen=True)
class Measured:
    """What was measured of each start, for each seed.

    Args:
        norms: of delta at the start, by layer.
        saturation: share of the units with a derivative near 0, by layer.
        moved: by how much training changed a weight, root mean square, by layer.
        accuracy: on the validation images, after it.
    """

    norms: Runs
    saturation: Runs
    moved: Runs
    accuracy: Mapping[str, list[float]]

    def fall(self, name: str) -> list[float]:
        """log10 of the norm of delta_1 over that of delta_20."""
        return [float(np.log10(norm[0] / norm[-1])) for norm in self.norms[name]]

    def saturated(self, name: str) -> list[float]:
        """The share of the units of layer 20."""
        return [float(share[-1]) for share in self.saturation[name]]

    def change(self, name: str, layers: slice) -> list[float]:
        """Of a weight of these layers."""
        return [float(np.mean(moved[layers])) for moved in self.moved[name]]


def reproduce(setting: Setting) -> Outcome:
    """At the start, after training, and in chains of single units."""
    found = measured(setting)
    return Outcome([*rows(found, setting), *chains()], drawn(found), claims(found))


def measured(setting: Setting) -> Measured:
    """All starts, and some of them trained."""
    norms, saturation, moved, accuracy = {}, {}, {}, {}
    for name, start in STARTS.items():
        runs = [at_the_start(*start, seed) for seed in setting.seeds(setting.choose(5, 2))]
        norms[name] = [norm for norm, _ in runs]
        saturation[name] = [share for _, share in runs]
    for name in TRAINED:
        seeds = setting.seeds(setting.choose(3, 1))
        after = [trained(*STARTS[name], setting, seed) for seed in seeds]
        moved[name] = [change for change, _ in after]
        accuracy[name] = [score for _, score in after]
    return Measured(norms, saturation, moved, accuracy)


def rows(found: Measured, setting: Setting) -> list[Row]:
    """The start, and what training made of it."""
    fall = {name: mean(found.fall(name)) for name in STARTS}
    short = paired(found.accuracy[HE], found.accuracy[PLAIN])
    return [
        Row("sigmoid, N(0, 1): log10(delta_1 / delta_20)", fall[PLAIN], -0.13, 0.5,
            note="11 over 15"),
        Row("sigmoid, Xavier: the same", fall[XAVIER], -12, 0.5, note="3.3e-11 over 33"),
        Row("ReLU, He: the same", fall[HE], 0.02, 0.5, note="100 over 96"),
        at_least("ReLU, N(0, 1): the same", fall["ReLU, N(0, 1)"], 10),
        *(Row(f"{name}: the same", fall[name]) for name in list(STARTS)[4:]),
        at_least("sigmoid, N(0, 1): saturated units of layer 20", mean(found.saturated(PLAIN)),
                 0.4),
        at_most("sigmoid, Xavier: the same", mean(found.saturated(XAVIER)), 0.01),
        *(
            Row(f"{name}: change of a weight in layers 2 to 7, over that in 15 to 20",
                mean(np.divide(found.change(name, LOWER), found.change(name, UPPER))),
                note=f"{mean(found.change(name, LOWER)):.2g} over "
                     f"{mean(found.change(name, UPPER)):.2g}")
            for name in TRAINED
        ),
        at_most("sigmoid, Xavier: validation accuracy", mean(found.accuracy[XAVIER]), 0.2,
                note=spread(found.accuracy[XAVIER])),
        at_least("sigmoid, N(0, 1): validation accuracy short of ReLU's by", short.mean, 0.05,
                 note=f"{mean(found.accuracy[PLAIN]):.3f}: it learns"),
        at_least("ReLU, He: validation accuracy", mean(found.accuracy[HE]),
                 setting.choose(0.9, 0.4), note=spread(found.accuracy[HE])),
    ]  # fmt: skip


def claims(found: Measured) -> list[Claim]:
    """Does it vanish, saturate, stand still; does the start help?"""
    plain, xavier = found.fall(PLAIN), found.fall(XAVIER)
    tenth = [-1.0] * len(plain)
    factors = (
        f"over 19 layers the norm of delta changes by the factor {told(plain)} from N(0, 1), and "
        f"by {told(xavier)} from Xavier's start"
    )
    lower, upper = found.change(PLAIN, LOWER), found.change(PLAIN, UPPER)
    return [
        Claim(
            "The first document: with sigmoids and weights from N(0, 1) the gradient vanishes "
            "towards the input.",
            paired(tenth, plain).above(),
            f"{factors}.",
        ),
        Claim(
            "The first document: with sigmoids and weights from N(0, 1) the units of the top "
            "saturate.",
            paired(found.saturated(PLAIN), found.saturated(XAVIER)).above(),
            f"{mean(found.saturated(PLAIN)):.0%} of layer 20 have s'(z) < {SATURATED}, and "
            f"{mean(found.saturated(XAVIER)):.0%} "
            "from Xavier's start.",
        ),
        Claim(
            "The first document: there the lower weights hardly change.",
            paired(np.divide(upper, 10).tolist(), lower).above(),
            f"training changed a weight of layers 2 to 7 by {mean(lower):.2g}, one of layers 15 to "
            f"20 by {mean(upper):.2g}; in ReLU's network from He's start by "
            f"{mean(found.change(HE, LOWER)):.2g} and {mean(found.change(HE, UPPER)):.2g}.",
        ),
        Claim(
            "The second document: the gradient vanishes where the derivative is below 1.",
            every(paired(tenth, fall).above() for fall in (plain, xavier)),
            f"the sigmoid's is 1/4 at most, and {factors}.",
        ),
        Claim(
            "The first document: Xavier's start suits the sigmoid, so that gradients keep their "
            "spread.",
            paired(xavier, tenth).above(),
            f"{factors}; the rule takes f'(0) = 1, and s'(0) is 1/4.",
        ),
        Claim(
            "The first document: He's start keeps ReLU's and ELU's gradients alike in all layers.",
            every(paired(np.abs(tenth).tolist(), np.abs(found.fall(name)).tolist()).above()
                     for name in (HE, "ELU, He")),
            f"factors {told(found.fall(HE))} and {told(found.fall('ELU, He'))} over 19 layers.",
        ),
    ]  # fmt: skip


def told(falls: Sequence[float]) -> str:
    """The factor, the geometric mean of the seeds."""
    return f"{10 ** mean(falls):.2g}"


def drawn(found: Measured) -> Figure:
    """The norms and the saturation at the start, and what training changed."""
    norms = {name: np.exp(np.mean(np.log(runs), axis=0)) for name, runs in found.norms.items()}
    moved = {name: np.mean(runs, axis=0) for name, runs in found.moved.items()}
    return plots.lines(
        plots.Panel(
            {name: norms[name] for name in (PLAIN, XAVIER, "ReLU, N(0, 1)")}, x="layer",
            y="norm of delta", title="At the start", log_y=True, marks={HE: norms[HE]},
        ),
        plots.Panel(
            {name: np.mean(found.saturation[name], axis=0) for name in TRAINED[:2]}, x="layer",
            y=f"share of units with s'(z) < {SATURATED}", title="Saturated at the start",
        ),
        plots.Panel(
            {name + still(move): np.where(move > 0, move, np.nan) for name, move in moved.items()},
            x="layer", y="change of a weight, root mean square", log_y=True,
            title="Changed by training on MNIST",
        ),
        title="The gradient in 20 layers of 100 units",
    )  # fmt: skip


def still(moved: np.ndarray) -> str:
    """The layers that a logarithmic axis cannot show."""
    layers = np.flatnonzero(moved == 0) + 1
    return f" (layers {layers[0]} to {layers[-1]}: 0)" if len(layers) else ""


def at_the_start(activation: str, initializer: str, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The norm of delta, and the share of units with a derivative near 0, of every layer."""
    keras.utils.set_random_seed(seed)
    f, f_derivative = activations.get(activation), activations.derivative(activation)
    draw, b = initializers.get(initializer), ops.zeros(UNITS)
    layers = [Dense(draw((UNITS, UNITS)), b, f, f_derivative) for _ in range(DEPTH)]
    _, z = forward(keras.random.normal((SAMPLES, UNITS)), layers)
    delta = deltas(keras.random.normal((SAMPLES, UNITS)), z, layers)
    small = [float(ops.mean(f_derivative(z_l) < SATURATED)) for z_l in z]
    return np.asarray([float(ops.norm(d)) for d in delta]), np.asarray(small)


def deltas(
    upstream: Tensor, z: Sequence[Tensor], layers: Sequence[Dense]
) -> list[Tensor]:  # fmt: skip
    """`delta_l = upstream * f'(z_l)`, then `upstream = delta_l W_l^T`, from the last layer down.

    Shapes:
        `(batch, units)` each.
    """
    found = []
    for layer, z_l in zip(reversed(layers), reversed(z), strict=True):
        found.append(upstream * layer.f_derivative(z_l))
        upstream = ops.matmul(found[-1], ops.transpose(layer.W))
    return found[::-1]


def trained(
    activation: str, initializer: str, setting: Setting, seed: int
) -> tuple[np.ndarray, float]:
    """By how much training changes a weight of each layer, root mean square; and the accuracy."""
    keras.utils.set_random_seed(seed)
    model = models.dnn(
        hidden=(UNITS,) * DEPTH, activation=activation, kernel_initializer=initializer
    )
    layers = [layer for layer in model.layers if layer.name.startswith("hidden")]
    before = [layer.kernel.numpy() for layer in layers]
    history = setting.fit(
        model, GradientDescent(0.05), epochs=3, batch_size=50, seed=seed,
        jit_compile=False,
    )  # fmt: skip
    changes = [layer.kernel.numpy() - W for layer, W in zip(layers, before, strict=True)]
    return np.asarray([np.sqrt(np.mean(c**2)) for c in changes]), history["val_accuracy"][-1]
