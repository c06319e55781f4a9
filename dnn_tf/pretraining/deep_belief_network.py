"""RBMs, one on the other."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from dnn_tf.arguments import as_sizes
from dnn_tf.initializers import PlainNormal
from dnn_tf.layers import RBM
from dnn_tf.pretraining.fit_rbm import fit_rbm
from dnn_tf.pretraining.hidden_network import hidden_network
from dnn_tf.pretraining.pretrained import Pretrained
from dnn_tf.pretraining.rbm_data import as_visible
from dnn_tf.pretraining.rows import in_parts
from dnn_tf.pretraining.seeds import as_seed, layer_seeds
from dnn_tf.types import InputError


def deep_belief_network(
    x: np.ndarray,
    hidden: Sequence[int] = (300, 100),
    *,
    visible: str = "binary",
    validation: np.ndarray | None = None,
    seed: int | None = None,
    name: str = "deep_belief_network",
    **kwargs: Any,
) -> Pretrained:
    """Learns hidden layers without labels, one after the other (Hinton, Osindero & Teh, 2006).

    The lowest RBM learns the data. The next one learns what the hidden units of the first make of
    it, as probabilities, and so on: the documents' "layer by layer". The kernels and hidden biases
    then become those of an ordinary network with sigmoids, which training with labels can refine.

    Args:
        x: rows of numbers, `(n, features)`; see `fit_rbm`.
        hidden: units of each layer, from the input on.
        visible: of the lowest RBM, `"binary"` or `"gaussian"`; those above are binary.
        validation: rows held out, for the histories alone.
        seed: of everything that is drawn, the start of the weights too; each layer's own seeds
            follow from it. `None` draws one from NumPy's global generator.
        name: of the network.
        **kwargs: of `fit_rbm`, for every layer: `epochs`, `batch_size`, `cd_steps` and others. A
            `learning_rate` is that of the lowest RBM too, which a Gaussian one wants smaller.

    Raises:
        InputError: see `fit_rbm`; no layer.
        DivergenceError: see `fit_rbm`.

    >>> x = np.tile([[1, 1, 0, 0], [0, 0, 1, 1]], (50, 1))
    >>> learnt = deep_belief_network(x, (3, 2), epochs=2, seed=1)
    >>> [layer.name for layer in learnt.network.layers], len(learnt.histories)
    (['X', 'hidden1', 'hidden2'], 2)
    """
    hidden = as_sizes("hidden", hidden)
    if not hidden:
        raise InputError("hidden is empty, and one layer or more was expected: name its units")
    seeds = layer_seeds(as_seed(seed), len(hidden), uses=2)
    rbms = [
        RBM(units, visible if below == 0 else "binary", PlainNormal(0.01, seed=seeds[below][0]))
        for below, units in enumerate(hidden)
    ]
    v = as_visible(rbms[0], x, "x")
    held_out = None if validation is None else as_visible(rbms[0], validation, "validation")
    network = hidden_network(v.shape[1], hidden, activation="sigmoid", name=name)
    histories = []
    for number, (rbm, (_, seed_of_draws)) in enumerate(zip(rbms, seeds, strict=True), start=1):
        histories.append(fit_rbm(rbm, v, validation=held_out, seed=seed_of_draws, **kwargs))
        network.get_layer(f"hidden{number}").set_weights([rbm.kernel, rbm.bias])
        v = in_parts(rbm.hidden_given, v)  # p(h = 1 | v), what the next one sees
        held_out = None if held_out is None else in_parts(rbm.hidden_given, held_out)
    return Pretrained(network, tuple(histories))
