"""Widths of hidden layers that grow narrower towards the outputs."""

from dnn_tf.arguments import check_positive


def funnel(first: int, last: int, depth: int) -> tuple[int, ...]:
    """`depth` widths from `first` to `last`, each the same part of the one before.

    The walkthrough's rule of thumb for the widths of hidden layers. Layers of one width have one
    number to choose instead.

    Raises:
        InputError: a width or depth below 1.

    >>> funnel(300, 100, depth=3)
    (300, 173, 100)
    """
    check_positive(first=first, last=last, depth=depth)
    if depth == 1:
        return (first,)
    part = (last / first) ** (1 / (depth - 1))
    return tuple(round(first * part**number) for number in range(depth))
