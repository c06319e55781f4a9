"""Makes `mnist_sample.npz`, the bundled digits: `python -m dnn_tf.data.make_mnist_sample`.

Needs the full set. The same set gives the same arrays every time.
"""

import numpy as np

from dnn_tf.data import sample, tfds
from dnn_tf.data.cache import Arrays

PER_CLASS = {"train": 500, "test": 100}


def draw(full: Arrays, seed: int = 42) -> Arrays:
    """As many images of each class, class after class in turn, so that any first rows are balanced.

    Args:
        full: `train_images`, `train_labels`, `test_images`, `test_labels`.
        seed: of the draw.
    """
    drawn = {}
    rng = np.random.default_rng(seed)
    for split, per_class in PER_CLASS.items():
        labels = full[f"{split}_labels"]
        rows = np.stack(
            [
                rng.choice(np.flatnonzero(labels == digit), per_class, replace=False)
                for digit in range(10)
            ],
            axis=1,
        )  # (per_class, 10)
        rows = rng.permuted(rows, axis=1).ravel()  # the order of the classes, anew in each ten
        drawn[f"{split}_images"] = full[f"{split}_images"][rows]
        drawn[f"{split}_labels"] = labels[rows]
    return drawn


def main() -> None:
    """Draws from the full set, writes the file, and says how large it is."""
    full, _, source = tfds.read("mnist")
    np.savez_compressed(sample.FILE, **draw(full))
    print(f"{sample.FILE.name}: {sample.FILE.stat().st_size / 1e6:.2f} MB, drawn from {source}")


if __name__ == "__main__":
    main()
