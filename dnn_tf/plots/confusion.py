"""Which class was taken for which."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from dnn_tf.plots.lettering import drawable, in_fonts, names_or_numbers
from dnn_tf.plots.style import figure


def confusion(matrix: np.ndarray, class_names: Sequence[str], title: str = "") -> Figure:
    """The confusion matrix, errors shaded by their share of the true class.

    The diagonal is left white, for otherwise it would outshine every error.

    Args:
        matrix: `metrics.confusion_matrix(...)`: row the true class, column the predicted one.
        class_names: of the rows and columns; one that no font has gives way to its number.
        title: above it.

    Shapes:
        `(classes, classes)`.
    """
    n = len(class_names)
    wrong = matrix - np.diag(np.diag(matrix))
    share = wrong / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    side = max(4.2, 0.5 * n + 1.4)
    drawing = figure(side + 0.8, side)
    axes = drawing.subplots()
    picture = axes.imshow(100 * share, cmap="Greys", vmin=0, vmax=max(100 * share.max(), 1))
    if n <= 20:
        for row, column in np.argwhere(matrix > 0):
            dark = share[row, column] > 0.6 * share.max()
            axes.text(
                column, row, matrix[row, column], ha="center", va="center", fontsize=8,
                color="white" if dark and row != column else "black",
                weight="bold" if row == column else "normal",
            )  # fmt: skip
    names = names_or_numbers(class_names)
    axes.set_xticks(range(n), names, rotation=0 if max(map(len, names)) < 4 else 90, **in_fonts())
    axes.set_yticks(range(n), names, **in_fonts())
    axes.set_xlabel("predicted class")
    axes.set_ylabel("true class")
    axes.tick_params(length=0)
    axes.set_title(drawable(title), fontsize=11, **in_fonts())
    drawing.colorbar(picture, ax=axes, label="errors, % of the true class", shrink=0.8)
    return drawing
