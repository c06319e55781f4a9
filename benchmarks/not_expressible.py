"""A peer's way to say that a work is not for it."""


class NotExpressible(Exception):  # noqa: N818
    """The peer has no words for this network, or for how it is trained."""
