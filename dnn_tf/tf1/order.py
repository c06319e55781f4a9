"""The order of the layers: by their shapes, and where these leave a choice, by their names."""

from collections.abc import Iterator, Mapping
from itertools import islice

from dnn_tf.tf1.names import is_outputs, place, stem
from dnn_tf.types import InputError

Shapes = Mapping[str, tuple[int, int]]
"""The shape `(inputs, units)` of each kernel, by its name."""

_PATIENCE = 20_000
"""Steps of the search. Of names that say something, it takes as many as there are layers."""


def in_order(shapes: Shapes) -> tuple[str, ...]:
    """All kernels, from inputs to outputs.

    The units of a layer are the inputs of the next. Of kernels whose names differ in the number
    only, the lower comes first, and what is called outputs or logits last; where no order has
    both, the shapes decide alone.

    Raises:
        InputError: no order, or more than one.

    >>> in_order({"b": (3, 2), "a2": (4, 4), "a10": (4, 3)})
    ('a2', 'a10', 'b')
    """
    for by_name in (True, False):
        orders = list(islice(_orders(shapes, by_name), 2))
        if len(orders) == 1:
            return orders[0]
        if orders:
            raise InputError(
                f"the order of the layers is not clear from shapes and names ({listed(shapes)}): "
                "name it, from inputs to outputs, with layers=[...]"
            )
    raise InputError(
        f"the kernels do not follow one another from inputs to outputs ({listed(shapes)}): name "
        "those of one network, in their order, with layers=[...]"
    )


def is_chain(shapes: Shapes) -> bool:
    """Whether there is an order, and one only."""
    try:
        in_order(shapes)
    except InputError:
        return False
    return True


def listed(shapes: Mapping[str, tuple[int, ...]], most: int = 12) -> str:
    """Names and shapes, for an error.

    >>> listed({"hidden1/kernel": (784, 300)})
    'hidden1/kernel (784, 300)'
    """
    lines = [f"{name} {shape}" for name, shape in sorted(shapes.items(), key=lambda s: place(s[0]))]
    more = [f"and {len(lines) - most} more"] if len(lines) > most else []
    return ", ".join(lines[:most] + more)


def _orders(shapes: Shapes, by_name: bool) -> Iterator[tuple[str, ...]]:
    """One after the other, found by trying what can come next."""
    stems = {name: stem(name) for name in shapes}
    outputs = {name for name in shapes if is_outputs(name)}
    start = tuple(sorted(shapes, key=place))
    untried: list[tuple[tuple[str, ...], tuple[str, ...]]] = [((), start)]
    for _ in range(_PATIENCE):
        if not untried:
            return
        order, rest = untried.pop()
        if not rest:
            yield order
            continue
        first = {stems[name]: name for name in reversed(rest)}
        for name in rest:
            fits = not order or shapes[order[-1]][1] == shapes[name][0]
            too_early = first[stems[name]] != name or (
                name in outputs and not outputs.issuperset(rest)
            )
            if fits and not (by_name and too_early):
                untried.append(((*order, name), tuple(other for other in rest if other != name)))
    yield from ((), ())  # given up: as good as more than one
