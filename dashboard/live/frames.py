"""What goes over the live socket: JSON for what is said, packed float32 for records.

A frame of records is a 4-byte little-endian length, a JSON header of that length padded with
spaces so that what follows starts at a multiple of 8, and float32 rows of `FIELDS`.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.jobs.events import Event
from core.records import COLUMNS

FIELDS = COLUMNS[2:]  # of a record, in the order of a frame's row; the epoch is in the header
ALIGNMENT = 8  # bytes; lets the browser look at the payload in place


@dataclass
class Stretch:
    """Records of one run whose epochs follow each other without a gap."""

    run: int
    first: int
    rows: list[npt.NDArray[np.float32]]

    @property
    def count(self) -> int:
        return sum(len(rows) for rows in self.rows)


def stretches(events: Iterable[Event]) -> list[Stretch]:
    """The records among the events, with contiguous ones of a run joined."""
    joined: list[Stretch] = []
    latest: dict[int, Stretch] = {}
    for event in events:
        if event.say != "records" or event.run is None:
            continue
        run, first, rows = event.run, event.header["first"], packed(event)
        before = latest.get(run)
        if before is not None and before.first + before.count == first:
            before.rows.append(rows)
        else:
            latest[run] = Stretch(run, first, [rows])
            joined.append(latest[run])
    return joined


def packed(event: Event) -> npt.NDArray[np.float32]:
    """The records of an event as float32, (count, FIELDS)."""
    with np.errstate(over="ignore"):  # a loss beyond float32 is drawn as the gap that it is
        return event.records[:, -len(FIELDS) :].astype("<f4")


def records_frame(stretch: Stretch, header: Mapping[str, Any]) -> bytes:
    """One stretch as a binary frame."""
    said = {
        **header,
        "say": "records",
        "run": stretch.run,
        "first": stretch.first,
        "count": stretch.count,
    }
    text = json.dumps(said, separators=(",", ":")).encode()
    text += b" " * (-(len(text) + 4) % ALIGNMENT)
    return struct.pack("<I", len(text)) + text + b"".join(rows.tobytes() for rows in stretch.rows)


def text_frame(header: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    return json.dumps({**header, **said}, separators=(",", ":"), ensure_ascii=False)


def frames(job: str, events: Sequence[Event], since: int, sent: float) -> list[str | bytes]:
    """Records and outcomes among the events, as frames whose `seq` is still `since`.

    `seq` is what to ask for next. Joining reorders the records of several runs, so only the state
    that follows these frames may carry a later one: a client that is cut off in the middle asks
    for all of them again, which is harmless because records are written by their epoch.
    """
    header = {"job": job, "seq": since, "sent": sent}
    said: list[str | bytes] = [records_frame(one, header) for one in stretches(events)]
    said += [
        text_frame(header, {"say": "outcome", "run": event.run, "outcome": event.header})
        for event in events
        if event.say == "outcome"
    ]
    return said
