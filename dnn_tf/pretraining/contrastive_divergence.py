"""How an RBM learns: less of what it dreams, more of what it sees."""

from collections.abc import Callable
from typing import NamedTuple

import keras
from keras import ops
from keras.random import SeedGenerator

from dnn_tf.arguments import check_positive
from dnn_tf.layers import RBM
from dnn_tf.pretraining.seeds import as_seed
from dnn_tf.types import Tensor

LONGEST_UNROLLED = 10
"""Steps of a chain that stand one after the other in the graph, where XLA draws fastest. A longer
chain is a loop in the graph, or it would take minutes to compile."""

Chain = tuple[Tensor, Tensor]
"""The visible units, and the probabilities of the hidden ones."""


class Gradient(NamedTuple):
    """Of the mean of `ln p(v)` over the data: where the weights of an RBM are to go.

    Args:
        W: of the kernel, `(visible, hidden)`.
        b: of the bias of the hidden units, `(hidden,)`.
        a: of the bias of the visible units, `(visible,)`.
    """

    W: Tensor
    b: Tensor
    a: Tensor


def cd_gradient(v_0: Tensor, p_0: Tensor, v_k: Tensor, p_k: Tensor) -> Gradient:
    """`<v h>_data - <v h>_model`, and the same of the biases (Hinton, 2002).

    The first term is the positive phase, the second the negative phase. With `v_k` from the model
    itself this is the gradient of the mean of `ln p(v_0)`. It is the same for binary and for
    Gaussian visible units.

    Args:
        v_0: a batch of data.
        p_0: `p(h = 1 | v_0)`.
        v_k: as many rows as the model imagines.
        p_k: `p(h = 1 | v_k)`.

    Shapes:
        `(batch, visible)` and `(batch, hidden)`, twice -> see `Gradient`.

    >>> one = cd_gradient(*(ops.array(x) for x in ([[1.0, 0]], [[0.75]], [[1.0, 1]], [[0.5]])))
    >>> one.W.numpy().tolist(), one.b.numpy().tolist(), one.a.numpy().tolist()
    ([[0.25], [-0.5]], [0.25], [0.0, -1.0])
    """
    rows = ops.cast(ops.shape(v_0)[0], v_0.dtype)
    positive_phase = ops.matmul(ops.transpose(v_0), p_0)  # (visible, hidden)
    negative_phase = ops.matmul(ops.transpose(v_k), p_k)
    return Gradient(
        W=(positive_phase - negative_phase) / rows,
        b=ops.mean(p_0 - p_k, axis=0),
        a=ops.mean(v_0 - v_k, axis=0),
    )


def contrastive_divergence(
    rbm: RBM,
    v: Tensor,
    *,
    cd_steps: int = 1,
    sample_visible: bool = False,
    seed: int | SeedGenerator | None = None,
) -> tuple[Gradient, Tensor]:
    """CD-k: the negative phase is taken after `k` steps of Gibbs sampling that start at the data.

    A step draws `h` given `v`, and then `v` given `h`. The further the chain goes, the less it
    knows of its start, and the nearer this is to the gradient of the log likelihood; a single step
    is rough, and teaches features well.

    Args:
        rbm: built.
        v: a batch of data.
        cd_steps: the steps, `k`. Default 1.
        sample_visible: whether `v` is drawn too. `False`: `v` is the mean of what would be drawn,
            which is less noisy; Hinton's guide (2010) takes it for features, and drawn states for
            an exact model of the probabilities. Hidden units are always drawn, so that each tells
            no more than one bit.
        seed: of the draws: a number, or a generator that goes on from call to call.

    Returns:
        The gradient, and the last visible units of the chain.

    Raises:
        InputError: `cd_steps` is no whole number above 0; the RBM is not built; rows that are no
            numbers, or of another length.

    Shapes:
        `(batch, visible)` -> see `Gradient`; `(batch, visible)`.

    >>> rbm = RBM(3)
    >>> rbm.build((None, 2))
    >>> gradient, v_k = contrastive_divergence(rbm, ops.ones((5, 2)), seed=1)
    >>> tuple(gradient.W.shape), tuple(v_k.shape)
    ((2, 3), (5, 2))
    """
    check_positive(cd_steps=cd_steps)
    v_0 = rbm.as_visible(v)
    draws = seed if isinstance(seed, SeedGenerator) else SeedGenerator(as_seed(seed))

    def gibbs_step(_: Tensor, state: Chain) -> Chain:
        h = drawn_binary(state[1], draws)
        v = rbm.visible_given(h)
        if sample_visible:
            v = drawn_visible(rbm, v, draws)
        return v, rbm.hidden_given(v)

    p_0 = rbm.hidden_given(v_0)
    v_k, p_k = _repeated(gibbs_step, cd_steps, (v_0, p_0))
    return cd_gradient(v_0, p_0, v_k, p_k), v_k


def _repeated(step: Callable[[Tensor, Chain], Chain], n: int, state: Chain) -> Chain:
    """`n` steps of a chain, with the same draws either way."""
    if n > LONGEST_UNROLLED:
        return ops.fori_loop(0, n, step, state)
    for i in range(n):
        state = step(i, state)
    return state


def drawn_binary(p: Tensor, seed: SeedGenerator) -> Tensor:
    """1 with the probability `p`, else 0."""
    draw = keras.random.uniform(ops.shape(p), dtype=p.dtype, seed=seed)
    return ops.cast(draw < p, p.dtype)


def drawn_visible(rbm: RBM, mean: Tensor, seed: SeedGenerator) -> Tensor:
    """States of the visible units that have this mean."""
    if rbm.visible == "binary":
        return drawn_binary(mean, seed)
    return mean + keras.random.normal(ops.shape(mean), dtype=mean.dtype, seed=seed)
