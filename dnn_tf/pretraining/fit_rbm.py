"""Trains an RBM by contrastive divergence."""

import warnings
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from dnn_tf.arguments import check_above_0, check_between, check_positive
from dnn_tf.data.memory import check_fits
from dnn_tf.layers import RBM
from dnn_tf.pretraining.rbm_data import as_visible, starting_bias
from dnn_tf.pretraining.rbm_trainer import LARGEST_WEIGHT, RBMTrainer, is_too_large
from dnn_tf.pretraining.rows import in_parts
from dnn_tf.pretraining.seeds import as_seed
from dnn_tf.types import InputError, Tensor

LEARNING_RATES = {"binary": 0.1, "gaussian": 0.001}
"""Those of Hinton & Salakhutdinov (2006); the guide wants Gaussian ones "one or two orders of
magnitude smaller"."""

EARLY_MOMENTUM, EARLY_EPOCHS = 0.5, 5
"""While the first large steps are taken."""

MEASURED_ROWS = 1_000
"""Of the training rows, where none are held out."""

DEVIATION_RATIO = 3.0
"""From 1, the deviation that Gaussian visible units have, to that of the features, either way."""

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
    jit_compile: bool = True,
) -> History:
    """Trains an RBM without labels: contrastive divergence with momentum, in mini-batches.

        m <- momentum m + learning_rate (<v h>_data - <v h>_k - weight_decay W);  W <- W + m

    With `<v h>_data` in the positive phase and `<v h>_k` in the negative phase, see
    `contrastive_divergence`; `m` is the velocity.

    The defaults follow Hinton's "A practical guide to training restricted Boltzmann machines"
    (2010). Where it gives a range one number had to be chosen: the weight decay (0.01 to 0.00001
    there) is 0.0001, and the learning rates are those of Hinton & Salakhutdinov (2006).

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
        seed: of the order of the rows, of the draws and of the rows that are measured; `None` draws
            one from NumPy's global generator. Same seed, same weights to start from, same machine:
            same bits.
        jit_compile: whether XLA compiles the steps. Default `True`.

    Returns:
        For each epoch `reconstruction_error`, the mean of `(v - v_k)^2` over units and rows, each
        batch before its step, and `free_energy`, the mean over as many training rows as are held
        out (1,000 where none are), drawn once by the seed; of the rows held out
        `val_reconstruction_error`, without chance, and `val_free_energy`.

    Raises:
        InputError: rows or sizes that cannot be used, an RBM whose weights are past use; no step
            was taken.
        DivergenceError: a weight became NaN or infinite, or one of the kernel larger than 1,000;
            the weights are those of the step before.

    Warns:
        UserWarning: Gaussian visible units, and features whose deviation is far from theirs, 1.

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
    seed = as_seed(seed)
    x, held_out = _rows(rbm, x, validation)
    measured = drawn_rows(x, MEASURED_ROWS if held_out is None else len(held_out), seed)
    if rbm.visible == "gaussian":
        _warn_of_deviation(measured)
    _build(rbm, x)
    _check_weights(rbm)

    trainer = RBMTrainer(rbm, x, rate, weight_decay, cd_steps, sample_visible, seed, jit_compile)
    history: History = {}
    for epoch in range(epochs):
        now = min(momentum, EARLY_MOMENTUM) if epoch < EARLY_EPOCHS else momentum
        logs = {"reconstruction_error": trainer.epoch(batch_size, now)}
        for name, value in (logs | _measures(rbm, measured, held_out)).items():
            history.setdefault(name, []).append(value)
    return history


def _rows(rbm: RBM, x: Any, validation: Any) -> tuple[np.ndarray, np.ndarray | None]:
    x = as_visible(rbm, x, "x")
    check_fits(x.nbytes, f"{len(x)} rows on the device", "give fewer rows")
    if validation is None:
        return x, None
    held_out = as_visible(rbm, validation, "validation")
    if held_out.shape[1] != x.shape[1]:
        raise InputError(
            f"validation: a sample has {held_out.shape[1]} features, and in x it has "
            f"{x.shape[1]}: give both the same"
        )
    return x, held_out


def drawn_rows(x: np.ndarray, n: int, seed: int) -> np.ndarray:
    """So many of the rows, or all where there are no more; in class order the first are of one.

    >>> drawn_rows(np.arange(8).reshape(4, 2), 9, seed=1).tolist()
    [[0, 1], [2, 3], [4, 5], [6, 7]]
    """
    rng = np.random.default_rng((seed, 1))  # beside that of the order of the rows
    return x[np.sort(rng.permutation(len(x))[:n])]


def _warn_of_deviation(x: np.ndarray) -> None:
    """Of the feature with the largest: one that is the same in all rows has none, and may."""
    deviation = x.std(axis=0, dtype="float64")
    feature = int(deviation.argmax())
    if not 1 / DEVIATION_RATIO <= deviation[feature] <= DEVIATION_RATIO:
        warnings.warn(
            f"x: the largest deviation of a feature is {deviation[feature]:.3g} (feature "
            f"{feature}), and Gaussian visible units have the deviation 1: standardise the "
            "features, to mean 0 and deviation 1",
            stacklevel=3,
        )


def _build(rbm: RBM, x: np.ndarray) -> None:
    """Where that has not been done; weights that are there are kept."""
    if not rbm.built:
        rbm.build((None, x.shape[1]))
        rbm.visible_bias.assign(starting_bias(x, rbm.visible))


def _check_weights(rbm: RBM) -> None:
    """What arrives broken is not the fault of the training."""
    finite = all(np.isfinite(weight).all() for weight in rbm.get_weights())
    if not finite or is_too_large(rbm.kernel):
        raise InputError(
            f"RBM {rbm.name!r} arrives with a weight that is NaN, infinite or larger than "
            f"{LARGEST_WEIGHT:g}: give it other weights, or take a new RBM"
        )


def _measures(rbm: RBM, x: np.ndarray, held_out: np.ndarray | None) -> dict[str, float]:
    logs = {"free_energy": _mean(rbm.free_energy, x)}
    if held_out is not None:
        logs["val_free_energy"] = _mean(rbm.free_energy, held_out)
        logs["val_reconstruction_error"] = _mean(_error_of(rbm), held_out)
    return logs


def _error_of(rbm: RBM) -> Callable[[Tensor], Tensor]:
    return lambda v: keras.ops.mean(keras.ops.square(v - rbm.reconstruct(v)), axis=-1)


def _mean(function: Callable[[Tensor], Tensor], x: np.ndarray) -> float:
    """Of what a function of the rows gives."""
    return float(in_parts(function, x).mean(dtype="float64"))
