"""Clipping: by value, by the norm of each gradient, by the norm of all of them."""

from collections.abc import Callable, Sequence
from typing import Any

from keras import ops

from dnn_tf.arguments import check_above_0
from dnn_tf.gradients.norm import norm
from dnn_tf.types import Clip, InputError, Tensor


def clip_by_value(threshold: float) -> Clip:
    """Every entry of every gradient brought into `[-threshold, threshold]`.

    This is the document's code, `tf.clip_by_value(grad, -threshold, threshold)`. It changes the
    direction of the step; the document's text beside it speaks of a limit on the norm, which
    keeps the direction: `clip_by_global_norm`.

    Raises:
        InputError: a threshold that is not above 0.

    >>> clip = clip_by_value(1.0)
    >>> [g.numpy().tolist() for g in clip([ops.convert_to_tensor([-3.0, 0.5, 2.0])])]
    [[-1.0, 0.5, 1.0]]
    """
    check_above_0(threshold=threshold)

    def clip(gradients: Sequence[Tensor]) -> list[Tensor]:
        return [ops.clip(g, -threshold, threshold) for g in gradients]

    return clip


def clip_by_norm(max_norm: float) -> Clip:
    """`g * min(1, max_norm / ||g||)` for each gradient by itself (`tf.clip_by_norm`).

    A gradient keeps its direction; all of them together do not, where one is shortened and another
    is not.

    Raises:
        InputError: a norm that is not above 0.

    >>> clip = clip_by_norm(1.0)
    >>> print(*(g.numpy().round(2) for g in clip([ops.array([3.0, 4.0]), ops.array([0.1])])))
    [0.6 0.8] [0.1]
    """
    check_above_0(max_norm=max_norm)

    def clip(gradients: Sequence[Tensor]) -> list[Tensor]:
        return [_shortened(g, norm([g]), max_norm) for g in gradients]

    return clip


def clip_by_global_norm(max_norm: float) -> Clip:
    """`g * min(1, max_norm / ||all g||)`: one factor for all (Pascanu et al., 2012).

    The step keeps its direction (`tf.clip_by_global_norm`).

    Raises:
        InputError: a norm that is not above 0.

    >>> clip = clip_by_global_norm(1.0)
    >>> print(*(g.numpy().round(2) for g in clip([ops.array([3.0]), ops.array([4.0])])))
    [0.6] [0.8]
    """
    check_above_0(max_norm=max_norm)

    def clip(gradients: Sequence[Tensor]) -> list[Tensor]:
        length = norm(gradients)
        return [_shortened(g, length, max_norm) for g in gradients]

    return clip


def clip_by(
    clip_value: float | None = None,
    clip_norm: float | None = None,
    clip_global_norm: float | None = None,
) -> Clip | None:
    """The clip that is asked for by the name of its limit; `None` if there is none.

    Raises:
        InputError: two of them, or a limit that is not above 0.

    >>> clip_by(clip_norm=1.0, clip_value=2.0)
    Traceback (most recent call last):
    dnn_tf.types.InputError: clip_value and clip_norm are two ways to clip: choose one
    """
    makers: dict[str, tuple[Callable[[float], Clip], Any]] = {
        "clip_value": (clip_by_value, clip_value),
        "clip_norm": (clip_by_norm, clip_norm),
        "clip_global_norm": (clip_by_global_norm, clip_global_norm),
    }
    given = {name: pair for name, pair in makers.items() if pair[1] is not None}
    if len(given) > 1:
        raise InputError(f"{' and '.join(given)} are two ways to clip: choose one")
    for name, (maker, limit) in given.items():
        check_above_0(**{name: limit})
        return maker(float(limit))
    return None


def _shortened(g: Tensor, length: Tensor, max_norm: float) -> Tensor:
    """NaN where the length is: what cannot be measured is not to pass for a short step."""
    wide = ops.cast(g, length.dtype)
    return ops.cast(ops.where(length <= max_norm, wide, wide / length * max_norm), g.dtype)
