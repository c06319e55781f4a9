"""Ctrl-C waits for the end of a step."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def postponed_interrupt() -> Iterator[Callable[[], bool]]:
    """Within, Ctrl-C raises nothing: it is asked for, at a moment when all is in order.

    A second Ctrl-C does not wait. Only the main thread hears it at all; elsewhere, and where
    somebody else handles it, nothing is changed.

    Yields:
        Whether Ctrl-C was pressed. If it was and nobody raised it, the block does when it ends.
    """
    handled = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not handled or threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    pressed = False

    def handle(number: int, frame: Any) -> None:
        nonlocal pressed
        if pressed:
            signal.default_int_handler(number, frame)
        pressed = True

    signal.signal(signal.SIGINT, handle)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if pressed:
        raise KeyboardInterrupt
