"""Reading a store that may hang or fail: within a deadline, and not again and again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from core.service.deadline import DeadlineThreads, Late
from core.service.store_state import Trouble

if TYPE_CHECKING:
    from core.service.database import Database

log = logging.getLogger(__name__)

READERS = 4  # threads at most, however many of them hang
LOAD_SECONDS = 30.0  # for our own modules, which are no fault of the store

T = TypeVar("T")
Use = Callable[[Callable[["Database"], Any]], Any]  # raises `Trouble`


class StoreReader:
    """What is asked of a store comes in time or not at all.

    After one read that did not, nobody waits: a thread tries every `retry` seconds, until there is
    an answer again.
    """

    def __init__(self, use: Use, loaded: threading.Event, deadline: float, retry: float) -> None:
        self.trouble: Trouble | None = None
        self.given = self.late = self.failed = self.skipped = 0
        self._use, self._loaded, self._deadline, self._retry = use, loaded, deadline, retry
        self._threads = DeadlineThreads(READERS, "store reader")
        self._lock = threading.Lock()
        self._closing = threading.Event()

    def read(self, use: Callable[[Database], T]) -> T | None:
        """What `use` gives; None where the store does not give it in time."""
        self._loaded.wait(LOAD_SECONDS)
        with self._lock:
            if self.trouble or self._closing.is_set():
                self.skipped += 1
                return None
        try:
            answer: T = self._ask(use)
        except Trouble as trouble:
            self._break_off(trouble)
            return None
        with self._lock:
            self.given += 1
        return answer

    def close(self) -> None:
        self._closing.set()
        self._threads.close()

    def _ask(self, use: Callable[[Database], T]) -> T:
        try:
            answer: T = self._threads.call(partial(self._use, use), self._deadline)
        except Late:
            raise Trouble("silent") from None
        return answer

    def _break_off(self, trouble: Trouble) -> None:
        with self._lock:
            self.late += trouble.kind == "silent"
            self.failed += trouble.kind != "silent"
            if self.trouble or self._closing.is_set():
                return
            self.trouble = trouble
        log.warning("%s", trouble)
        threading.Thread(target=self._try_again, name="store probe", daemon=True).start()

    def _try_again(self) -> None:
        while not self._closing.wait(self._retry):
            try:
                self._ask(lambda database: database.ping())
            except Trouble as trouble:
                self.trouble = trouble
            else:
                self.trouble = None
                log.warning("Store: it answers again.")
                return
