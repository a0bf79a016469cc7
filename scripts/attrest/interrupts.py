"""Keeping an interrupt waiting while something is done that must not be left half done."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Generator


@contextlib.contextmanager
def held_back() -> Generator[None]:
    """Let an interrupt wait: what is done meanwhile takes but a moment. Only the main thread gets any."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        for number, handler in handlers.items():
            if handler is not None:  # None was set by something that is not Python, and could not be set again
                signal.signal(number, lambda number, _frame: waiting.append(number))
        yield
    finally:
        for number, handler in handlers.items():
            if handler is not None:
                signal.signal(number, handler)
        for waited in dict.fromkeys(waiting):
            signal.raise_signal(waited)
