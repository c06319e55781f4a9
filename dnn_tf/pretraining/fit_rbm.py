"""Trains an RBM by contrastive divergence."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from dnn_tf.arguments import check_above_0, check_between, check_positive, check_whole
from dnn_tf.layers import RBM
from dnn_tf.pretraining.rbm_data import as_visible, starting_bias
from dnn_tf.pretraining.rbm_trainer import RBMTrainer
from dnn_tf.types import InputError, Tensor

LEARNING_RATES = {"binary": 0.1, "gaussian": 0.001}
"""Those of Hinton & Salakhutdinov (2006); the guide wants Gaussian ones "one or two orders of
magnitude smaller"."""

EARLY_MOMENTUM, EARLY_EPOCHS = 0.5, 5
"""While the first large steps are taken."""

MEASURED_ROWS = 1_000
"""At once; and of the training rows in all, where none are held out."""

History = dict[str, list[float]]


def fit_rbm(
    rbm: RBM,
    x: np.ndarray,
    *,
    validation: np.ndarray | None = None,
    epochs: int = 10,
    batch_size: int = 100,
    learning_rate: float | None = None,
    momentum: float = 0.9,
    weight_decay: float = 1e-4,
    cd_steps: int = 1,
    sample_visible: bool = False,
    seed: int | None = None,
    jit_compile: bool = False,
) -> History:
    """Trains an RBM without labels: contrastive divergence with momentum, in mini-batches.

        m <- momentum m + learning_rate (<v h>_data - <v h>_k - weight_decay W);  W <- W + m

    The defaults are those of Hinton's "A practical guide to training restricted Boltzmann machines"
    (2010), and of Hinton & Salakhutdinov (2006) where the guide gives a range.

    An RBM that is not built yet is built here, its visible bias set by the data; one that is built
    goes on from where it is.

    Args:
        rbm: what is trained.
        x: rows of numbers: from 0 to 1 for binary visible units, standardised for Gaussian ones.
        validation: rows held out. The guide's measure of overfitting is by how much their free
            energy is above that of training rows. (Those of two RBMs cannot be compared.)
        epochs: how often every row is seen.
        batch_size: rows a step; the last batch of an epoch holds what is left.
        learning_rate: `None`: 0.1 for binary visible units, 0.001 for Gaussian ones.
        momentum: of the sixth epoch on; before it is 0.5, or this where it is less.
        weight_decay: the factor of the weights that is taken off, of the kernel alone.
        cd_steps, sample_visible: see `contrastive_divergence`.
        seed: of the order of the rows and of the draws; `None` draws one from NumPy's global
            generator. Same seed, same weights to start from, same machine: same bits.
        jit_compile: whether XLA compiles the steps. Default `False`: it draws slowly on a CPU.

    Returns:
        For each epoch `reconstruction_error`, the mean of `(v - v_k)^2` over units and rows, each
        batch before its step, and `free_energy`, the mean over as many of the first training rows
        as are held out (1,000 where none are); of the rows held out `val_reconstruction_error`,
        without chance, and `val_free_energy`.

    Raises:
        InputError: rows or sizes that cannot be used; no step was taken.
        DivergenceError: a weight became NaN or infinite; the weights are those of the step before.

    >>> x = np.tile([[1, 1, 0, 0], [0, 0, 1, 1]], (50, 1))
    >>> history = fit_rbm(RBM(4), x, epochs=20, batch_size=10, seed=1)
    >>> history["reconstruction_error"][-1] < history["reconstruction_error"][0] / 2
    True
    """
    if not isinstance(rbm, RBM):
        raise InputError(f"a layers.RBM was expected, and got {type(rbm).__name__}")
    check_positive(epochs=epochs, batch_size=batch_size, cd_steps=cd_steps)
    rate = LEARNING_RATES[rbm.visible] if learning_rate is None else learning_rate
    check_above_0(learning_rate=rate)
    check_between(0, 1, momentum=momentum)
    check_between(0, float("inf"), weight_decay=weight_decay)
    seed = int(np.random.randint(2**31)) if seed is None else seed
    check_whole(0, seed=seed)
    x, held_out = _rows(rbm, x, validation)
    _build(rbm, x)

    trainer = RBMTrainer(rbm, x, rate, weight_decay, cd_steps, sample_visible, seed, jit_compile)
    shown = x[: MEASURED_ROWS if held_out is None else len(held_out)]
    history: History = {}
    for epoch in range(epochs):
        now = min(momentum, EARLY_MOMENTUM) if epoch < EARLY_EPOCHS else momentum
        logs = {"reconstruction_error": trainer.epoch(batch_size, now)}
        for name, value in (logs | _measured(rbm, shown, held_out)).items():
            history.setdefault(name, []).append(value)
    return history


def _rows(rbm: RBM, x: Any, validation: Any) -> tuple[np.ndarray, np.ndarray | None]:
    x = as_visible(rbm, x, "x")
    if validation is None:
        return x, None
    held_out = as_visible(rbm, validation, "validation")
    if held_out.shape[1] != x.shape[1]:
        raise InputError(
            f"validation: a sample has {held_out.shape[1]} features, and in x it has "
            f"{x.shape[1]}: give both the same"
        )
    return x, held_out


def _build(rbm: RBM, x: np.ndarray) -> None:
    """Where that has not been done; weights that are there are kept."""
    if not rbm.built:
        rbm.build((None, x.shape[1]))
        rbm.visible_bias.assign(starting_bias(x, rbm.visible))


def _measured(rbm: RBM, shown: np.ndarray, held_out: np.ndarray | None) -> dict[str, float]:
    logs = {"free_energy": _mean(rbm.free_energy, shown)}
    if held_out is not None:
        logs["val_free_energy"] = _mean(rbm.free_energy, held_out)
        logs["val_reconstruction_error"] = _mean(_error_of(rbm), held_out)
    return logs


def _error_of(rbm: RBM) -> Callable[[Tensor], Tensor]:
    return lambda v: keras.ops.mean(keras.ops.square(v - rbm.reconstruct(v)), axis=-1)


def _mean(function: Callable[[Tensor], Tensor], x: np.ndarray) -> float:
    """Of what a function of the rows gives, some rows at a time."""
    parts = (x[start : start + MEASURED_ROWS] for start in range(0, len(x), MEASURED_ROWS))
    values = [np.asarray(function(keras.ops.convert_to_tensor(part))) for part in parts]
    return float(np.concatenate(values).mean(dtype="float64"))
