"""A training run of the reference notebooks, and what they stored of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras

from dnn_tf.data import Dataset
from dnn_tf.experiments.rows import Row, not_run
from dnn_tf.experiments.setting import Setting

FIRST_TOLERANCE = 0.006
"""Over eight seeds the accuracy of the dense network of chapter 10 had the deviation 0.0026 after
its first epoch and 0.0013 after its eleventh; so this is as wide there as 0.003 is later."""


@dataclass(frozen=True)
class ReferenceRun:
    """A network, an optimiser, and the validation accuracies that came of them.

    What TF1 draws depends on the numbers of the operations in its graph, so no other version has
    the notebook's own draws, and no two of its cells have the same.

    Args:
        cell: of the notebook.
        stored: validation accuracy by the epoch, counted from 0 as the notebooks do.
        tolerance: how far another seed may be from them.
        make_model, make_optimizer: functions that make a new one.
        batch_size, epochs: of the training.
        words: others of `fit`.
        prepare: what is done to the data before.
        quick_epochs, quick_floor: epochs on the bundled sample, and what they must reach at least;
            `None`: it is run on all of MNIST only.
        otherwise: the reason, where a stored number is not met.
    """

    cell: int
    stored: Mapping[int, float]
    tolerance: float
    make_model: Callable[[], keras.Model]
    make_optimizer: Callable[[], keras.optimizers.Optimizer]
    batch_size: int
    epochs: int
    words: dict[str, Any] = field(default_factory=dict)
    prepare: Callable[[Dataset], Dataset] | None = None
    quick_epochs: int | None = None
    quick_floor: float = 0.0
    otherwise: str = ""

    def network(self, seed: int) -> keras.Model:
        """A new one, that starts from the seed."""
        keras.utils.set_random_seed(seed)
        return self.make_model()

    def train(
        self, setting: Setting, model: keras.Model | None = None, *, seed: int | None = None,
        **words: Any,
    ) -> dict[str, list[float]]:  # fmt: skip
        """Trains; returns the history.

        Args:
            setting: of the experiment.
            model: a new one where none is given.
            seed: in place of the setting's.
            words: of `fit`, in place of the run's own.
        """
        seed = setting.seed if seed is None else seed
        own = {
            "data": self.prepare(setting.data) if self.prepare else None,
            "epochs": setting.choose(self.epochs, self.quick_epochs),
            "batch_size": self.batch_size,
            "seed": seed,
        }
        model = model or self.network(seed)
        return setting.fit(model, self.make_optimizer(), **own | self.words | words)

    def rows(self, name: str, accuracies: Sequence[float], setting: Setting) -> list[Row]:
        """Every stored accuracy beside ours; on the sample, the last.

        Args:
            name: of the run.
            accuracies: on the validation images, an epoch each; empty where it was not run.
            setting: of the experiment.
        """
        last, cell = max(self.stored), f"cell {self.cell}"
        if not accuracies:
            return [not_run(f"{name}, epoch {last}", self.stored[last], "on all of MNIST only")]
        if setting.quick:
            return [
                setting.against(
                    f"{name}, epoch {len(accuracies) - 1}", accuracies[-1], self.stored[last], 0,
                    quick=self.quick_floor, note=cell,
                )
            ]  # fmt: skip
        return [
            Row(
                f"{name}, epoch {epoch}", accuracies[epoch], stored, self._slack(epoch),
                note=cell, otherwise=self.otherwise,
            )
            for epoch, stored in self.stored.items()
        ]  # fmt: skip

    def _slack(self, epoch: int) -> float:
        """After the first epoch accuracy still rises fast."""
        return self.tolerance if epoch else max(self.tolerance, FIRST_TOLERANCE)
