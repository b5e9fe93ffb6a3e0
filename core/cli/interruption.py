"""Ctrl-C as a wish to stop, so that what is finished is kept; before that, as the end."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130  # 128 + SIGINT, as a shell reports a program that Ctrl-C ended
UNWRITTEN = "Interrupted before anything could be written."


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


@contextmanager
def ending_at_once() -> Iterator[None]:
    """While it lasts, Ctrl-C ends the program with a sentence.

    For the imports of a program: raised in the middle of one, it would end in a traceback.
    """
    before = signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def end(number: int, frame: FrameType | None) -> None:
    print(UNWRITTEN, file=sys.stderr, flush=True)
    os._exit(INTERRUPTED)
