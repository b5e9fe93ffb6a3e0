"""A worker's process that is none, and a task that nobody trains: for seats by themselves."""

import math

from core.service.messages import ToWorker
from core.service.process import WorkerProcess
from core.service.training import Task


class FakeProcess(WorkerProcess):
    """Has no pipe; a test reads what it was sent."""

    pid = 1
    memory = 0  # bytes of its own

    def __init__(self) -> None:
        self.sent: list[ToWorker] = []
        self.killed = self.told_to_quit = False
        self.waited = math.nan  # for its end, at most

    def send(self, message: ToWorker) -> None:
        self.sent.append(message)

    def kill(self) -> None:
        self.killed = True

    def quit(self) -> None:
        self.told_to_quit = True

    def end(self, seconds: float) -> None:
        self.waited = seconds


def a_task() -> Task:
    """One that no worker is to train."""
    return Task("1", "program")
