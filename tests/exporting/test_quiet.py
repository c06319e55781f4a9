"""Silence, and that it ends."""

import logging
import warnings

import pytest

from dnn_tf.exporting.quiet import quietly


def test_it_ends(caplog):
    logger = logging.getLogger("a converter")
    level = logger.level
    with pytest.raises(OSError), quietly(logger.name):  # noqa: PT011
        logger.error("unheard")
        warnings.warn("unheard", stacklevel=1)
        raise OSError
    assert logger.level == level
    logger.error("heard")
    assert [record.message for record in caplog.records] == ["heard"]
    with pytest.warns(UserWarning, match="heard"):
        warnings.warn("heard", stacklevel=1)
