"""A worker process, as its parent holds it: a pipe to it, a pipe from it, and its end."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue

from core.service import frames
from core.service.encoding import encode
from core.service.frames import FrameError
from core.service.messages import FromWorker, ToWorker, from_worker

Heard = Callable[[FromWorker], None]
Ended = Callable[[], None]


def own_memory(pid: int) -> int:
    """Bytes of a process that are neither of a file nor shared; 0 where they are not told.

    `RssAnon` of Linux, which for a worker is what `smaps_rollup` sums up as `Private_Dirty`, and
    costs microseconds to read.
    """
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return 1024 * int(line.split()[1])
    return 0


class WorkerProcess:
    """A started process. Sending never blocks; what it says is told by a thread of its own.

    Raises `OSError` when the command cannot be started.
    """

    cut_off = False  # it is of this machine

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._popen = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            process_group=0,  # Ctrl-C in a terminal is for the parent alone
        )
        self._outbox: SimpleQueue[ToWorker | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def memory(self) -> int:
        """Bytes of its own, which no other process shares; 0 where the system does not tell."""
        return own_memory(self.pid)

    def listen(self, heard: Heard, ended: Ended) -> None:
        """Begin to read and to write; `ended` is called once, when the process has gone."""
        self._threads = [
            threading.Thread(target=self._write, name=f"to worker {self.pid}", daemon=True),
            threading.Thread(
                target=self._read, args=(heard, ended), name=f"from worker {self.pid}", daemon=True
            ),
        ]
        for thread in self._threads:
            thread.start()

    def send(self, message: ToWorker) -> None:
        self._outbox.put(message)

    def quit(self) -> None:
        """Ask it to end. It does so also when it is busy, since its input ends."""
        self._outbox.put(None)

    def kill(self) -> None:
        self._popen.kill()

    def end(self, seconds: float) -> None:
        """Wait for it to end, and kill it when it has not after so many seconds."""
        try:
            self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        for thread in self._threads:
            thread.join()

    @property
    def farewell(self) -> str:
        """How it ended, in words."""
        status = self._popen.returncode
        if status is not None and status < 0:
            return f"The training process was killed by signal {-status}."
        return f"The training process ended with exit status {status}."

    def _write(self) -> None:
        assert self._popen.stdin is not None
        with suppress(OSError), self._popen.stdin as pipe:  # it has gone: the reader will tell
            while message := self._outbox.get():
                frames.write(pipe, encode(message))

    def _read(self, heard: Heard, ended: Ended) -> None:
        assert self._popen.stdout is not None
        try:
            with self._popen.stdout as pipe, suppress(FrameError):  # then it is no worker: end it
                while frame := frames.read(pipe):
                    heard(from_worker(frame))
        finally:
            self._popen.kill()
            self._popen.wait()
            self._outbox.put(None)
            ended()
