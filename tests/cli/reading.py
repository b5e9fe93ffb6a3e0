"""Reading what a process says, as far as a test needs it."""

from __future__ import annotations

from typing import TextIO


def heard(stream: TextIO, word: str) -> str:
    """All that is read from a stream until a word comes; it fails where the stream ends before."""
    told = ""
    while word not in told:
        more = stream.read(1)
        assert more, told
        told += more
    return told
