"""A laboratory's process that is to be killed, and those that belong to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from core.experiment import Experiment
from core.service.machine import surroundings
from tests.service.crash_server import MADE_UP

MARK = "LEARNING_RATE_LAB_CRASH"  # in the surroundings of every process of a round
GONE_SECONDS = 60.0  # in which processes that were left alone must have ended


@dataclass
class Server:
    """A laboratory's process and what it has said."""

    process: subprocess.Popen[str]
    mark: str
    said: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def start(
        cls, path: Path, mark: str, wanted: Sequence[Sequence[Experiment]], made_up: bool
    ) -> Self:
        command = [sys.executable, "-m", "tests.service.crash_server", str(path)]
        process = subprocess.Popen(
            [*command, MADE_UP] if made_up else command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**surroundings(), MARK: mark},
            text=True,
        )
        assert process.stdin
        jobs = [[one.to_dict() for one in job] for job in wanted]
        print(json.dumps(jobs), file=process.stdin, flush=True)
        return cls(process, mark)

    def hear(self) -> Iterator[dict[str, Any]]:
        """What it says from here on, to its end or to that of its jobs."""
        assert self.process.stdout
        if self.said and self.said[-1]["done"]:
            return
        for line in self.process.stdout:
            if line.endswith("\n") and "jobs" in (one := json.loads(line)):
                self.said.append(one)
                yield one
                if one["done"]:
                    return

    def workers(self) -> list[int]:
        return [pid for pid in marked(self.mark) if pid != self.process.pid]

    def close(self) -> None:
        """Have it end by itself, unless it has been killed."""
        with self.process as process, suppress(BrokenPipeError):
            assert process.stdin
            process.stdin.close()
            process.wait(GONE_SECONDS)


def marked(mark: str) -> list[int]:
    """The processes that a round has started and that are there."""
    wanted, found = f"{MARK}={mark}\0".encode(), []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (folder / "environ").read_bytes() + b"\0":
                found.append(int(folder.name))
        except OSError:  # it has gone, or is another's
            continue
    return found


def kill(pids: Sequence[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
