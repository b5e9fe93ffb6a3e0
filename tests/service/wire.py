"""A worker by itself, spoken to in frames."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

from core.experiment import Experiment
from core.experiment.records import COLUMNS, Table, unpack_rows
from core.service import frames
from core.service.frames import Frame
from core.service.machine import surroundings
from tests.service.waiting import experiment


class Wire:
    """Both ends of a worker's pipes."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def do(self, **message: object) -> None:
        assert self.process.stdin
        frames.write(self.process.stdin, Frame(message))

    def train(self, task: str, *seeds: int, epochs: int = 2000) -> None:
        self.hand_over(task, [experiment(seed, epochs) for seed in seeds])

    def hand_over(self, task: str, experiments: Sequence[Experiment]) -> None:
        described = [one.to_dict() for one in experiments]
        self.do(do="train", task=task, experiments=described, columns=COLUMNS)

    def hear(self) -> Frame:
        assert self.process.stdout
        frame = frames.read(self.process.stdout)
        assert frame is not None
        return frame

    def until(self, **wanted: object) -> Frame:
        while frame := self.hear():
            if wanted.items() <= frame.header.items():
                return frame
        raise AssertionError

    def stop(self, task: str) -> float:
        """Stop a task; the seconds until its worker says that it has."""
        sent = monotonic()
        self.do(do="stop", task=task)
        frame = self.until(say="outcome", task=task)
        assert frame.header["outcome"]["kind"] == "stopped"
        return monotonic() - sent


@contextmanager
def wired(command: Sequence[str]) -> Iterator[Wire]:
    """A worker that ends with its input."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=surroundings(), **pipes) as process:
        yield Wire(process)


def rows(frame: Frame) -> Table:
    return unpack_rows(frame.payload, COLUMNS)
