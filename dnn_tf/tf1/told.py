"""The layers and their order as the caller names them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from dnn_tf.tf1.batch_norms import Norm, place_norms
from dnn_tf.tf1.names import split
from dnn_tf.tf1.order import listed
from dnn_tf.tf1.pieces import Pieces
from dnn_tf.types import InputError


def as_told(layers: Sequence[str], pieces: Pieces) -> tuple[tuple[str, ...], dict[int, Norm]]:
    """The kernels in order, and the normalisations by the layers they follow; 0 is the inputs.

    Args:
        layers: kernels (`hidden1/kernel`) or their scopes (`hidden1`), from inputs to outputs, and
            batch normalisations by their scopes, each after the layer it follows. Where none of
            these is named, they are placed by their names and sizes.
        pieces: what there is.

    Raises:
        InputError: there is no such layer, it is named twice, or one does not fit on another.
    """
    names = () if isinstance(layers, str) else tuple(map(str, layers))
    if not names or len(set(names)) < len(names):
        raise InputError(
            f"layers is a list of names, from inputs to outputs, each once, and got {layers!r}"
        )
    order: list[str] = []
    norms: dict[int, Norm] = {}
    for name in names:
        found = _find(name, pieces)
        if isinstance(found, Norm):
            norms[len(order)] = found
        else:
            order.append(found)
    if not order:
        raise InputError(
            f"layers={list(names)} names no kernel: there are {listed(pieces.kernels)}"
        )
    for below, above in pairwise(order):
        _check_fits(below, pieces.kernels[below][1], above, pieces.kernels[above][0])
    sizes = pieces.sizes(order)
    for number, norm in norms.items():
        below = order[number - 1] if number else "the inputs"
        _check_fits(below, sizes[number], norm.name, norm.features)
    return tuple(order), norms or place_norms(pieces.norms, order, sizes)


def _find(name: str, pieces: Pieces) -> str | Norm:
    kernels = [kernel for kernel in pieces.kernels if name in (kernel, split(kernel)[0])]
    if len(kernels) == 1:
        return kernels[0]
    norms = {norm.name: norm for norm in pieces.norms}
    if name in norms and not kernels:
        return norms[name]
    known: Mapping[str, tuple[int, ...]] = {
        **pieces.kernels,
        **{name: (norm.features,) for name, norm in norms.items()},
    }
    count = f"{len(kernels)} kernels" if kernels else "no layer"
    raise InputError(f"layers: {name!r} names {count}, and one was expected of {listed(known)}")


def _check_fits(below: str, units: int, above: str, inputs: int) -> None:
    if units != inputs:
        raise InputError(
            f"layers: {above} takes {inputs} numbers and cannot follow {below} with {units}: name "
            "the layers from inputs to outputs"
        )
