"""TensorFlow without its greetings and its advice."""

import logging
import os

import pytest

from dnn_tf.cli.quiet import quiet_start


def test_greetings_are_kept_back(capfd):
    with quiet_start():
        os.write(2, b"hello from C++\n")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_a_failure_shows_them(capfd):
    with pytest.raises(RuntimeError), quiet_start():
        os.write(2, b"the reason\n")
        raise RuntimeError
    assert capfd.readouterr().err == "the reason\n"


def test_tensorflow_tells_errors_only():
    logger = logging.getLogger("tensorflow")
    before = logger.level
    try:
        with quiet_start():
            logger.setLevel(logging.INFO)  # as TensorFlow does when it is imported
        assert not logger.isEnabledFor(logging.WARNING)  # such as about retracing
        assert logger.isEnabledFor(logging.ERROR)
    finally:
        logger.setLevel(before)
