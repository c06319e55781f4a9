"""The dense network that the variables of a checkpoint make up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dnn_tf.tf1.batch_norms import Norm, place_norms
from dnn_tf.tf1.dense_layers import layer_names, model_name
from dnn_tf.tf1.left_out import reason
from dnn_tf.tf1.order import in_order, is_chain, listed
from dnn_tf.tf1.pieces import Pieces, sort_out
from dnn_tf.tf1.reader import Variables
from dnn_tf.tf1.told import as_told
from dnn_tf.types import InputError


class Part(NamedTuple):
    """A layer of the model, and the variable that each of its weights comes from.

    Args:
        layer: its name.
        variables: of `kernel` and `bias`, or of `gamma`, `beta`, `moving_mean`, `moving_variance`;
            `None` where the checkpoint has none.
    """

    layer: str
    variables: Mapping[str, str | None]


@dataclass(frozen=True)
class Network:
    """What was found.

    Args:
        name: of the model.
        dense: the dense layers, from inputs to outputs.
        norms: the batch normalisations, by the number of the layer that each follows; 0 is the
            inputs.
        left_out: why each other variable is not in the model.
    """

    name: str
    dense: Sequence[Part]
    norms: Mapping[int, Part]
    left_out: Mapping[str, str]

    @property
    def parts(self) -> list[Part]:
        """All layers, from inputs to outputs."""
        numbered = [(number, part) for number, part in enumerate(self.dense, start=1)]
        numbered += self.norms.items()
        return [part for _, part in sorted(numbered, key=lambda pair: pair[0])]


def find_network(
    variables: Variables, scope: str | None = None, layers: Sequence[str] | None = None
) -> Network:
    """The one dense network among the variables.

    Args:
        variables: those of a checkpoint.
        scope: takes only what is in that scope, such as `DNN_A`.
        layers: takes these layers only, in this order; see `told.as_told`.

    Raises:
        InputError: there is no dense network, or more than one, or more than dense layers.
    """
    left_out = {name: why for name in variables if (why := reason(name, variables))}
    weights = {name: value.shape for name, value in variables.items() if name not in left_out}
    if scope is not None:
        inside = _inside(scope, weights)
        left_out |= dict.fromkeys(weights.keys() - inside, f"not in the scope {scope}")
        weights = {name: weights[name] for name in inside}
    pieces = sort_out(weights)
    if not pieces.kernels:
        held = {name: value.shape for name, value in variables.items()}
        raise InputError(
            "the checkpoint holds no dense network: a matrix of weights for each layer was "
            f"expected, and there is {listed(held) or 'nothing'}"
        )
    order, norms = _as_found(pieces) if layers is None else as_told(layers, pieces)
    network = Network(model_name(order), *_parts(order, pieces.biases, norms), left_out)
    taken = {variable for part in network.parts for variable in part.variables.values()}
    left_out |= dict.fromkeys(weights.keys() - taken, "not among the layers asked for")
    return network


def _inside(scope: str, weights: Mapping[str, tuple[int, ...]]) -> set[str]:
    scope = scope.rstrip("/")
    inside = {name for name in weights if name.startswith(f"{scope}/")}
    if not inside:
        there = sorted({name.partition("/")[0] for name in weights if "/" in name})
        raise InputError(
            f"the checkpoint has no weights in a scope {scope!r}: there are "
            f"{', '.join(there) or 'no scopes'}"
        )
    return inside


def _as_found(pieces: Pieces) -> tuple[tuple[str, ...], dict[int, Norm]]:
    """The kernels in order, and the normalisations by the layers they follow."""
    if pieces.strangers:
        raise InputError(
            f"the checkpoint holds more than a dense network ({listed(pieces.strangers)}): to load "
            f"dense layers alone, name them, in order, with layers=[...], of "
            f"{listed(pieces.kernels)}"
        )
    try:
        order = in_order(pieces.kernels)
    except InputError:
        if len(scopes := _scopes_of_networks(pieces)) > 1:
            raise InputError(
                f"the checkpoint holds several networks ({listed(pieces.kernels)}): take one, with "
                f"scope= one of {', '.join(scopes)}"
            ) from None
        raise
    return order, place_norms(pieces.norms, order, pieces.sizes(order))


def _scopes_of_networks(pieces: Pieces) -> list[str]:
    """The widest scopes whose kernels, two or more, follow one another."""
    above = {
        "/".join(parts[:depth])
        for parts in (name.split("/") for name in pieces.kernels)
        for depth in range(1, len(parts))
    }
    found: list[str] = []
    for scope in sorted(above, key=lambda scope: (scope.count("/"), scope)):
        inside = {n: s for n, s in pieces.kernels.items() if n.startswith(f"{scope}/")}
        within_another = any(scope.startswith(f"{wider}/") for wider in found)
        if len(inside) > 1 and not within_another and is_chain(inside):
            found.append(scope)
    return found


def _parts(
    order: Sequence[str], biases: Mapping[str, str], norms: Mapping[int, Norm]
) -> tuple[list[Part], dict[int, Part]]:
    """The dense layers, and the normalisations, named after what they follow."""
    names = layer_names(order)
    dense = [
        Part(name, {"kernel": kernel, "bias": biases.get(kernel)})
        for name, kernel in zip(names, order, strict=True)
    ]
    weights = ("gamma", "beta", "moving_mean", "moving_variance")
    return dense, {
        number: Part(
            f"{['X', *names][number]}_bn", {weight: norm.parts.get(weight) for weight in weights}
        )
        for number, norm in norms.items()
    }
