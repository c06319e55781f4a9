"""Pictures with a line under each."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from dnn_tf.plots.lettering import drawable, in_fonts
from dnn_tf.plots.style import bare, figure


def image_grid(
    images: np.ndarray, captions: Sequence[str] = (), columns: int = 10, title: str = ""
) -> Figure:
    """Images in rows.

    Args:
        images: values from 0 to 1, grey or colour.
        captions: one an image, or none.
        columns: images in a row.
        title: above all.

    Shapes:
        `(n, height, width)` or `(n, height, width, 3)`.
    """
    rows = math.ceil(len(images) / columns)
    drawing = figure(columns * 0.95, rows * (1.2 if captions else 0.95) + (0.3 if title else 0))
    cells = drawing.subplots(rows, columns, squeeze=False).ravel()
    for axes in cells:
        bare(axes)
    for number, (axes, image) in enumerate(zip(cells, images, strict=False)):
        axes.imshow(image, cmap="gray", vmin=0, vmax=1)
        if captions:
            axes.set_xlabel(drawable(captions[number]), fontsize=8, **in_fonts())
    drawing.suptitle(drawable(title), fontsize=11, **in_fonts())
    return drawing
