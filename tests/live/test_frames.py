"""What goes over the live socket."""

from __future__ import annotations

import json

import numpy as np

from core.experiment.records import COLUMNS
from core.service.events import Event
from dashboard.components.live.frames import messages, stretches
from tests.live.fake import made_up
from tests.live.reading import unpacked


def records(seq, run, first, count):
    payload = made_up(run, first, count).tobytes()
    return Event(seq, "records", run, {"first": first, "count": count}, payload)


def test_contiguous_records_of_a_run_travel_as_one():
    events = [records(0, 0, 1, 5), records(1, 1, 1, 3), records(2, 0, 6, 5), records(3, 1, 4, 3)]
    (message,) = messages("job", events, 0, 1.0)
    header, _, _ = unpacked(message)
    assert header["stretches"] == [[0, 1, 10], [1, 1, 6]]


def test_a_gap_between_records_stays_a_gap():
    joined = stretches([records(0, 0, 1, 5), records(1, 0, 8, 2)])
    assert [(one.first, one.count) for one in joined] == [(1, 5), (8, 2)]


def test_rows_hold_the_figures_of_their_run_in_the_order_that_the_header_names():
    events = [records(0, 2, 3, 4), records(1, 0, 1, 2), records(2, 2, 7, 1)]
    (message,) = messages("job", events, 0, 1.0)
    named = ["learning_rate", "loss", "accuracy", "val_loss", "val_accuracy"]
    assert unpacked(message)[0]["columns"] == named
    for run, first, rows in unpacked(message)[1]:
        expected = made_up(run, first, len(rows))[:, 2:].astype("f4")
        np.testing.assert_array_equal(rows, expected)


def test_rows_start_at_a_multiple_of_eight():
    for digits in range(12):
        (message,) = messages("j" * digits, [records(0, 0, 1, 1)], 0, 1.0)
        assert unpacked(message)[2] % 8 == 0


def test_no_message_claims_a_number_before_all_of_them_are_sent():
    events = [records(4, 0, 1, 5), records(5, 1, 1, 5), records(6, 0, 6, 5)]
    events.append(Event(7, "outcome", 1, {"kind": "finished", "epoch": 5, "why": ""}))
    binary, text = messages("job", events, 4, 1.0)
    assert unpacked(binary)[0]["seq"] == json.loads(text)["seq"] == 4


def test_an_outcome_keeps_its_run_and_why():
    ended = Event(0, "outcome", 3, {"kind": "failed", "epoch": 7, "why": "out of memory"})
    said = json.loads(messages("job", [ended], 0, 1.0)[0])
    assert said["run"] == 3
    assert said["outcome"] == {"kind": "failed", "epoch": 7, "why": "out of memory"}


def test_a_loss_beyond_float32_becomes_infinite_without_a_warning():
    payload = np.full((1, len(COLUMNS)), 1e300).tobytes()
    event = Event(0, "records", 0, {"first": 1, "count": 1}, payload)
    (message,) = messages("job", [event], 0, 1.0)
    ((_, _, rows),) = unpacked(message)[1]
    assert np.isinf(rows).all()


def test_further_columns_travel_with_their_names():
    columns = (*COLUMNS, "gradient_norm")
    payload = np.arange(1.0, 17.0).tobytes()
    event = Event(0, "records", 0, {"first": 1, "count": 2}, payload, columns)
    (message,) = messages("job", [event], 0, 1.0)
    header, ((_, _, rows),), _ = unpacked(message)
    assert header["columns"] == list(columns[2:])
    assert rows.tolist() == [[3, 4, 5, 6, 7, 8], [11, 12, 13, 14, 15, 16]]


def test_the_row_of_epoch_0_stays_here():
    start = Event(0, "start", 0, {}, made_up(0, 1, 1).tobytes())
    assert messages("job", [start], 0, 1.0) == []
