"""What a training run is told."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dnn_tf.arguments import (
    SEEDS,
    as_sizes,
    check_above_0,
    check_between,
    check_choice,
    check_positive,
    check_seed,
)
from dnn_tf.gradients import clip_by
from dnn_tf.types import InputError

LAYERS = ("neuron", "dense")
PRECISIONS = ("float32", "mixed_float16", "mixed_bfloat16")

_MAYBE_ABOVE_0 = ("max_norm", "min_update")
_FROM_0 = ("l1", "l2", "weight_decay")
_SHARES = ("dropout", "dropout_inputs", "average")
_COUNTS = ("epochs", "starts", "gradient_accumulation_steps")
_MAYBE_COUNTS = ("early_stopping", "max_steps")


@dataclass(frozen=True)
class Settings:
    """Everything that decides the outcome of a run, besides the machine.

    The defaults are the document's example: 784-300-100-10 with ReLU, gradient descent at 0.01,
    batches of 50, and the 40 epochs of the reference notebook (the document's text says 400).

    Args:
        data: a name or a path that `data.load` knows.
        hidden: neurons of each hidden layer.
        activation: of the hidden layers.
        layer: `"neuron"` for `layers.NeuronLayer`, `"dense"` for `keras.layers.Dense`.
        initializer: of the weights; see `initializers.get`. `None`: the layer's own.
        batch_norm: whether to normalise in the hidden layers.
        dropout, dropout_inputs: the share dropped after each hidden layer, and of the features.
        l1, l2: strength of a penalty on the kernels; see `regularizers`.
        max_norm: the largest norm of the weights into a hidden neuron.
        optimizer: a name that `optimizers.get` knows.
        optimizer_options: of its formula, such as `{"momentum": 0.95}`. What every Keras optimiser
            takes (`clipnorm`, `use_ema`, ...) has settings of its own here.
        weight_decay: decoupled from the gradient; see `optimizers`. Not for ftrl.
        learning_rate: a number, or `"auto"`: what `training.find_learning_rate` suggests. Leave it
            out for a piecewise schedule, whose values are the learning rates.
        schedule: a name that `schedules.get` knows, which starts at the learning rate (one_cycle:
            climbs to it); `"performance"` for `training.PerformanceSchedule`; `None`: constant.
            ftrl takes none.
        schedule_options: of its constructor. What is left out and counts steps (`decay_steps`,
            `total_steps`) is the whole training, up to `max_steps`, but for exponential the
            document's 10,000.
        batch_size: rows a step; `"all"`: all.
        gradient_accumulation_steps: see `fit`. All of them together are rows that there are.
        epochs: how often every training row is seen.
        clip_value, clip_norm, clip_global_norm: the gradients' limit, entry by entry, gradient by
            gradient, or all together; at most one of them.
        watch_clipping: whether to log the share of clipped entries and the angle of the turn.
        watch_layers: whether to write the health of the layers down after each epoch; see
            `diagnostics.WatchLayers`.
        early_stopping: so many epochs without a smaller validation loss end training, and the best
            weights are kept.
        min_update: ends training when the weights move less than this in an epoch; see
            `training.StopOnSmallUpdates`.
        max_steps: ends training after so many steps.
        average: keeps an exponential average of the weights: this share of it in every step.
        starts: trains from so many seeds, counted up from `seed`, and keeps the network with the
            smallest validation loss.
        threshold: afterwards sets weights of a smaller size to 0.
        precision: `"float32"`, `"mixed_float16"` (with a loss scale) or `"mixed_bfloat16"`: layers
            calculate in 16 bits then, and weights, loss and optimiser stay float32. Quick on GPUs
            that have units for it. What is measured at the end and saved is in float32.
        seed: of the weights and of the order of the rows.

    Raises:
        InputError: a value that cannot be trained with, or values that do not go together.

    >>> Settings(epochs=400).hidden
    (300, 100)
    """

    data: str = "mnist"
    hidden: tuple[int, ...] = (300, 100)
    activation: str = "relu"
    layer: str = "neuron"
    initializer: str | None = None
    batch_norm: bool = False
    dropout: float | None = None
    dropout_inputs: float | None = None
    l1: float = 0.0
    l2: float = 0.0
    max_norm: float | None = None
    optimizer: str = "gradient_descent"
    optimizer_options: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    weight_decay: float = 0.0
    learning_rate: float | str = 0.01
    schedule: str | None = None
    schedule_options: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    batch_size: int | str = 50
    gradient_accumulation_steps: int = 1
    epochs: int = 40
    clip_value: float | None = None
    clip_norm: float | None = None
    clip_global_norm: float | None = None
    watch_clipping: bool = False
    watch_layers: bool = False
    early_stopping: int | None = None
    min_update: float | None = None
    max_steps: int | None = None
    average: float | None = None
    starts: int = 1
    threshold: float | None = None
    precision: str = "float32"
    seed: int = 42

    def __post_init__(self) -> None:
        given = {
            field.name: getattr(self, field.name)
            for field in dataclasses.fields(self)
            if getattr(self, field.name) is not None
        }

        def of(names: tuple[str, ...]) -> dict[str, Any]:
            return {name: given[name] for name in names if name in given}

        if not isinstance(self.data, str):
            raise InputError(f"data is a name or a path, and got {self.data!r}")
        if type(self.hidden) is not tuple:
            raise InputError(f"hidden is a tuple of whole numbers, and got {self.hidden!r}")
        as_sizes("hidden", self.hidden)
        check_choice(LAYERS, layer=self.layer)
        check_choice(PRECISIONS, precision=self.precision)
        check_positive(**{name: getattr(self, name) for name in _COUNTS}, **of(_MAYBE_COUNTS))
        check_above_0(**of(_MAYBE_ABOVE_0))
        check_between(0, float("inf"), **of((*_FROM_0, "threshold")))
        check_between(0, 1, **of(_SHARES))
        if self.batch_size != "all":
            check_positive(batch_size=self.batch_size)
        if self.learning_rate != "auto":
            check_above_0(learning_rate=self.learning_rate)
        check_seed(seed=self.seed)
        if self.seed + self.starts > SEEDS:
            raise InputError(
                f"{self.starts} starts count up from seed {self.seed}, and a seed is at most "
                f"{SEEDS - 1}: give a smaller seed"
            )
        self._check_together()

    def _check_together(self) -> None:
        """What goes with what, before anything is loaded or built."""
        clips = clip_by(self.clip_value, self.clip_norm, self.clip_global_norm) is not None
        if self.watch_clipping and not clips:
            raise InputError(
                "watch_clipping measures what a clip does, and there is none: give clip_value, "
                "clip_norm or clip_global_norm too"
            )
        if self.batch_size == "all" and self.gradient_accumulation_steps > 1:
            raise InputError(
                "gradient_accumulation_steps with batch_size 'all': a step cannot take more than "
                "all rows; give the rows of a batch, or leave gradient_accumulation_steps out"
            )
        for name in ("optimizer_options", "schedule_options"):
            if not isinstance(getattr(self, name), Mapping):
                raise InputError(f"{name} is a dict of options, and got {getattr(self, name)!r}")
        if self.schedule is None and self.schedule_options:
            options = ", ".join(self.schedule_options)
            raise InputError(f"{options}: options of a schedule, and there is none: give schedule")
