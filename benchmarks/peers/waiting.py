"""The turn of a trainer that calls back: `dnn_tf.fit` and `model.fit`."""

from typing import Any

import keras

from benchmarks.turn import Turn


class Waiting(keras.callbacks.Callback):
    """Holds the training at the end of each epoch until the driver asks for another."""

    def __init__(self, turn: Turn):
        super().__init__()
        self.turn = turn

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Tells what was trained, and sleeps."""
        assert logs is not None
        self.turn.tell(float(logs["loss"]), float(logs["accuracy"]))
        self.turn.wait()


def set_weights(model: keras.Model, weights: list[Any]) -> None:
    """Kernel and bias of every layer that has them, from the input on."""
    layers = [layer for layer in model.layers if hasattr(layer, "kernel")]
    for layer, (kernel, bias) in zip(layers, weights, strict=True):
        layer.kernel.assign(kernel)
        layer.bias.assign(bias)
