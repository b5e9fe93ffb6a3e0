"""A worker process on a machine of a cluster, as an actor of Dask holds it for a laboratory.

The laboratory's messages go to the process as they are, and what the process says waits here until
the laboratory takes it. Who takes nothing for a while has gone, and its process goes too.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from core.engine.fingerprint import fingerprint
from core.service.encoding import encode
from core.service.frames import Frame
from core.service.machine import surroundings
from core.service.messages import FromWorker, to_worker
from core.service.process import WorkerProcess

TAKE_SECONDS = 1.0  # that an answer is held back for want of news
ABANDONED_SECONDS = 10.0  # without being asked, after which nobody is there
ANY_DEVICE = "any"


def own_engine() -> str:
    """What figures depend on, whatever the device: the same on all machines of a cluster."""
    return fingerprint(ANY_DEVICE)


class Taken(NamedTuple):
    """What a worker has said since the last time."""

    frames: list[Frame]
    memory: int  # bytes of its own
    farewell: str  # how it ended; empty while it is there


class Relay:
    """One worker, started as this machine's Python with `arguments`.

    Raises `RuntimeError` where this machine has another engine than `expected`, and `OSError`.
    """

    def __init__(self, arguments: Sequence[str], expected: str) -> None:
        if own_engine() != expected:
            raise RuntimeError(
                "The machine has another version of Learning Rate Lab, or of what it trains with."
            )
        self._said: deque[Frame] = deque()
        self._news = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended = threading.Event()
        self._taken_at = time.monotonic()
        self._process = WorkerProcess((sys.executable, *arguments), surroundings())
        self._process.listen(self._hear, self._end)
        threading.Thread(target=self._guard, name="guard of a worker", daemon=True).start()

    async def take(self) -> Taken:
        """What it has said, as soon as there is something; nothing after `TAKE_SECONDS`."""
        self._loop, self._taken_at = asyncio.get_running_loop(), time.monotonic()
        self._news.clear()
        if not self._said and not self._ended.is_set():
            try:
                await asyncio.wait_for(self._news.wait(), TAKE_SECONDS)
            except TimeoutError:
                return Taken([], self._process.memory, "")
        ended = self._ended.is_set()  # looked at first: what it said last is among the frames then
        frames = [self._said.popleft() for _ in range(len(self._said))]
        return Taken(frames, self._process.memory, self._process.farewell if ended else "")

    def send(self, frame: Frame) -> None:
        self._process.send(to_worker(Frame(*frame)))

    def quit(self) -> None:
        self._process.quit()

    def kill(self) -> None:
        self._process.kill()

    def _hear(self, message: FromWorker) -> None:
        self._said.append(encode(message))
        self._tell()

    def _end(self) -> None:
        self._ended.set()
        self._tell()

    def _tell(self) -> None:
        if self._loop:
            self._loop.call_soon_threadsafe(self._news.set)

    def _guard(self) -> None:
        while not self._ended.wait(ABANDONED_SECONDS / 10):
            if time.monotonic() > self._taken_at + ABANDONED_SECONDS:
                self._process.kill()
                return
