"""Converters that keep to themselves what they do."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quietly(*loggers: str) -> Iterator[None]:
    """Without the warnings of the block, and what the loggers of those names have to say.

    What fails is told by an exception anyway. It does not reach what C++ prints.

    >>> with quietly("tf2onnx"):
    ...     logging.getLogger("tf2onnx").error("Tensorflow op [Bitcast] is not supported")
    """
    levels = {logger: logger.level for logger in map(logging.getLogger, loggers)}
    try:
        for logger in levels:
            logger.setLevel(logging.CRITICAL + 1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in levels.items():
            logger.setLevel(level)
