"""Calls that may hang, made by threads of their own: whoever asks goes on after a deadline."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from time import monotonic
from typing import Any, TypeVar

PATIENCE = 4  # deadlines that a call may take in all while others are answered

T = TypeVar("T")


class Late(Exception):  # noqa: N818 (it reads as what it is)
    """There was no answer within the deadline."""


class DeadlineThreads:
    """At most `most` threads, started when they are needed; a call that hangs keeps its own.

    They are daemons: what hangs for ever does not hold up the end of the process.
    """

    def __init__(self, most: int, name: str) -> None:
        self._most, self._name = most, name
        self._lock = threading.Lock()
        self._threads = self._busy = 0  # busy: in a call, or waiting for a thread to make it
        self._calls: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._answered_at = -float("inf")

    def call(self, act: Callable[[], T], seconds: float) -> T:
        """What `act` gives, or raises. Raises `Late` when for so long nobody had an answer.

        A call that waits behind others does not count that as silence, though never for longer
        than `PATIENCE` times the deadline.
        """
        begun, future = monotonic(), Future[T]()
        self._hand_in(future, act)
        latest, end = begun + PATIENCE * seconds, begun + seconds
        while (now := monotonic()) < end:
            try:
                return future.result(end - now)
            except TimeoutError:
                if future.done():  # just now, or it is what the call raised
                    return future.result()
                end = min(self._answered_at + seconds, latest)
        if not future.cancel() and future.done():
            return future.result()
        raise Late

    def close(self) -> None:
        """End the threads that are not in a call."""
        for _ in range(self._threads):
            self._calls.put(None)

    def _hand_in(self, future: Future[Any], act: Callable[[], Any]) -> None:
        with self._lock:
            self._busy += 1
            if self._threads < min(self._busy, self._most):
                self._threads += 1
                threading.Thread(target=self._answer, name=self._name, daemon=True).start()
            self._calls.put((future, act))

    def _answer(self) -> None:
        while handed := self._calls.get():
            future, act = handed
            if future.set_running_or_notify_cancel():  # else whoever asked has gone on
                try:
                    answer = act()
                except Exception as error:
                    future.set_exception(error)
                else:
                    future.set_result(answer)
                self._answered_at = monotonic()
            with self._lock:
                self._busy -= 1
