"""The rows of a `tf.data.Dataset` of the caller's own."""

from typing import Any

from dnn_tf.data.stream_pipeline import in_graph
from dnn_tf.data.stream_source import Layout, check_layout
from dnn_tf.types import InputError, Tensor, first_line


class DatasetSource:
    """Rows `(x, y)`, or batches of them, that the dataset gives again in every epoch.

    Args:
        dataset: a finite `tf.data.Dataset`, or one whose first `rows` rows make an epoch.
        rows: of an epoch; `None`: all that it gives.
        batched: whether its elements are batches.
        title: what it is called, in errors and in checkpoints.

    Raises:
        InputError: no such dataset; it is infinite, or its rows have no fixed shape.
    """

    mixes = False

    def __init__(self, dataset: Tensor, rows: int | None, batched: bool, title: str):
        import tensorflow as tf

        if not isinstance(dataset, tf.data.Dataset):
            raise InputError(f"a tf.data.Dataset was expected, and got {type(dataset).__name__}")
        spec = dataset.element_spec
        pair = isinstance(spec, tuple) and len(spec) == 2
        if not pair or not all(isinstance(part, tf.TensorSpec) for part in spec):
            raise InputError(
                f"{title}: its elements are {spec}, and pairs of tensors (x, y) were expected: map "
                "it to these"
            )
        self.layout = _layout(spec, batched, title)
        check_layout(self.layout, title)
        given = int(dataset.cardinality())
        if given == tf.data.INFINITE_CARDINALITY and rows is None:
            raise InputError(
                f"{title}: the dataset never ends: give rows, how many of them make an epoch"
            )
        known = given >= 0 and not batched
        if rows is None:
            rows = given if known else None
        elif known and given < rows:
            raise InputError(f"{title}: rows is {rows}, and the dataset has {given}: give no more")
        self.rows, self.title = rows, title
        self._dataset, self._batched = dataset, batched

    def blocks(self, seed: int | None, skip: int) -> tuple[Tensor, int]:  # noqa: ARG002
        """In the order of the dataset. Single rows are left out before they are put together."""
        if self._batched:
            size = self.layout.block_rows
            blocks = self._dataset.rebatch(size)
            return (blocks if self.rows is None else _first(blocks, self.rows, size)), 0
        rows = self._dataset if self.rows is None else self._dataset.take(self.rows)
        return rows.skip(skip).batch(self.layout.block_rows), skip

    def identity(self) -> Any:
        """Its title and the kind of its rows: what it computes, nobody can tell."""
        return [self.title, str(self.layout), self.rows]

    def place(self, row: int) -> str:
        """By its number."""
        return f"{self.title}: row {row}"

    def explain(self, error: Exception) -> Exception:
        """In TensorFlow's words."""
        return InputError(
            f"{self.title}: the dataset could not be read ({first_line(error)}): repair what it "
            "reads, or the function that it maps"
        )


def _first(blocks: Tensor, rows: int, size: int) -> Tensor:
    """So many rows of blocks of one size."""
    import tensorflow as tf

    @in_graph
    def cut(number: Tensor, block: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        here = tf.minimum(rows - number * size, size)
        return block[0][:here], block[1][:here]

    return blocks.take(-(-rows // size)).enumerate().map(cut)


def _layout(spec: tuple[Tensor, Tensor], batched: bool, title: str) -> Layout:
    shapes = []
    for name, part in zip("xy", spec, strict=True):
        dims = None if part.shape.rank is None else part.shape.as_list()
        if dims is not None and batched:
            dims = dims[1:] if dims else None
        if dims is None or None in dims:
            raise InputError(
                f"{title}: {name} has the shape {part.shape}, and one fixed shape for all rows was "
                f"expected: map it to tf.ensure_shape({name}, ...)"
            )
        shapes.append(tuple(dims))
    x_shape, y_shape = shapes
    return Layout(x_shape, y_shape, spec[0].dtype.name, spec[1].dtype.name)
