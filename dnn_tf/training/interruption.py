"""Ctrl-C, and a cluster's wish to end, wait for the end of a step."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def termination_as_interrupt() -> Iterator[None]:
    """Within, SIGTERM is an interrupt as Ctrl-C is: clusters and containers send it first."""
    if threading.current_thread() is not threading.main_thread():  # signals are the main thread's
        yield
        return
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_number: int, _frame: Any) -> None:
    raise KeyboardInterrupt


@contextmanager
def postponed_interrupt() -> Iterator[Callable[[], bool]]:
    """Within, an interrupt raises nothing: it is asked for, at a moment when all is in order.

    A second one does not wait. Only the main thread hears any; where somebody else handles a
    signal, or it is ignored, nothing is changed.

    Yields:
        Whether there was one. If so and nobody raised it, the block does when it ends.
    """
    usual = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: _interrupt}
    ours = {number: handler for number, handler in usual.items() if _handles(number, handler)}
    if not ours or threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    heard = False

    def hear(number: int, frame: Any) -> None:
        nonlocal heard
        if heard:
            _interrupt(number, frame)
        heard = True

    for number in ours:
        signal.signal(number, hear)
    try:
        yield lambda: heard
    finally:
        for number, handler in ours.items():
            signal.signal(number, handler)
    if heard:
        raise KeyboardInterrupt


def _handles(number: signal.Signals, handler: Any) -> bool:
    return signal.getsignal(number) is handler
