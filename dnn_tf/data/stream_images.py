"""The images in a folder, decoded while training goes on."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dnn_tf.data.classes import check_names
from dnn_tf.data.image_files import read_image
from dnn_tf.data.image_folder import class_name_of, files_by_class, subfolders
from dnn_tf.data.images import ImageFormat
from dnn_tf.data.stream_pipeline import in_graph
from dnn_tf.data.stream_source import Layout
from dnn_tf.types import InputError, Tensor, first_line

FILES_AT_ONCE = 32
"""Images of a block."""


class ImageSource:
    """Images in the folders of their classes; only their names are held in memory.

    Args:
        folder: whose subfolders are the classes.
        image_format: what every image is made: its size and channels.
        class_names: of class 0, 1, ...; none: the names of the subfolders, sorted.

    Raises:
        InputError: see `image_folder.read`; a folder that is none of the classes.
    """

    mixes = True

    def __init__(self, folder: Path, image_format: ImageFormat, class_names: Sequence[str] = ()):
        if not isinstance(image_format, ImageFormat):
            raise InputError(
                f"image_format is an ImageFormat, as in ImageFormat(28, 28), and got "
                f"{image_format!r}"
            )
        self._files = files_by_class(subfolders(folder))
        names = [class_name_of(file) for file in self._files]
        self.class_names = tuple(class_names) or tuple(sorted(set(names)))
        check_names(self.class_names, str(folder))
        if unknown := sorted(set(names) - set(self.class_names)):
            raise InputError(
                f"{folder}: {unknown[0]!r} is none of the classes: give its name too, or remove "
                "the folder"
            )
        numbers = {name: number for number, name in enumerate(self.class_names)}
        self._labels = np.array([numbers[name] for name in names])
        self._shape = image_format.image_shape
        self.layout = Layout(self._shape, (), "uint8", "int64")
        self.rows: int | None = len(self._files)
        self.title = str(folder)
        self._folder = folder
        self._failure: Exception | None = None

    def blocks(self, seed: int | None, skip: int) -> tuple[Tensor, int]:
        """All files in one order, and pixels of some at a time."""
        import tensorflow as tf

        order = np.arange(len(self._files))
        if seed is not None:
            order = np.random.default_rng(seed).permutation(order)

        @in_graph
        def decode(rows: Tensor) -> tuple[Tensor, Tensor]:
            x = tf.numpy_function(self._decoded, [rows], tf.uint8)
            return tf.ensure_shape(x, (None, *self._shape)), tf.gather(self._labels, rows)

        blocks = tf.data.Dataset.from_tensor_slices(order[skip:]).batch(FILES_AT_ONCE)
        return blocks.map(decode, num_parallel_calls=4), skip

    def identity(self) -> Any:
        """Names, sizes and classes of the files, and what they are made."""
        digest = hashlib.sha256()
        for file, label in zip(self._files, self._labels.tolist(), strict=True):
            size = file.stat().st_size
            digest.update(f"{file.relative_to(self._folder)}\0{size}\0{label}\n".encode())
        return [digest.hexdigest(), list(self._shape), list(self.class_names)]

    def place(self, row: int) -> str:
        """By its file."""
        return str(self._files[row])

    def explain(self, error: Exception) -> Exception:
        """What decoding said of a file, which TensorFlow tells only as text."""
        if isinstance(self._failure, InputError):
            return self._failure
        return InputError(f"{self.title}: an image could not be read ({first_line(error)})")

    def _decoded(self, rows: np.ndarray) -> np.ndarray:
        try:
            return np.stack([read_image(self._files[row], *self._shape) for row in rows])
        except Exception as error:
            self._failure = error
            raise
