"""What goes over the pipe between a laboratory and its workers, by the examples beside it."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import MISSING, fields, replace
from pathlib import Path
from threading import Lock
from typing import get_args

import numpy as np
import pytest

from core.engine.looking import Sight
from core.service.backend import Here
from core.service.dispatcher import Dispatcher
from core.service.encoding import Longest, MessageError, decode, encode
from core.service.fit_pool import FitPool
from core.service.frames import Frame
from core.service.messages import FROM_WORKER, TO_WORKER, Quit, SightTaken, Train, from_worker
from core.service.registry import Bounds, JobRegistry
from core.service.worker_pool import WorkerPool
from tests.experiment.mutilation import STRANGE
from tests.service.waiting import FAKE, experiment
from tests.service.wire import RunEnded, wired

LINES = Path(__file__).with_name("messages.jsonl").read_text("utf-8").splitlines()
KINDS = {"worker": TO_WORKER, "laboratory": FROM_WORKER}


def example(line: str) -> tuple[str, Frame]:
    """To whom it goes, and the frame."""
    said = json.loads(line)
    return said["to"], Frame(said["header"], bytes.fromhex(said["payload"]))


EXAMPLES = [example(line) for line in LINES]
BOUNDED = [
    (to, frame, name, extra.most)
    for to, frame in EXAMPLES
    for name, hint in KINDS[to][frame.header["kind"]].hints.items()
    for extra in get_args(hint)[1:]
    if isinstance(extra, Longest)
]


def by_kind(to: str, frame: Frame) -> str:
    return f"{frame.header['kind']} to {to}"


@pytest.mark.parametrize(("to", "frame"), EXAMPLES, ids=[by_kind(*one) for one in EXAMPLES])
def test_a_message_comes_out_of_its_frame_as_it_went_in(to: str, frame: Frame) -> None:
    assert encode(decode(frame, KINDS[to])) == json_only(frame)


def json_only(frame: Frame) -> Frame:
    """As frames are read: only what JSON can say."""
    return Frame(json.loads(json.dumps(frame.header)), frame.payload)


def test_there_is_an_example_of_every_message() -> None:
    for to, kinds in KINDS.items():
        assert [frame.header["kind"] for whom, frame in EXAMPLES if whom == to] == list(kinds)


@pytest.mark.parametrize(("to", "frame", "name", "most"), BOUNDED)
def test_a_message_that_is_too_long_cannot_be_made(
    to: str, frame: Frame, name: str, most: int
) -> None:
    message = decode(frame, KINDS[to])
    stretched = {
        str: lambda: "x" * (most + 1),
        bytes: lambda: bytes(most + 1),
        dict: lambda: dict.fromkeys(range(most + 1)),
        tuple: lambda: (0,) * (most + 1),
    }
    with pytest.raises(MessageError, match=rf"{name} must be at most {most} long, got \d+\."):
        replace(message, **{name: stretched[type(getattr(message, name))]()})


def test_all_that_can_be_long_is_bounded() -> None:
    """What is no list, mapping or text; columns are bounded by what makes records."""
    bounded = {(frame.header["kind"], name) for _, frame, name, _ in BOUNDED}
    long = {
        (kind, name)
        for kinds in KINDS.values()
        for kind, message in kinds.items()
        for name, hint in message.hints.items()
        if getattr(hint, "__origin__", hint) in (str, bytes, dict, tuple)
    }
    assert long - bounded == {("train", "columns"), ("started", "columns")}


@pytest.mark.parametrize(("to", "frame"), EXAMPLES, ids=[by_kind(*one) for one in EXAMPLES])
def test_whatever_else_stands_in_a_field_is_refused_or_read(to: str, frame: Frame) -> None:
    kinds = KINDS[to]
    for name in frame.header:
        for strange in STRANGE:
            with suppress(MessageError):
                decode(Frame({**frame.header, name: strange}, frame.payload), kinds)


@pytest.mark.parametrize(("to", "frame"), EXAMPLES, ids=[by_kind(*one) for one in EXAMPLES])
def test_fields_that_are_missing_or_unknown_are_refused(to: str, frame: Frame) -> None:
    kind = KINDS[to][frame.header["kind"]]
    required = [
        field.name
        for field in fields(kind)
        if field.default is MISSING and field.default_factory is MISSING and field.name != "payload"
    ]
    for name in ["kind", *required]:
        rest = {key: value for key, value in frame.header.items() if key != name}
        with pytest.raises(MessageError, match=rf"{name} must be (given|one of)"):
            decode(Frame(rest, frame.payload), KINDS[to])
    with pytest.raises(MessageError, match=r"wish must be a field of this message"):
        decode(Frame({**frame.header, "wish": 1}, frame.payload), KINDS[to])
    if "payload" not in kind.hints:
        with pytest.raises(MessageError, match=r'payload must be left out, got "1 bytes"'):
            decode(Frame(frame.header, b"1"), KINDS[to])


def test_numbers_of_arrays_are_named_as_numpy_names_them() -> None:
    kinds = ("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1")
    for kind in kinds:
        array = np.ones((2, 3), kind)
        sight = SightTaken.from_sight("1", Sight(1, {"a": array})).sight
        np.testing.assert_array_equal(sight.arrays["a"], array)
    for kind in ("<f1", "|f1", "<b1", "<b2", "|i4", ">f4", "<u1"):
        with pytest.raises(MessageError, match=r"^SightTaken: a must be of numbers, got"):
            SightTaken("1", 1, (("a", kind, (1,)),), bytes(8))


def test_a_worker_takes_every_message_and_lives_on() -> None:
    with wired(FAKE) as wire:
        for to, frame in EXAMPLES:
            if to == "worker" and frame.header["kind"] != Quit.kind:
                wire.do(decode(frame, TO_WORKER))
        wire.do(Train("the last", (experiment(1, epochs=2),)))
        ended = wire.until(RunEnded, lambda ended: ended.task == "the last")
        assert ended.outcome.kind == "finished"


def test_a_laboratory_takes_every_message_though_it_asked_for_none() -> None:
    pool = WorkerPool(Here(1, ("no", "command")))
    fit_pool = FitPool(("no", "command"), idle=60.0)
    registry = JobRegistry(Bounds(), Lock())
    dispatcher = Dispatcher(registry, pool, fit_pool)
    for to, frame in EXAMPLES:
        if to == "laboratory":
            dispatcher.hear(pool.seats[0], from_worker(frame), 100.0)
    assert pool.seats[0].device == "CPU · 2 cores"
