"""Widths of hidden layers that grow narrower towards the outputs."""

from dnn_tf.arguments import check_positive


def funnel(first: int, last: int, depth: int) -> tuple[int, ...]:
    """`depth` widths from `first` to `last`, each the same part of the one before.

    Once the usual shape, says the walkthrough: the deeper a layer, the fewer the features that are
    left. Layers of one width do as well, with one number to choose.

    Raises:
        InputError: a width or depth below 1.

    >>> funnel(300, 100, depth=3)
    (300, 173, 100)
    >>> dnn_widths = funnel(100, 100, depth=5)  # all alike
    """
    check_positive(first=first, last=last, depth=depth)
    if depth == 1:
        return (first,)
    part = (last / first) ** (1 / (depth - 1))
    return tuple(round(first * part**number) for number in range(depth))
