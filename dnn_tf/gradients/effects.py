"""What clipping did: `(gradients, clipped) -> number`, for `fit(..., clip_effects=...)`.

Where a gradient is NaN or infinite nothing was clipped, and an effect is 0: under a loss scale such
a step is left out, and training goes on.
"""

from collections.abc import Sequence

import numpy as np
from keras import ops

from dnn_tf.gradients.norm import norm, total
from dnn_tf.types import Tensor


def clipped_share(gradients: Sequence[Tensor], clipped: Sequence[Tensor]) -> Tensor:
    """The share of entries that clipping changed, from 0 to 1.

    >>> float(clipped_share([ops.array([3.0, 0.5])], [ops.array([1.0, 0.5])]))
    0.5
    """
    changed = [total(ops.cast(g != c, "float32")) for g, c in _pairs(gradients, clipped)]
    share = sum(changed[1:], changed[0]) / sum(int(np.prod(g.shape)) for g in gradients)
    return _where_finite(gradients, share)


def turned_angle(gradients: Sequence[Tensor], clipped: Sequence[Tensor]) -> Tensor:
    """The angle between the step before and after clipping, in degrees, over all weights.

    `2 atan2(||u - v||, ||u + v||)` for the unit vectors `u, v` (Kahan, 2006), which sees small
    angles too; the arc cosine of single precision takes anything below .02 degrees for 0 or for
    .03. Clipping by the global norm turns nothing.

    >>> float(turned_angle([ops.array([3.0, 1.0])], [ops.array([1.0, 1.0])]))  # doctest: +ELLIPSIS
    26.56...
    """
    u, v = _unit(gradients), _unit(clipped)
    apart = norm([a - b for a, b in _pairs(u, v)])
    along = norm([a + b for a, b in _pairs(u, v)])
    return _where_finite(gradients, 2 * ops.arctan2(apart, along) * (180 / np.pi))


def _where_finite(gradients: Sequence[Tensor], effect: Tensor) -> Tensor:
    finite = ops.all(ops.stack([ops.all(ops.isfinite(g)) for g in gradients]))
    return ops.where(finite, effect, 0)


def _unit(tensors: Sequence[Tensor]) -> list[Tensor]:
    length = norm(tensors)
    divisor = ops.where(length > 0, length, 1)
    return [ops.cast(x / ops.cast(divisor, x.dtype), "float32") for x in tensors]


def _pairs(one: Sequence[Tensor], other: Sequence[Tensor]) -> list[tuple[Tensor, Tensor]]:
    return list(zip(one, other, strict=True))
