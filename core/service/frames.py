"""Frames between the laboratory and its workers: a JSON header with raw bytes behind it.

On the wire: the header's length and the payload's, four bytes each, little-endian, then both.
"""

from __future__ import annotations

import json
import struct
from typing import IO, Any, NamedTuple

from core.experiment.refusals import one_line

Header = dict[str, Any]

LENGTHS = struct.Struct("<II")
HEADER_BYTES_MAX = 16 * 2**20
PAYLOAD_BYTES_MAX = 256 * 2**20


class Frame(NamedTuple):
    """One message."""

    header: Header
    payload: bytes = b""


class FrameError(ValueError):
    """What was read is no frame: something else writes to this stream."""


def write(stream: IO[bytes], frame: Frame) -> None:
    """Send one frame. Raises `OSError` when the other side has gone."""
    header = json.dumps(frame.header, separators=(",", ":")).encode()
    stream.write(LENGTHS.pack(len(header), len(frame.payload)) + header + frame.payload)
    stream.flush()


def read(stream: IO[bytes]) -> Frame | None:
    """The next frame, or None when the other side has ended, be it in the middle of one.

    Raises `FrameError`.

    >>> import io
    >>> wire = io.BytesIO()
    >>> write(wire, Frame({"kind": "records"}, b"1234"))
    >>> read(io.BytesIO(wire.getvalue()))
    Frame(header={'kind': 'records'}, payload=b'1234')
    """
    lengths = stream.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    header_length, payload_length = LENGTHS.unpack(lengths)
    if header_length > HEADER_BYTES_MAX or payload_length > PAYLOAD_BYTES_MAX:
        raise FrameError(f"Frame: lengths must be in bounds, got {lengths!r}.")
    header, payload = stream.read(header_length), stream.read(payload_length)
    if len(header) < header_length or len(payload) < payload_length:
        return None
    return Frame(parse(header), payload)


def parse(header: bytes) -> Header:
    try:
        fields = json.loads(header)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise FrameError(f"Frame: header must be a JSON object, got {one_line(repr(header))}.")
    return fields
