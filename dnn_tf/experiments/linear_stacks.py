"""Linear layers collapse into one; a ReLU network is another linear map for every image.

First and second document: without an activation a stack of layers is one layer,
`(x W1 + b1) W2 + b2 = x (W1 W2) + (b1 W2 + b2)`, and two convolutions are one with a larger window,
`k[i, j] = sum over (a, b) of k1[a, b] k2[i - a, j - b]`. Both are exact: shown in double precision.

Second and third document: a ReLU network is piecewise linear. At one image the units below 0 are
taken out, and what is left, a smaller network without activations, is the affine map
`W1 D1 W2 D2 W3` with `D` 1 for a unit above 0, else 0. It gives the network's logits exactly.

How many pieces there are is counted along a straight line through the inputs, for 240 ReLUs in one
to eight layers. Hanin & Rolnick (2019) found that, at the start of training, it goes with the
number of units and not exponentially with the depth. That depth can do more is shown by the
sawtooth of Telgarsky (2015): `g(x) = 2 relu(x) - 4 relu(x - 1/2)`, d times on itself, has `2^d`
pieces from two units a layer.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np
from matplotlib.figure import Figure

from dnn_tf import initializers, models, plots
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least, at_most
from dnn_tf.experiments.setting import Setting
from dnn_tf.layers import Convolution, NeuronLayer
from dnn_tf.optimizers import Adam

UNITS = 240
DEPTHS = (1, 2, 4, 8)
POINTS = 2**14
"""On the line; halfway between multiples of `2^-14`, so that none is on a kink of the sawtooth."""

EXACT = 1e-12

Weights = Sequence[tuple[np.ndarray, np.ndarray]]
"""`(W, b)` of every layer."""


@dataclass(frozen=True)
class Gaps:
    """Largest differences; see the rows.

    Args:
        linear, bent: of five layers from their product, without activations and with ReLUs.
        convolution: of two linear convolutions from one.
        affine: of a trained network from its affine maps.
        alive: the share of its hidden units that an image leaves on.
    """

    linear: float
    bent: float
    convolution: float
    affine: float
    alive: float


def reproduce(setting: Setting) -> Outcome:
    """Collapses the stacks, opens a trained network, counts pieces."""
    gaps = measured(setting)
    counted = {depth: count_random(depth, setting) for depth in DEPTHS}
    teeth = {depth: pieces(sawtooth(depth), np.zeros(1), np.ones(1)) for depth in DEPTHS}
    rows = [*gap_rows(gaps), *piece_rows(counted, teeth)]
    return Outcome(rows, drawn(counted, teeth), claims(gaps))


def measured(setting: Setting) -> Gaps:
    """On 50 images."""
    images = setting.data.train.x[:50].astype("float64")
    linear, bent = (dense_stack_gap(images, activation) for activation in (None, "relu"))
    affine, alive = largest_affine_gap(trained_network(setting), images)
    return Gaps(linear, bent, convolution_gap(images), affine, alive)


def gap_rows(gaps: Gaps) -> list[Row]:
    """All but exact."""
    return [
        at_most("five linear layers less their product, largest difference", gaps.linear, EXACT),
        at_least("the same with ReLUs between them", gaps.bent, 0.1),
        at_most("two linear convolutions less one of 5 by 5", gaps.convolution, EXACT),
        at_most("trained ReLU network less its affine map", gaps.affine, EXACT),
        Row("share of the hidden units that an image leaves on", gaps.alive),
    ]


def piece_rows(counted: dict[int, list[int]], teeth: dict[int, int]) -> list[Row]:
    """Linear pieces along a line."""
    deepest = DEPTHS[-1]
    few, many = (float(np.mean(counted[depth])) for depth in (DEPTHS[0], deepest))
    return [
        Row(f"pieces of the sawtooth, {deepest} layers of 2", teeth[deepest], 2**deepest),
        Row(f"pieces along a line, {UNITS} units in 1 layer, mean of ten starts", few),
        at_most(
            f"the same in {deepest} layers over that in 1", many / few, 2.0,
            note="with the number of units, not exponentially with depth: Hanin & Rolnick (2019)",
        ),
    ]  # fmt: skip


def claims(gaps: Gaps) -> list[Claim]:
    """Both are exact, but for rounding."""
    return [
        Claim(
            "First and second document: without activations many layers are one.",
            gaps.linear < EXACT < gaps.bent,
            f"difference {gaps.linear:.1g}; with ReLUs {gaps.bent:.2g}.",
        ),
        Claim(
            "Second and third document: at one input a ReLU network is a smaller linear one.",
            gaps.affine < EXACT and gaps.alive < 1,
            f"difference {gaps.affine:.1g}, of {gaps.alive:.0%} of the hidden units.",
        ),
    ]


def dense_stack_gap(x: np.ndarray, activation: str | None) -> float:
    """Five layers of 60, and the product of their weights."""
    stack = keras.Sequential(
        [keras.Input((x.shape[1],), dtype="float64")]
        + [NeuronLayer(60, activation, bias_initializer="ones", dtype="float64") for _ in range(5)]
    )
    W, b = np.eye(x.shape[1]), np.zeros(x.shape[1])
    for W_l, b_l in pairs(stack):
        W, b = W @ W_l, b @ W_l + b_l
    return float(np.max(np.abs(np.asarray(stack(x)) - (x @ W + b))))


def convolution_gap(x: np.ndarray) -> float:
    """Two of 3 by 3, and the one that they are."""
    images = x.reshape(-1, 28, 28, 1)
    first, second = (Convolution(n, 3, bias_initializer="ones", dtype="float64") for n in (4, 5))
    one = Convolution(5, 5, dtype="float64")
    z = second(first(images))
    one.build(images.shape)
    (k1, b1), (k2, b2) = (layer.get_weights() for layer in (first, second))
    one.set_weights([merged(k1, k2), np.einsum("abmf,m->f", k2, b1) + b2])
    return float(np.max(np.abs(np.asarray(z) - np.asarray(one(images)))))


def merged(k1: np.ndarray, k2: np.ndarray) -> np.ndarray:
    """The kernel of `k1` and then `k2`.

    Shapes:
        `(r1, c1, channels, m)`, `(r2, c2, m, f)` -> `(r1 + r2 - 1, c1 + c2 - 1, channels, f)`.
    """
    rows, columns = k1.shape[0] + k2.shape[0] - 1, k1.shape[1] + k2.shape[1] - 1
    kernel = np.zeros((rows, columns, k1.shape[2], k2.shape[3]))
    for i, j in np.ndindex(k2.shape[:2]):
        kernel[i : i + k1.shape[0], j : j + k1.shape[1]] += k1 @ k2[i, j]
    return kernel


def trained_network(setting: Setting) -> Weights:
    """The document's 784-300-100-10 after two epochs, in double precision."""
    setting.seeded()
    model = models.dnn(kernel_initializer="he_normal")
    setting.fit(model, Adam(), epochs=2, batch_size=50)
    return pairs(model)


def pairs(model: keras.Model) -> Weights:
    """The weights of a stack of dense layers."""
    weights = [weight.astype("float64") for weight in model.get_weights()]
    return list(zip(weights[::2], weights[1::2], strict=True))


def forward(weights: Weights, x: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """The outputs, and which hidden units are above 0."""
    on = []
    for W, b in weights[:-1]:
        z = x @ W + b
        on.append(z > 0)
        x = np.maximum(z, 0)
    return x @ weights[-1][0] + weights[-1][1], on


def affine_map(weights: Weights, on: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """`W1 D1 W2 D2 ... W` and its bias: the network where these units are on."""
    W, b = weights[0]
    for (W_l, b_l), D in zip(weights[1:], on, strict=True):
        W, b = (W * D) @ W_l, (b * D) @ W_l + b_l
    return W, b


def largest_affine_gap(weights: Weights, images: np.ndarray) -> tuple[float, float]:
    """Over these images; and the share of the hidden units that are on."""
    gaps, alive = [], []
    for image in images:
        logits, on = forward(weights, image)
        W, b = affine_map(weights, on)
        gaps.append(np.max(np.abs(image @ W + b - logits)))
        alive.append(np.mean(np.concatenate(on)))
    return float(np.max(gaps)), float(np.mean(alive))


def pieces(weights: Weights, start: np.ndarray, end: np.ndarray) -> int:
    """Along the line between two inputs: one more than how often a unit goes on or off."""
    t = (np.arange(POINTS)[:, None] + 0.5) / POINTS
    _, on = forward(weights, start + t * (end - start))
    pattern = np.concatenate(on, axis=1)  # (points, units)
    return 1 + int(np.sum(np.any(pattern[1:] != pattern[:-1], axis=1)))


def count_random(depth: int, setting: Setting) -> list[int]:
    """Ten of He's starts with small biases; a line between two random inputs for each."""
    rng = np.random.default_rng(setting.seed)
    sizes = [20] + [UNITS // depth] * depth + [1]
    found = []
    for _ in range(10):
        weights = [
            (
                np.asarray(initializers.HeNormal(seed=int(rng.integers(10**6)))(shape), "float64"),
                rng.normal(0, 0.1, shape[1]),
            )
            for shape in itertools.pairwise(sizes)
        ]
        found.append(pieces(weights, rng.normal(size=20), rng.normal(size=20)))
    return found


def sawtooth(depth: int) -> Weights:
    """`g(x) = 2 relu(x) - 4 relu(x - 1/2)`, `depth` times on itself."""
    first = (np.array([[1.0, 1.0]]), np.array([0.0, -0.5]))
    again = (np.array([[2.0, 2.0], [-4.0, -4.0]]), np.array([0.0, -0.5]))
    return [first, *[again] * (depth - 1), (np.array([[2.0], [-4.0]]), np.zeros(1))]


def drawn(counted: dict[int, list[int]], teeth: dict[int, int]) -> Figure:
    """Pieces against depth, and two of the functions."""
    depths = list(counted)
    t = np.linspace(0, 1, 1025)
    return plots.lines(
        plots.Panel(
            {f"{d} layers": (t, forward(sawtooth(d), t[:, None])[0][:, 0]) for d in (2, 4)},
            "x", "output", "Sawtooth of two ReLUs a layer: 2^depth pieces",
        ),
        plots.Panel(
            {
                f"{UNITS} units, random": (depths, np.mean(list(counted.values()), axis=1)),
                "sawtooth": (depths, list(teeth.values())),
            },
            "hidden layers", "linear pieces along a line", "What depth does, and what it can do",
            log_y=True,
        ),
        title="A ReLU network is piecewise linear",
    )  # fmt: skip
