"""What a run of fine-tuning is told."""

from dataclasses import dataclass

from dnn_tf.arguments import as_sizes, check_above_0, check_between, check_positive, check_seed


@dataclass(frozen=True)
class FineTuneSettings:
    """Everything that decides the outcome of `runs.finetune`, besides the network and the machine.

    Args:
        data: a name or a path that `data.load` knows.
        keep: how many layers of the trained network, or the name of the last one; see
            `transfer.reuse`. `None`: all but its output layer.
        new_hidden: neurons of each new hidden layer.
        activation: of these.
        per_class: so many training rows of each class, see `data.select`. `None`: all.
        optimizer: a name that `optimizers.get` knows, with its defaults.
        learning_rate, rate_decay, average_epochs, batch_size, epochs, patience, stages,
            thaw_layers, cache, scratch: see `transfer.fine_tune`.
        seed: of splits, new weights and the order of the rows.
    """

    data: str
    keep: int | str | None = None
    new_hidden: tuple[int, ...] = ()
    activation: str = "elu"
    per_class: int | None = None
    optimizer: str = "adam"
    learning_rate: float = 0.005
    rate_decay: float = 0.9
    average_epochs: float = 4.0
    batch_size: int = 20
    epochs: int = 200
    patience: int = 20
    stages: int | None = None
    thaw_layers: int | None = None
    cache: bool = True
    scratch: bool = False
    seed: int = 42

    def __post_init__(self) -> None:
        object.__setattr__(self, "new_hidden", as_sizes("new_hidden", self.new_hidden))
        check_positive(batch_size=self.batch_size, epochs=self.epochs, patience=self.patience)
        for name in ("per_class", "stages", "thaw_layers"):
            if getattr(self, name) is not None:
                check_positive(**{name: getattr(self, name)})
        if self.keep is not None and not isinstance(self.keep, str):
            check_positive(keep=self.keep)
        check_above_0(learning_rate=self.learning_rate, rate_decay=self.rate_decay)
        check_between(0, float("inf"), average_epochs=self.average_epochs)
        check_seed(seed=self.seed)
