"""From gradients to gradients: what stands between the tape and the optimiser."""

from collections.abc import Sequence

from keras import ops

from dnn_tf.types import Clip, InputError, Tensor


def clip_by_value(threshold: float) -> Clip:
    """Every entry of every gradient brought into `[-threshold, threshold]`.

    This is the document's code, `tf.clip_by_value(grad, -threshold, threshold)`. It changes the
    direction of the step; the document's text beside it speaks of a limit on the norm, which
    would keep the direction.

    >>> clip = clip_by_value(1.0)
    >>> [g.numpy().tolist() for g in clip([ops.convert_to_tensor([-3.0, 0.5, 2.0])])]
    [[-1.0, 0.5, 1.0]]
    """
    if not threshold > 0:
        raise InputError(f"a clipping threshold is a number above 0, and got {threshold!r}")

    def clip(gradients: Sequence[Tensor]) -> list[Tensor]:
        return [ops.clip(g, -threshold, threshold) for g in gradients]

    return clip
