"""What goes over the live socket: JSON for what is said, packed float32 for records.

The records of one moment are one binary message: a 4-byte little-endian length, a JSON header of
that length, padded with spaces so that what follows starts at a multiple of 8, and a float32 row
for each epoch. The header's `columns` name the figures of a row, its `stretches`, a list of (run,
first epoch, count), say in order whose rows they are. Epochs count from 1.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.experiment.records import Columns, unpack_rows
from core.service.events import Event

COUNTED = ("epoch", "updates")  # columns that stay here: a stretch says which epochs it has
LENGTH = struct.Struct("<I")
ALIGNMENT = 8  # bytes; lets the browser look at the rows in place


@dataclass
class Stretch:
    """Records of one run whose epochs follow each other without a gap."""

    run: int
    first: int
    columns: Columns
    count: int = 0
    payloads: list[bytes] = field(default_factory=list)


def stretches(events: Iterable[Event]) -> list[Stretch]:
    """The records among the events, with contiguous ones of a run joined."""
    joined: list[Stretch] = []
    latest: dict[int, Stretch] = {}
    for event in events:
        if event.say != "records" or event.run is None:
            continue
        stretch, first = latest.get(event.run), event.header["first"]
        if stretch is None or stretch.first + stretch.count != first:
            stretch = latest[event.run] = Stretch(event.run, first, event.columns)
            joined.append(stretch)
        stretch.count += event.header["count"]
        stretch.payloads.append(event.payload)
    return joined


def records_message(parts: Sequence[Stretch], header: Mapping[str, Any]) -> bytes:
    """All stretches of one moment, which are of one job and so of the same columns."""
    columns = parts[0].columns
    places = [place for place, name in enumerate(columns) if name not in COUNTED]
    named = [columns[place] for place in places]
    whose = [(part.run, part.first, part.count) for part in parts]
    said = {**header, "say": "records", "columns": named, "stretches": whose}
    text = json.dumps(said, separators=(",", ":")).encode()
    text += b" " * (-(len(text) + LENGTH.size) % ALIGNMENT)
    rows = unpack_rows(b"".join(one for part in parts for one in part.payloads), columns)
    with np.errstate(over="ignore"):  # a loss beyond float32 is drawn as the gap that it is
        packed = rows[:, places].astype("<f4")
    return LENGTH.pack(len(text)) + text + packed.tobytes()


def text_message(header: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    return json.dumps({**header, **said}, separators=(",", ":"), ensure_ascii=False)


def messages(job: str, events: Sequence[Event], since: int, sent: float) -> list[str | bytes]:
    """Records and outcomes among the events, as messages whose `seq` is still `since`.

    `seq` is what to ask for next. Only the state that follows these messages carries a later one,
    so a client that is cut off before it asks for all of them again, which is harmless because
    records are written by their epoch.
    """
    header = {"job": job, "seq": since, "sent": sent}
    parts = stretches(events)
    records = [records_message(parts, header)] if parts else []
    outcomes = [
        text_message(header, {"say": "outcome", "run": event.run, "outcome": event.header})
        for event in events
        if event.say == "outcome"
    ]
    return [*records, *outcomes]
