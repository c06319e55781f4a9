"""What a training run is told."""

from dataclasses import dataclass

from dnn_tf.types import InputError

LAYERS = ("neuron", "dense")


@dataclass(frozen=True)
class Settings:
    """Everything that decides the outcome of a run, besides the machine.

    The defaults are the document's example: 784-300-100-10 with ReLU, gradient descent at 0.01,
    batches of 50, and the 40 epochs of the reference notebook (the document's text says 400).

    Args:
        data: a name that `data.load` knows.
        hidden: neurons of each hidden layer.
        activation: of the hidden layers.
        layer: `"neuron"` for `layers.NeuronLayer`, `"dense"` for `keras.layers.Dense`.
        initializer: of the weights; see `initializers.get`. `None`: the layer's own.
        learning_rate: of gradient descent.
        batch_size: rows a step.
        epochs: how often every training row is seen.
        clip_value: the gradients' limit, entry by entry; `None`: no limit.
        seed: of the weights and of the order of the rows.

    Raises:
        InputError: a value that cannot be trained with.

    >>> Settings(epochs=400).hidden
    (300, 100)
    """

    data: str = "mnist"
    hidden: tuple[int, ...] = (300, 100)
    activation: str = "relu"
    layer: str = "neuron"
    initializer: str | None = None
    learning_rate: float = 0.01
    batch_size: int = 50
    epochs: int = 40
    clip_value: float | None = None
    seed: int = 42

    def __post_init__(self) -> None:
        for name in ("batch_size", "epochs"):
            if type(getattr(self, name)) is not int or getattr(self, name) < 1:
                raise InputError(
                    f"{name} is a whole number, 1 or more, and got {getattr(self, name)!r}"
                )
        for name in ("learning_rate", "clip_value"):
            number = getattr(self, name)
            if number is None and name == "clip_value":
                continue
            if not isinstance(number, int | float) or not 0 < number < float("inf"):
                raise InputError(f"{name} is a finite number above 0, and got {number!r}")
        if type(self.hidden) is not tuple or any(
            type(units) is not int or units < 1 for units in self.hidden
        ):
            raise InputError(
                f"hidden is a tuple of whole numbers, 1 neuron or more a layer, and got "
                f"{self.hidden!r}"
            )
        if self.layer not in LAYERS:
            raise InputError(f"layer is one of {', '.join(LAYERS)}, and got {self.layer!r}")
        if type(self.seed) is not int or not 0 <= self.seed < 2**32:
            raise InputError(f"seed is a whole number from 0 to 2**32 - 1, and got {self.seed!r}")
