"""How an experiment is run: in full, or quickly on the digits that come with the package."""

import dataclasses
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import keras

from dnn_tf.data import Dataset, Split
from dnn_tf.data import load as load_data
from dnn_tf.experiments.rows import AT_LEAST, Row
from dnn_tf.losses import sparse_softmax_cross_entropy
from dnn_tf.training import fit
from dnn_tf.types import InputError

Choice = TypeVar("Choice")

FULL_MNIST = 55_000
"""Training images of MNIST, without the first 5,000 of its training file."""


@dataclass(frozen=True)
class Setting:
    """What all experiments of one call share.

    Args:
        quick: on the digits that come with the package, a few epochs, without XLA.
        seed: of networks, batches and data that are drawn; where an experiment runs several seeds,
            the first. Proofs in numbers have seeds of their own.
        directory: where an experiment may leave files of its own (a search, say).
    """

    quick: bool = False
    seed: int = 42
    directory: Path | None = None

    @functools.cached_property
    def data(self) -> Dataset:
        """All of MNIST, or the sample of it.

        Raises:
            InputError: there is no MNIST, and it cannot be downloaded.
        """
        if self.quick:
            return load_data("mnist-sample")
        try:
            return load_data("tfds:mnist")
        except InputError as error:
            raise InputError(f"{error}; --quick runs on the digits of the package") from error

    def seeds(self, n: int) -> list[int]:
        """So many, from the setting's on."""
        return list(range(self.seed, self.seed + n))

    def first(self, n: int) -> Dataset:
        """The data with its first `n` training images alone, or with all if there are fewer."""
        train = self.data.train
        return dataclasses.replace(self.data, train=Split(train.x[:n], train.y[:n]))

    def choose(self, full: Choice, quick: Choice) -> Choice:
        """The one or the other."""
        return quick if self.quick else full

    def fit(
        self,
        model: keras.Model,
        optimizer: keras.optimizers.Optimizer,
        *,
        epochs: int,
        data: Any = None,
        **words: Any,
    ) -> dict[str, list[float]]:
        """Trains on the data, or on others, from the seed; returns the history.

        Args:
            model: whose weights were drawn from the seed already; see `seeded`.
            optimizer: a new one.
            epochs: see `choose`.
            data: in place of MNIST.
            words: of `fit`. The loss is softmax cross-entropy where none is given.
        """
        usual = {"loss": sparse_softmax_cross_entropy, "seed": self.seed, "progress": False}
        if self.quick:
            usual["jit_compile"] = False
        history: dict[str, list[float]] = fit(
            model,
            self.data if data is None else data,
            optimizer=optimizer,
            epochs=epochs,
            **usual | words,
        ).history
        return history

    def seeded(self) -> None:
        """All weights that are drawn from here on start from the seed."""
        keras.utils.set_random_seed(self.seed)

    def against(
        self, name: str, measured: float, reference: float, tolerance: float, *, quick: float,
        **words: Any,
    ) -> Row:  # fmt: skip
        """A row of a reference result on all of MNIST.

        Args:
            name, measured, reference, tolerance: see `Row`.
            quick: what must be reached, at least, where it is not on all of MNIST.
            words: of `Row`.
        """
        if not self.quick:
            return Row(name, measured, reference, tolerance, **words)
        aside = f"{len(self.data.train):,} images only; on all of MNIST the reference is "
        words["note"] = "; ".join(filter(None, (words.get("note"), f"{aside}{reference:g}")))
        return Row(name, measured, quick, relation=AT_LEAST, **words)
