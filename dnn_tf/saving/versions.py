"""What computed."""

import platform
from importlib.metadata import version


def versions() -> dict[str, str]:
    """Of Python, of this package, and of those that do its arithmetic.

    >>> list(versions())
    ['python', 'dnn-tf', 'tensorflow', 'keras', 'numpy']
    """
    packages = ("dnn-tf", "tensorflow", "keras", "numpy")
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}
