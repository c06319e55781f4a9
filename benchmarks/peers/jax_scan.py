"""JAX: a whole epoch under `jit`, its steps in `lax.scan`."""

import itertools
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from benchmarks.calls import predict_in_turn
from benchmarks.data import Data
from benchmarks.not_expressible import NotExpressible
from benchmarks.rehearsal import fastest
from benchmarks.turn import Turn
from benchmarks.works import IMAGE, POOL, Work

MOMENTUM, EPSILON = 0.9, 1e-3
"""Of batch normalisation."""


def versions() -> dict[str, str]:
    """JAX's."""
    return {"JAX": jax.__version__}


def device() -> str:
    """`CPU`, or the name of the GPU."""
    first = jax.devices()[0]
    return "CPU" if first.platform == "cpu" else first.device_kind


class Setting(NamedTuple):
    """What may be chosen for speed."""

    rows: str = "taken step by step"
    random: str = "threefry2x32"
    pooling: str = "reduce_window"

    def told(self, work: Work) -> str:
        """Only what the work has a use for."""
        parts = [f"rows {self.rows}"]
        parts += [f"{self.random} generator"] * (work.dropout is not None)
        parts += [f"pooling by {self.pooling}"] * bool(work.filters)
        return ", ".join(parts)


def _settings(work: Work) -> dict[str, Setting]:
    ways = itertools.product(
        ("taken step by step", "permuted at once"),
        ("threefry2x32", "rbg") if work.dropout is not None else ("threefry2x32",),
        ("reduce_window", "reshape") if work.filters else ("reduce_window",),
    )
    return {setting.told(work): setting for setting in itertools.starmap(Setting, ways)}


def run(work: Work, data: Data, turn: Turn) -> None:
    """Trains or predicts."""
    if work.noise is not None or work.activation == "rrelu":
        raise NotExpressible("raced against nobody")
    if work.task == "train":
        settings = _settings(work)
        name = fastest(train, work, data, settings)
        turn.ready(name)
        train(work, data, turn, settings[name])
    forward = jax.jit(make_forward(work, Setting()))
    weights, averages = start(work, data)

    def predict(x: np.ndarray) -> np.ndarray:
        return np.asarray(forward(weights, averages, x, None)[0])

    turn.ready("jit")
    predict_in_turn(work, data, turn, predict)


def start(work: Work, data: Data) -> tuple[list[Any], list[Any]]:
    """The weights of each layer, and the averages of those that normalise."""
    weights: list[Any] = []
    averages: list[Any] = []
    last = len(data.weights) - 1
    for number, (kernel, bias) in enumerate(data.weights):
        layer = {"W": jnp.array(kernel), "b": jnp.array(bias)}
        if work.batch_norm and number < last:
            layer |= {"gamma": jnp.ones(len(bias)), "beta": jnp.zeros(len(bias))}
            averages.append((jnp.zeros(len(bias)), jnp.ones(len(bias))))
        weights.append(layer)
    return weights, averages


def _pool(z: jax.Array, how: str) -> jax.Array:
    if how == "reduce_window":
        window = (1, POOL, POOL, 1)
        return lax.reduce_window(z, -jnp.inf, lax.max, window, window, "VALID")
    n, rows, columns, channels = z.shape
    rows, columns = rows // POOL, columns // POOL
    z = z[:, : rows * POOL, : columns * POOL].reshape(n, rows, POOL, columns, POOL, channels)
    return z.max(axis=(2, 4))


def make_forward(work: Work, setting: Setting) -> Callable[..., Any]:
    """`(weights, averages, x, key) -> (logits, averages)`; without a key: in use."""
    activation = {"relu": jax.nn.relu, "elu": jax.nn.elu}[work.activation]

    def forward(weights: Any, averages: Any, x: Any, key: Any) -> Any:
        moved = []
        z = x.reshape(-1, *IMAGE) if work.filters else x
        for number, layer in enumerate(weights):
            if layer["W"].ndim == 4:
                z = lax.conv_general_dilated(
                    z, layer["W"], (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC")
                )
                z = _pool(activation(z + layer["b"]), setting.pooling)
                continue
            z = z.reshape(len(z), -1) @ layer["W"] + layer["b"]
            if number == len(weights) - 1:
                break
            if work.batch_norm:
                mean, variance = averages[number]
                if key is not None:
                    mean, variance = z.mean(0), z.var(0)
                    old = averages[number]
                    moved.append(
                        tuple(
                            MOMENTUM * kept + (1 - MOMENTUM) * now
                            for kept, now in zip(old, (mean, variance), strict=True)
                        )
                    )
                z = (z - mean) * lax.rsqrt(variance + EPSILON) * layer["gamma"] + layer["beta"]
            z = activation(z)
            if work.dropout is not None and key is not None:
                kept = jax.random.bernoulli(
                    jax.random.fold_in(key, number), 1 - work.dropout, z.shape
                )
                z = jnp.where(kept, z / (1 - work.dropout), 0.0)
        return z, lax.stop_gradient(moved)

    return forward


def sgd(work: Work) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """`(state, update)` of gradient descent."""

    def update(weights: Any, gradients: Any, state: Any) -> Any:
        return jax.tree.map(lambda w, g: w - work.rate * g, weights, gradients), state

    return lambda _: (), update


def adam(work: Work) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """`(state, update)` of Adam, as optax writes it."""

    def init(weights: Any) -> Any:
        zeros = jax.tree.map(jnp.zeros_like, weights)
        return jnp.zeros((), jnp.int32), zeros, jax.tree.map(jnp.zeros_like, weights)

    def update(weights: Any, gradients: Any, state: Any) -> Any:
        t, m, v = state
        t = t + 1
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, gradients)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, gradients)
        m_scale, v_scale = 1 / (1 - 0.9**t), 1 / (1 - 0.999**t)

        def moved(w: Any, m: Any, v: Any) -> Any:
            return w - work.rate * m * m_scale / (jnp.sqrt(v * v_scale) + 1e-7)

        return jax.tree.map(moved, weights, m, v), (t, m, v)

    return init, update


def train(work: Work, data: Data, turn: Turn, setting: Setting) -> None:
    """One compiled call an epoch; weights and the optimiser's state are donated."""
    forward = make_forward(work, setting)
    init, update = {"sgd": sgd, "adam": adam}[work.optimizer](work)
    rows = len(data.x)
    steps = rows // work.batch

    def loss_of(weights: Any, averages: Any, x: Any, y: Any, key: Any) -> Any:
        logits, averages = forward(weights, averages, x, key)
        log_p = jax.nn.log_softmax(logits)
        loss = -jnp.take_along_axis(log_p, y[:, None], axis=1).mean()
        return loss, (averages, (logits.argmax(1) == y).sum())

    def epoch(carried: Any, x: Any, y: Any, key: Any) -> Any:
        order_key, noise_key = jax.random.split(key)
        order = jax.random.permutation(order_key, rows).reshape(steps, work.batch)
        if setting.rows == "permuted at once":
            fed = (jnp.arange(steps), x[order], y[order])
        else:
            fed = (jnp.arange(steps), order, None)

        def step(carry: Any, batch: Any) -> Any:
            weights, averages, state, losses, hits = carry
            number, x_batch, y_batch = batch
            if y_batch is None:
                x_batch, y_batch = x[batch[1]], y[batch[1]]
            noise = jax.random.fold_in(noise_key, number)
            (loss, (averages, right)), gradients = jax.value_and_grad(loss_of, has_aux=True)(
                weights, averages, x_batch, y_batch, noise
            )
            weights, state = update(weights, gradients, state)
            return (weights, averages, state, losses + loss, hits + right), None

        zero = (jnp.zeros(()), jnp.zeros((), jnp.int32))
        (*carried, losses, hits), _ = lax.scan(step, (*carried, *zero), fed)
        return carried, losses / steps, hits / rows

    epoch = jax.jit(epoch, donate_argnums=0)
    x, y = jax.device_put(data.x), jax.device_put(data.y)
    weights, averages = start(work, data)
    carried = [weights, averages, init(weights)]
    key = jax.random.key(0, impl=setting.random)
    while True:
        turn.wait()
        key, now = jax.random.split(key)
        carried, loss, accuracy = epoch(carried, x, y, now)
        turn.tell(float(loss), float(accuracy))
