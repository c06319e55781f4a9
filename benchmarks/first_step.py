"""Trains the documented network on MNIST and ends after its first step: `start_up` times it."""

import sys

import dnn_tf


class FirstStep(dnn_tf.training.EverySteps):
    """Ends the training as soon as one step is taken."""

    def __init__(self) -> None:
        super().__init__(1)

    def act(self, logs: dict[str, float]) -> None:  # noqa: ARG002
        """The step is taken."""
        self.model.stop_training = True


def main() -> None:
    """What `dnn-tf mnist` does up to there."""
    train = dnn_tf.data.load(sys.argv[1]).train
    dnn_tf.fit(
        dnn_tf.models.dnn(), (train.x, train.y),
        loss=dnn_tf.losses.sparse_softmax_cross_entropy,
        optimizer=dnn_tf.optimizers.GradientDescent(0.01), epochs=1, batch_size=50,
        callbacks=[FirstStep()], progress=False,
    )  # fmt: skip


if __name__ == "__main__":
    main()
