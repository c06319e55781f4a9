"""The answer of a command, for a program to read."""

import json
from typing import Any


def print_json(value: Any) -> None:
    """One JSON value on one line of stdout."""
    print(json.dumps(value, ensure_ascii=False))
