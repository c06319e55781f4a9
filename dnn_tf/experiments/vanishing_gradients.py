"""Vanishing and exploding gradients, layer by layer, by activation and initialiser.

`delta_l = dL/dz_l` comes down through the layers as `delta_(l-1) = (delta_l W_l^T) * f'(z_(l-1))`.
The first document: it gets smaller and smaller, the lower weights hardly change, and the sigmoid
with weights from N(0, 1) is to blame. The fifth: `|s'(z) w| <= 1/4`, as such weights are below 1.
Xavier's and He's rules are to keep the spread of signals and of gradients alike (I6).

Here: 20 layers of 100 units, 200 standard normal inputs, and a standard normal `dL/da_20`; then the
same depth is trained on MNIST. With N(0, 1) and sigmoids the norm of delta does not vanish (E46):
a unit adds up 100 weights, and large ones make up for a small `s'`. What that start does is
saturate the units, and training moves its weights, for their size, far less than those of ReLU from
He's start; it learns all the same. It is from Xavier's start that the sigmoid's gradient vanishes,
and nothing is learnt.

Of a chain of n single sigmoid units the fourth document says
`dL/db_1 <= (1/4)^n w_2 ... w_n dL/db_n`. There are n - 1 derivatives, and a bound needs absolute
values (E26): `|dL/db_1| <= (1/4)^(n-1) |w_2 ... w_n| |dL/db_n|`. Its exploding product has
`s'(b_i)` for `s'(z_i)` (E27); `|w s'(z)| > 1` needs `|w| > 4`. The second document has the gradient
vanish where `|f'| < 1`, and forgets the weights (E28).
"""

from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from dnn_tf import activations, initializers, models, plots
from dnn_tf.backpropagation import Dense, forward
from dnn_tf.experiments.outcome import Claim, Outcome
from dnn_tf.experiments.rows import Row, at_least, at_most
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


def reproduce(setting: Setting) -> Outcome:
    """At the start, after training, and in chains of single units."""
    norms, saturation = {}, {}
    for name, start in STARTS.items():
        runs = [at_the_start(*start) for _ in range(setting.choose(5, 2))]
        norms[name] = np.exp(np.mean([np.log(delta) for delta, _ in runs], axis=0))
        saturation[name] = np.mean([share for _, share in runs], axis=0)
    fall = {name: float(np.log10(norm[0] / norm[-1])) for name, norm in norms.items()}
    moved, accuracy = {}, {}
    for name in TRAINED:
        moved[name], accuracy[name] = trained(*STARTS[name], setting)
    rows = [
        Row("sigmoid, N(0, 1): log10(delta_1 / delta_20)", fall[PLAIN], -0.13, 0.5,
            note="11 over 15"),
        Row("sigmoid, Xavier: the same", fall[XAVIER], -12, 0.5, note="3.3e-11 over 33"),
        Row("ReLU, He: the same", fall[HE], 0.02, 0.5, note="100 over 96"),
        at_least("ReLU, N(0, 1): the same", fall["ReLU, N(0, 1)"], 10, note="it explodes"),
        at_least("sigmoid, N(0, 1): saturated units of layer 20",
                 float(saturation[PLAIN][-1]), 0.4),
        at_most("sigmoid, Xavier: the same", float(saturation[XAVIER][-1]), 0.01),
        at_most("sigmoid, N(0, 1): training moves layer 1 by, over ReLU's",
                float(moved[PLAIN][0] / moved[HE][0]), 0.1),
        at_most("sigmoid, Xavier: the same", float(moved[XAVIER][0] / moved[HE][0]),
                1e-4),
        at_most("sigmoid, Xavier: validation accuracy", accuracy[XAVIER], 0.2,
                note="it guesses"),
        at_least("sigmoid, N(0, 1): validation accuracy short of ReLU's by",
                 accuracy[HE] - accuracy[PLAIN], 0.05, note=f"{accuracy[PLAIN]:.3f}: it learns"),
        at_least("ReLU, He: validation accuracy", accuracy[HE], setting.choose(0.9, 0.4)),
        *chains(),
    ]  # fmt: skip
    claims = [
        Claim(
            "The first document: with sigmoids and weights from N(0, 1) the gradient gets ever "
            "smaller towards the input.",
            fall[PLAIN] < -1,
            f"over 19 layers its norm changes by the factor {10 ** fall[PLAIN]:.2g}; under "
            f"Xavier's start by {10 ** fall[XAVIER]:.1g}.",
        ),
        Claim(
            "The first document: there the units saturate, and the lower weights hardly change.",
            bool(saturation[PLAIN][-1] > 0.4 and moved[PLAIN][0] < moved[HE][0] / 10),
            f"{saturation[PLAIN][-1]:.0%} of layer 20 are saturated, and training moved "
            f"the weights of layer 1 by {moved[PLAIN][0]:.2g} of their norm (ReLU, He: "
            f"{moved[HE][0]:.2g}).",
        ),
        Claim(
            "The second document: the gradient vanishes where the derivative is below 1.",
            fall[PLAIN] < -1,
            "the sigmoid's is 1/4 at most, and from N(0, 1) the norm stays: the weights count too.",
        ),
        Claim(
            "The first document: Xavier's start suits the sigmoid, so that gradients keep their "
            "spread.",
            fall[XAVIER] > -1,
            f"10^{fall[XAVIER]:.0f} over 19 layers: the rule takes f'(0) = 1, and s'(0) is 1/4.",
        ),
        Claim(
            "The first document: He's start keeps ReLU's and ELU's gradients alike in all layers.",
            max(abs(fall["ReLU, He"]), abs(fall["ELU, He"])) < 1,
            f"factors {10 ** fall['ReLU, He']:.2g} and {10 ** fall['ELU, He']:.2g}.",
        ),
    ]
    figure = plots.lines(
        plots.Panel(norms, x="layer", y="norm of delta", title="At the start", log_y=True),
        plots.Panel(
            {name: saturation[name] for name in TRAINED[:2]}, x="layer",
            y=f"share of units with s'(z) < {SATURATED}", title="Saturated at the start",
        ),
        plots.Panel(
            {name: np.where(move > 0, move, np.nan) for name, move in moved.items()}, x="layer",
            y="change of weights / norm of weights", title="Moved by training on MNIST",
            log_y=True,
        ),
        title="The gradient in 20 layers of 100 units",
    )  # fmt: skip
    return Outcome(rows, figure, claims)


def at_the_start(activation: str, initializer: str) -> tuple[np.ndarray, np.ndarray]:
    """The norm of delta, and the share of units with a derivative near 0, of every layer."""
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


def trained(activation: str, initializer: str, setting: Setting) -> tuple[np.ndarray, float]:
    """By what share of their norm training moves the weights of each layer; and the accuracy."""
    setting.seeded()
    model = models.dnn(
        hidden=(UNITS,) * DEPTH, activation=activation, kernel_initializer=initializer
    )
    layers = [layer for layer in model.layers if layer.name.startswith("hidden")]
    before = [layer.kernel.numpy() for layer in layers]
    history = setting.fit(
        model, GradientDescent(0.05), epochs=setting.choose(5, 3), batch_size=50
    )  # fmt: skip
    norm = np.linalg.norm
    moved = [norm(layer.kernel.numpy() - W) / norm(W) for layer, W in zip(layers, before)]  # noqa: B905
    return np.asarray(moved), history["val_accuracy"][-1]


def chains() -> list[Row]:
    """The bound of the fourth document as corrected and as printed, and its exploding product."""
    rng = np.random.default_rng(0)
    n, many = 5, 10_000
    w, b = rng.normal(size=(2, n, many))
    factors = chain(w, b)[0]  # dL/db_1 over dL/db_n
    weights = np.prod(w[1:], axis=0)
    exploding, as_printed = chain(np.full((DEPTH, 1), 8.0), np.full((DEPTH, 1), -4.0))
    saturating, _ = chain(np.full((DEPTH, 1), 8.0), np.zeros((DEPTH, 1)))
    return [
        Row("chains of 5 above the bound (1/4)^4 |w_2 ... w_5|",
            float(np.mean(np.abs(factors) > 0.25 ** (n - 1) * np.abs(weights))), 0),
        at_least("chains of 5 above the printed (1/4)^5 w_2 ... w_5",
                 float(np.mean(factors > 0.25**n * weights)), 0.1),
        Row("20 units, w = 8, all z = 0: dL/db_1 over dL/db_20", float(exploding[0]), 2.0**19,
            2.0**19 * 1e-6, note="(8/4)^19"),
        at_most("the same with s'(b), as printed", float(as_printed[0]), 1e-10),
        at_most("the same without biases: saturated", float(saturating[0]), 1e-10,
                note="|w| > 4 does not suffice"),
    ]  # fmt: skip


def chain(w: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`s'(z_1) w_2 s'(z_2) ... w_n` of chains of single sigmoids; and with b for z, as printed.

    Shapes:
        `(n, chains)`, `(n, chains)` -> `(chains,)`, `(chains,)`.
    """
    a, true, printed = np.full(w.shape[1], 0.5), np.ones(w.shape[1]), np.ones(w.shape[1])
    for w_l, b_l, w_above in zip(w[:-1], b[:-1], w[1:], strict=True):
        z = w_l * a + b_l
        a = np.asarray(activations.sigmoid(z))
        true = true * w_above * a * (1 - a)
        printed = printed * w_above * np.asarray(activations.sigmoid_derivative(b_l))
    return true, printed
