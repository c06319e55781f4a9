"""The door of the package."""

import subprocess
import sys

import pytest

import dnn_tf


def test_importing_brings_nothing_heavy():
    code = (
        "import sys, dnn_tf, dnn_tf.cli.parser; dnn_tf.cli.parser.make_parser();"
        "print({'tensorflow', 'keras', 'numpy'} & set(sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "set()"


def test_every_public_name_is_there():
    for name in dnn_tf.__all__:
        assert getattr(dnn_tf, name) is not None
        assert name in dir(dnn_tf)


def test_version():
    assert dnn_tf.__version__.count(".") == 2


def test_unknown_name():
    with pytest.raises(AttributeError, match="has no attribute 'tensor'"):
        _ = dnn_tf.tensor
