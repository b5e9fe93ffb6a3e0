"""Ctrl-C as a wish to stop, so that what is finished is kept."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interruption:
    """Whether somebody pressed Ctrl-C."""

    def __init__(self) -> None:
        self.came = False

    def note(self, number: int, frame: FrameType | None) -> None:
        """The first one asks to stop; the second one ends the program."""
        if self.came:
            raise KeyboardInterrupt
        self.came = True


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """While it lasts, Ctrl-C is noted instead of raised."""
    interruption = Interruption()
    before = signal.signal(signal.SIGINT, interruption.note)
    try:
        yield interruption
    finally:
        signal.signal(signal.SIGINT, before)
