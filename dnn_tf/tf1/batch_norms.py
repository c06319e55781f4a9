"""The batch normalisations of a checkpoint, and the layer that each follows."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dnn_tf.tf1.names import place, split, stem
from dnn_tf.types import InputError

_PART = re.compile(r"(gamma|beta|moving_mean|moving_variance)(_\d+)?")


@dataclass(frozen=True)
class Norm:
    """One batch normalisation, by the names of its variables.

    Args:
        name: its scope.
        features: how many numbers each has.
        parts: the variable of `moving_mean` and `moving_variance`, and of `gamma` and `beta` where
            it has them (TF1's `scale` and `center`).
    """

    name: str
    features: int
    parts: Mapping[str, str]


def is_part(name: str) -> bool:
    """Whether a variable is called like one of a batch normalisation.

    >>> is_part("batch_normalization_1/moving_mean"), is_part("hidden1/bias")
    (True, False)
    """
    return bool(_PART.fullmatch(split(name)[1]))


def find_norms(vectors: Mapping[str, Sequence[int]]) -> list[Norm]:
    """Those that the variables of such names make up.

    Raises:
        InputError: one has no moving averages, or variables of different lengths.
    """
    parts: dict[str, dict[str, str]] = {}
    for variable in sorted(filter(is_part, vectors), key=place):
        scope, word = split(variable)
        match = _PART.fullmatch(word)
        assert match
        parts.setdefault(f"{scope}{match[2] or ''}", {})[match[1]] = variable
    return [_norm(name, group, vectors) for name, group in parts.items()]


def _norm(name: str, parts: dict[str, str], vectors: Mapping[str, Sequence[int]]) -> Norm:
    if missing := {"moving_mean", "moving_variance"} - parts.keys():
        raise InputError(
            f"{', '.join(parts.values())} has no {' and no '.join(sorted(missing))}: a batch "
            "normalisation needs both; save all variables, not the trainable ones alone"
        )
    shapes = {tuple(vectors[variable]) for variable in parts.values()}
    if len(shapes) > 1:
        raise InputError(
            f"the variables of {name} have the shapes {', '.join(map(str, sorted(shapes)))}, and "
            "one shape was expected"
        )
    return Norm(name, shapes.pop()[0], parts)


def place_norms(
    norms: Iterable[Norm], kernels: Sequence[str], sizes: Sequence[int]
) -> dict[int, Norm]:
    """Each by the number of the layer that it follows; 0 is the inputs.

    Those that are named after a layer (`hidden1/BatchNorm`, `hidden1_bn`, `bn_hidden1`) follow it.
    The others follow, in the order of their numbers, all layers, or all hidden ones, or those
    that alone have their sizes.

    Args:
        norms: all of a network.
        kernels: those of its layers, in order.
        sizes: of the inputs, and of each layer.

    Raises:
        InputError: it is not clear where one belongs.
    """
    placed: dict[int, Norm] = {}
    others = []
    for norm in norms:
        number = _named_after(norm, kernels)
        if number == 0 or sizes[number] != norm.features:
            others.append(norm)
        elif number in placed:
            raise _unclear([placed[number], norm], sizes)
        else:
            placed[number] = norm
    free = [number for number in range(len(sizes)) if number not in placed]
    return placed | dict(zip(_numbers(others, free, sizes), others, strict=True))


def _named_after(norm: Norm, kernels: Sequence[str]) -> int:
    """The number of the layer in whose scope or name it is, or 0."""
    scopes = [split(kernel)[0] for kernel in kernels]
    above, _, word = norm.name.rpartition("/")
    numbers = {"": 0}
    for number, scope in enumerate(scopes, start=1):
        beside, _, layer = scope.rpartition("/")
        own = re.escape(layer)
        named = beside == above and re.fullmatch(rf"{own}_\D.*|.*_{own}", word)
        inside = f"{norm.name}/".startswith(f"{scope}/")
        if scope and scopes.count(scope) == 1 and (named or inside):
            numbers[scope] = number
    return numbers[max(numbers, key=len)]


def _numbers(norms: Sequence[Norm], free: Sequence[int], sizes: Sequence[int]) -> Sequence[int]:
    """The layers that these follow, one each, of those that are free."""
    wanted = [norm.features for norm in norms]
    layers = [number for number in free if number > 0]
    hidden = [number for number in layers if number < len(sizes) - 1]
    if len({stem(norm.name) for norm in norms}) <= 1:
        for numbers in (layers, hidden):
            if [sizes[number] for number in numbers] == wanted:
                return numbers
        earliest = _find(wanted, free, sizes)
        latest = _find(wanted[::-1], free[::-1], sizes)[::-1]
        if len(earliest) == len(wanted) and earliest == latest:
            return earliest
    elif len(set(wanted)) == len(wanted):
        places = [[number for number in free if sizes[number] == size] for size in wanted]
        if all(len(numbers) == 1 for numbers in places):
            return [numbers[0] for numbers in places]
    raise _unclear(norms, sizes)


def _unclear(norms: Sequence[Norm], sizes: Sequence[int]) -> InputError:
    named = ", ".join(f"{norm.name} ({norm.features},)" for norm in norms)
    return InputError(
        f"it is not clear which layers the batch normalisations follow ({named}; the layers have "
        f"{', '.join(str(size) for size in sizes[1:])} units): name all in order, layers and "
        "normalisations, with layers=[...]"
    )


def _find(wanted: Sequence[int], numbers: Sequence[int], sizes: Sequence[int]) -> list[int]:
    """The first numbers that have these sizes, one after the other."""
    left = iter(numbers)
    firsts = (next((n for n in left if sizes[n] == size), None) for size in wanted)
    return [number for number in firsts if number is not None]
