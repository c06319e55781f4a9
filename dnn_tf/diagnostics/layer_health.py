"""What was found of one layer."""

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class LayerHealth:
    """The numbers of one layer (of one call of it, where it is called several times).

    Variances and means are over all entries: rows, places and units. What cannot be told, or makes
    no sense for the layer, is `None`.

    Args:
        name: of the layer; of its second call, and of another layer of that name, `name (2)`.
        kind: the class.
        activation: its name.
        shape: of the outputs, without the rows.
        n_weights: numbers in its weights.
        trainable: whether a step of training moves it.
        is_output: whether it answers for the model.
        differentiated: whether gradients were taken: not where the loss is no finite number.
        below_zeros: whether a trained kernel above it is all zeros, and lets no gradient through.
        reads_input: whether the inputs of the model come to it as they are.
        input_size: of what comes in, `sqrt(mean x^2)`.
        mean, std: of the outputs.
        mean_before, std_before: of what goes into the activation, the pre-activation `z`.
        signal: `sqrt(mean x^2)` of the outputs, over that of the inputs of the model where this is
            more than 1.
        saturated: share of the outputs where the slope of a bounded activation is less than a
            tenth of its largest; see `measures.saturated_share`.
        dead: share of the units that are 0 on every row; of layers with an activation.
        always_on: share of the units that are 0 on none.
        forward: variance of the outputs over that of the inputs; ideal 1.
        backward: variance of the gradient that the layer hands down, `dL / d inputs`, over that of
            the one it is handed, `dL / d outputs`; ideal 1.
        delta_norm: norm of `dL / dz`; without an activation, of `dL / d outputs`.
        delta_share: that over the one of the outputs (of several, all together); ideal 1.
        weight_norm: of all its weights together.
        gradient_norm: of the gradient of its trained weights.
        gradient_ratio: that over the one of the next layer above that has any.
        update_ratio: norm of the next step over that of the weights it moves; a good order is
            0.001.
        shift, stretch: of a batch normalisation: how far its averages are from what it sees, in
            standard deviations (ideal 0) and as a factor of the variance (ideal 1).
        problem: what is wrong, in a word or two; `None` for nothing.
        remedy: what to do.
    """

    name: str
    kind: str
    activation: str | None = None
    shape: tuple[int, ...] = ()
    n_weights: int = 0
    trainable: bool = True
    is_output: bool = False
    differentiated: bool = True
    below_zeros: bool = False
    reads_input: bool = False
    input_size: float | None = None
    mean: float = 0.0
    std: float = 1.0
    mean_before: float | None = None
    std_before: float | None = None
    signal: float = 1.0
    saturated: float | None = None
    dead: float | None = None
    always_on: float | None = None
    forward: float | None = None
    backward: float | None = None
    delta_norm: float | None = None
    delta_share: float | None = None
    weight_norm: float | None = None
    gradient_norm: float | None = None
    gradient_ratio: float | None = None
    update_ratio: float | None = None
    shift: float | None = None
    stretch: float | None = None
    problem: str | None = None
    remedy: str | None = None

    def summary(self) -> dict[str, Any]:
        """All of it, for a program to read; an infinite number is text there.

        >>> LayerHealth("hidden1", "Dense").summary()["name"]
        'hidden1'
        """
        fields = dataclasses.asdict(self) | {"shape": list(self.shape)}
        return {name: plain(value) for name, value in fields.items()}


def plain(value: Any) -> Any:
    """As JSON can hold it: infinite and NaN as text."""
    finite = not isinstance(value, float) or abs(value) < float("inf")
    return value if finite else str(value)
