"""The dense layers of a checkpoint: which bias belongs to which kernel, and their names."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from dnn_tf.tf1.names import may_be_bias, partner, place, split

_RECURRENT = re.compile(r"(^|/)(rnn|lstm|gru|\w+_cell|embeddings?)(_\d+)?(/|$)", re.IGNORECASE)
_VALID = re.compile(r"[A-Za-z][\w-]*")


def is_vector(name: str, shape: Sequence[int]) -> bool:
    """One number a unit; a bias may be a matrix of one row."""
    return len(shape) == 1 or (len(shape) == 2 and shape[0] == 1 and may_be_bias(name))


def is_kernel(name: str, shape: Sequence[int]) -> bool:
    """A matrix of a dense layer, and of no recurrent cell or embedding.

    >>> is_kernel("fc/kernel", (784, 300)), is_kernel("rnn/basic_rnn_cell/kernel", (178, 150))
    (True, False)
    """
    return len(shape) == 2 and not is_vector(name, shape) and not _RECURRENT.search(name)


def pair_biases(
    kernels: Mapping[str, Sequence[int]], vectors: Mapping[str, Sequence[int]]
) -> dict[str, str]:
    """The bias of each kernel that has one.

    The two share a scope, and what their names have beside `kernel` and `bias`; without that, as in
    `Variable`, `Variable_1`, ..., the first kernel of the scope has its first bias, and so on.

    >>> pair_biases({"kernel": (4, 3), "kernel_1": (3, 2)}, {"bias": (3,), "bias_1": (2,)})
    {'kernel': 'bias', 'kernel_1': 'bias_1'}
    """
    pairs: dict[str, str] = {}
    biases = {name: shape for name, shape in vectors.items() if may_be_bias(name)}
    for scope, names in _by_scope(kernels).items():
        own = _by_scope(biases)[scope]
        named = {partner(name): name for name in own if partner(name) is not None}
        for kernel in names:
            bias = named.get(partner(kernel))
            if bias and biases[bias][-1] == kernels[kernel][1]:
                pairs[kernel] = bias
        kernels_left = [name for name in names if name not in pairs]
        biases_left = [name for name in own if name not in pairs.values()]
        units = [kernels[name][1] for name in kernels_left]
        if units == [biases[name][-1] for name in biases_left]:
            pairs |= zip(kernels_left, biases_left, strict=True)
    return pairs


def layer_names(kernels: Sequence[str]) -> list[str]:
    """Those of the checkpoint, without the scope that all share; else the document's.

    >>> layer_names(["dnn/fc1/kernel", "dnn/fc2/kernel", "dnn/outputs/kernel"])
    ['fc1', 'fc2', 'outputs']
    >>> layer_names(["kernel", "kernel_1", "kernel_2"])
    ['hidden1', 'hidden2', 'outputs']
    """
    common = network_scope(kernels)
    alone = {scope for scope, names in _by_scope(kernels).items() if scope and len(names) == 1}
    names = []
    for kernel in kernels:
        scope, _ = split(kernel)
        own = scope.removeprefix(f"{common}/").replace("/", "_")
        names.append(own if scope in alone else partner(kernel) or "")
    taken = {"X", *names, *(f"{name}_{part}" for name in names for part in ("bn", "activation"))}
    if all(map(_VALID.fullmatch, names)) and len(taken) == 1 + 3 * len(names):
        return names
    return [*(f"hidden{number}" for number in range(1, len(kernels))), "outputs"]


def network_scope(kernels: Iterable[str]) -> str:
    """The scope that all layers are in, above their own.

    >>> network_scope(["DNN_A/hidden1/kernel", "DNN_A/hidden2/kernel"])
    'DNN_A'
    """
    above = [split(kernel)[0].split("/")[:-1] for kernel in kernels]
    common = []
    for parts in zip(*above, strict=False):
        if len(set(parts)) > 1:
            break
        common.append(parts[0])
    return "/".join(common)


def model_name(kernels: Iterable[str]) -> str:
    """The last word of that scope, or `dnn`."""
    name = network_scope(kernels).rpartition("/")[2]
    return name if _VALID.fullmatch(name) else "dnn"


def _by_scope(names: Iterable[str]) -> defaultdict[str, list[str]]:
    scopes = defaultdict(list)
    for name in sorted(names, key=place):
        scopes[split(name)[0]].append(name)
    return scopes
