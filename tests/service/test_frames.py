"""Frames on the wire."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.service.frames import LENGTHS, PAYLOAD_BYTES_MAX, Frame, FrameError, read, write

headers = st.dictionaries(st.text(), st.integers() | st.text() | st.lists(st.booleans()))


@settings(max_examples=30)
@given(st.lists(st.builds(Frame, headers, st.binary())))
def test_frames_come_out_as_they_went_in(frames: list[Frame]) -> None:
    wire = io.BytesIO()
    for frame in frames:
        write(wire, frame)
    wire.seek(0)
    assert [read(wire) for _ in frames] == frames
    assert read(wire) is None


def test_a_frame_that_was_cut_short_is_the_end() -> None:
    wire = io.BytesIO()
    write(wire, Frame({"kind": "records"}, b"12345678"))
    for length in range(len(wire.getvalue())):
        assert read(io.BytesIO(wire.getvalue()[:length])) is None


@pytest.mark.parametrize(
    "bytes_read",
    [
        b"Traceback (most recent call last)",
        LENGTHS.pack(2, PAYLOAD_BYTES_MAX + 1) + b"{}",
        LENGTHS.pack(2, 0) + b"[]",
        LENGTHS.pack(3, 0) + b"\xff\xfe{",
        LENGTHS.pack(90_000, 0) + b"[" * 90_000,
    ],
)
def test_what_is_no_frame_is_refused(bytes_read: bytes) -> None:
    with pytest.raises(FrameError, match=r"^Frame: "):
        read(io.BytesIO(bytes_read))
