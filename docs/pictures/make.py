"""Draws the README's picture from a run on MNIST: `python docs/pictures/make.py`."""

import io
from pathlib import Path

import keras
import numpy as np
from matplotlib.figure import Figure
from PIL import Image

import dnn_tf

FOLDER = Path(__file__).parent


def as_image(figure: Figure) -> Image.Image:
    """The figure as pixels."""
    file = io.BytesIO()
    figure.savefig(file, dpi=100, facecolor="white")
    return Image.open(file).convert("RGB")


def side_by_side(*images: Image.Image) -> Image.Image:
    """In one row, each in the middle of its height."""
    height = max(image.height for image in images)
    row = Image.new("RGB", (sum(image.width for image in images), height), "white")
    left = 0
    for image in images:
        row.paste(image, (left, (height - image.height) // 2))
        left += image.width
    return row


def main() -> None:
    """The documented training; its curves, and the first 20 test digits with what it reads."""
    keras.utils.set_random_seed(42)
    data = dnn_tf.data.load("mnist")
    model = dnn_tf.models.dnn(784, (300, 100), 10)
    history = dnn_tf.fit(
        model,
        data,
        loss=dnn_tf.losses.sparse_softmax_cross_entropy,
        optimizer=dnn_tf.optimizers.GradientDescent(0.01),
        epochs=40,
        batch_size=50,
        seed=42,
    )
    digits, labels = data.test.x[:20], data.test.y[:20]
    read = np.argmax(model(digits), axis=1)
    captions = [
        f"{digit}" if digit == label else f"{digit}, is {label}"
        for digit, label in zip(read, labels, strict=True)
    ]
    curves = dnn_tf.plots.learning_curves(history.history)
    grid = dnn_tf.plots.image_grid(digits.reshape(-1, 28, 28), captions, columns=5)
    picture = side_by_side(as_image(curves), as_image(grid))
    picture.quantize(64).save(FOLDER / "mnist.png", optimize=True)


if __name__ == "__main__":
    main()
