"""A worker by itself, spoken to in messages."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TypeVar

from core.experiment import Experiment
from core.experiment.records import COLUMNS, Table, unpack_rows
from core.service import frames
from core.service.encoding import encode
from core.service.machine import surroundings
from core.service.messages import (
    Alive,
    FromWorker,
    Records,
    RunEnded,
    Stop,
    ToWorker,
    Train,
    from_worker,
)
from tests.service.waiting import experiment

M = TypeVar("M")


class Wire:
    """Both ends of a worker's pipes."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def do(self, message: ToWorker) -> None:
        assert self.process.stdin
        frames.write(self.process.stdin, encode(message))

    def train(self, task: str, *seeds: int, epochs: int = 2000) -> None:
        self.hand_over(task, [experiment(seed, epochs) for seed in seeds])

    def hand_over(self, task: str, experiments: Sequence[Experiment]) -> None:
        self.do(Train(task, tuple(experiments)))

    def hear(self) -> FromWorker:
        """What it says next, but that it is there."""
        while isinstance(said := self.hear_all(), Alive):
            pass
        return said

    def hear_all(self) -> FromWorker:
        assert self.process.stdout
        frame = frames.read(self.process.stdout)
        assert frame is not None
        return from_worker(frame)

    def until(self, kind: type[M], wanted: Callable[[M], bool] = lambda message: True) -> M:
        """The next message of a kind that is as wanted."""
        while True:
            message = self.hear()
            if isinstance(message, kind) and wanted(message):
                return message

    def stop(self, task: str) -> float:
        """Stop a task; the seconds until its worker says that it has."""
        sent = monotonic()
        self.do(Stop(task))
        ended = self.until(RunEnded, lambda ended: ended.task == task)
        assert ended.outcome.kind == "stopped"
        return monotonic() - sent


@contextmanager
def wired(command: Sequence[str]) -> Iterator[Wire]:
    """A worker that ends with its input."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=surroundings(), **pipes) as process:
        yield Wire(process)


def rows(records: Records) -> Table:
    return unpack_rows(records.payload, COLUMNS)
