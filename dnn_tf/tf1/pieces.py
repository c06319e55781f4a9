"""The weights of a checkpoint, sorted by what they can be in a dense network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dnn_tf.tf1.batch_norms import Norm, find_norms, is_part
from dnn_tf.tf1.dense_layers import is_kernel, is_vector, pair_biases


@dataclass(frozen=True)
class Pieces:
    """What there is.

    Args:
        kernels: the matrices of dense layers, with their shapes.
        biases: the bias of each kernel that has one.
        norms: the batch normalisations.
        strangers: all else, with their shapes: filters of a convolution, a recurrent cell ...
    """

    kernels: Mapping[str, tuple[int, int]]
    biases: Mapping[str, str]
    norms: Sequence[Norm]
    strangers: Mapping[str, tuple[int, ...]]

    def sizes(self, order: Sequence[str]) -> list[int]:
        """Of the inputs, and of each layer."""
        return [self.kernels[order[0]][0], *(self.kernels[kernel][1] for kernel in order)]


def sort_out(weights: Mapping[str, tuple[int, ...]]) -> Pieces:
    """Sorts weights by their names and shapes.

    Raises:
        InputError: a batch normalisation is incomplete.

    >>> pieces = sort_out({"fc/kernel": (4, 3), "fc/bias": (3,), "conv/kernel": (5, 5, 1, 8)})
    >>> pieces.biases, pieces.strangers
    ({'fc/kernel': 'fc/bias'}, {'conv/kernel': (5, 5, 1, 8)})
    """
    vectors = {name: shape for name, shape in weights.items() if is_vector(name, shape)}
    kernels = {
        name: (shape[0], shape[1]) for name, shape in weights.items() if is_kernel(name, shape)
    }
    norms = find_norms(vectors)
    biases = pair_biases(
        kernels, {name: shape for name, shape in vectors.items() if not is_part(name)}
    )
    known = {*kernels, *biases.values(), *(name for norm in norms for name in norm.parts.values())}
    strangers = {name: shape for name, shape in weights.items() if name not in known}
    return Pieces(kernels, biases, norms, strangers)
