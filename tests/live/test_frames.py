"""What goes over the live socket."""

from __future__ import annotations

import json
import struct

import numpy as np

from core.jobs.events import Event
from core.records import COLUMNS
from dashboard.live.frames import FIELDS, frames, stretches
from tests.live.fake import made_up


def records(seq, run, first, count):
    payload = made_up(run, first, count).tobytes()
    return Event(seq, "records", run, {"first": first, "count": count}, payload)


def unpacked(frame):
    (length,) = struct.unpack_from("<I", frame)
    header = json.loads(frame[4 : 4 + length])
    rows = np.frombuffer(frame, "<f4", offset=4 + length).reshape(-1, len(FIELDS))
    return header, rows, 4 + length


def test_contiguous_records_of_a_run_become_one_frame():
    events = [records(0, 0, 1, 5), records(1, 1, 1, 3), records(2, 0, 6, 5), records(3, 1, 4, 3)]
    headers = [unpacked(frame)[0] for frame in frames("job", events, 0, 1.0)]
    assert [(h["run"], h["first"], h["count"]) for h in headers] == [(0, 1, 10), (1, 1, 6)]


def test_a_gap_between_records_stays_a_gap():
    joined = stretches([records(0, 0, 1, 5), records(1, 0, 8, 2)])
    assert [(one.first, one.count) for one in joined] == [(1, 5), (8, 2)]


def test_rows_hold_the_five_figures_in_order():
    (frame,) = frames("job", [records(0, 2, 3, 4)], 0, 1.0)
    rows = unpacked(frame)[1]
    assert FIELDS == ("learning_rate", "loss", "accuracy", "val_loss", "val_accuracy")
    np.testing.assert_array_equal(rows, made_up(2, 3, 4)[:, 2:].astype("f4"))


def test_the_payload_starts_at_a_multiple_of_eight():
    for digits in range(12):
        (frame,) = frames("j" * digits, [records(0, 0, 1, 1)], 0, 1.0)
        assert unpacked(frame)[2] % 8 == 0


def test_no_frame_claims_a_number_before_all_of_them_are_sent():
    events = [records(4, 0, 1, 5), records(5, 1, 1, 5), records(6, 0, 6, 5)]
    events.append(Event(7, "outcome", 1, {"kind": "finished", "epoch": 5, "why": ""}))
    *binary, text = frames("job", events, 4, 1.0)
    assert {unpacked(frame)[0]["seq"] for frame in binary} == {4}
    assert json.loads(text)["seq"] == 4


def test_an_outcome_keeps_its_run_and_why():
    ended = Event(0, "outcome", 3, {"kind": "failed", "epoch": 7, "why": "out of memory"})
    said = json.loads(frames("job", [ended], 0, 1.0)[0])
    assert said["run"] == 3
    assert said["outcome"] == {"kind": "failed", "epoch": 7, "why": "out of memory"}


def test_a_loss_beyond_float32_becomes_infinite_without_a_warning():
    table = np.full((1, len(COLUMNS)), 1e300)
    event = Event(0, "records", 0, {"first": 1, "count": 1}, table.tobytes())
    (stretch,) = stretches([event])
    assert np.isinf(stretch.rows[0]).all()
