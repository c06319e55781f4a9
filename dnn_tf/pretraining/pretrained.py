"""What pretraining hands over."""

from dataclasses import dataclass

import keras


@dataclass(frozen=True, eq=False)
class Pretrained:
    """Hidden layers that have learnt from data without labels.

    Args:
        network: of `hidden1`, `hidden2`, ..., without an output layer; for
            `transfer.reuse(network, n_outputs, keep="all")`.
        histories: of the training of each layer, the lowest first.
    """

    network: keras.Model
    histories: tuple[dict[str, list[float]], ...]
