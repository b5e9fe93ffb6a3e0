"""Writing to a store: a bounded queue, and one thread that tries until it is written."""

from __future__ import annotations

import importlib
import logging
import threading
from collections.abc import Callable, Iterable
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from core.service.store_reader import Use
from core.service.store_state import Trouble
from core.service.version import Version

if TYPE_CHECKING:
    from core.service.database import Database, StoredRow

log = logging.getLogger(__name__)

FLUSH_SECONDS = 0.25
BATCH_ROWS = 100
CLOSE_SECONDS = 2.0
BEHIND_SECONDS = 10.0  # that nothing was written, until it is told
PRUNE_EVERY_ROWS = 1000
NOT_TAKEN = f"it has taken nothing for {BEHIND_SECONDS:g} seconds"

DATABASE = "core.service.database"  # loads SQLAlchemy, 0.15 s

RowName = tuple[str, Version]
T = TypeVar("T")


class StoreWriter:
    """Rows wait here, the largest of each name, until a thread has written them in batches.

    What is too much for `waiting_max` bytes is let go, the oldest first; so is all while the store
    can only be read. What could not be written is tried again every `retry` seconds.
    """

    def __init__(
        self,
        use: Use,
        finish: Callable[[], None],
        bytes_max: int,
        waiting_max: int,
        retry: float,
    ) -> None:
        self.loaded = threading.Event()  # SQLAlchemy is there
        self.written = self.lost = 0
        self._use, self._finish = use, finish  # the last, when all is written
        self._bytes_max, self._waiting_max, self._retry = bytes_max, waiting_max, retry
        self._changed = threading.Condition()
        self._trouble: Trouble | None = None
        self._waiting: dict[RowName, StoredRow] = {}
        self._bytes = 0
        self._moved_at = monotonic()  # when something was last written, or nothing waited
        self._failures = self._steps = 0  # the second with those that failed
        self._in_vain = -1  # steps when somebody had waited for nothing
        self._prepared = self._older = self._hurry = self._closing = False
        self._unpruned = PRUNE_EVERY_ROWS  # rows since the last pruning: the first write prunes
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._thread.start()

    @property
    def trouble(self) -> Trouble | None:
        is_stuck = bool(self._waiting) and monotonic() - self._moved_at > BEHIND_SECONDS
        return self._trouble or (Trouble("behind", NOT_TAKEN) if is_stuck else None)

    @property
    def waiting(self) -> tuple[int, int]:
        """How many rows wait, and of how many bytes."""
        with self._changed:
            return len(self._waiting), self._bytes

    def find(self, names: Iterable[RowName]) -> list[StoredRow]:
        """Rows that are still to be written."""
        with self._changed:
            return [self._waiting[name] for name in names if name in self._waiting]

    def is_waiting(self, key: str, version: Version) -> bool:
        """Whether a run's row is still to be written."""
        with self._changed:
            return (key, version) in self._waiting

    def put(self, rows: Iterable[StoredRow]) -> None:
        """Have rows written; of two of a name the larger. Returns at once."""
        with self._changed:
            if self._trouble and self._trouble.kind == "read_only":
                self.lost += len(list(rows))
                return
            if not self._waiting:
                self._moved_at = monotonic()
            for row in rows:
                self._take(row)
            while self._bytes > self._waiting_max and len(self._waiting) > 1:
                self._let_go(next(iter(self._waiting)))
            self._changed.notify_all()

    def attempt(self, use: Callable[[Database], T]) -> T | None:
        """What `use` gives, which writes; None where it fails, and while that is so.

        In the caller's thread, which may have to wait: none that draws a page.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._prepared or self._trouble, CLOSE_SECONDS)
            if self._trouble or not self._prepared:
                return None
        try:
            answer: T = self._use(use)
        except Trouble as trouble:
            self._fail(trouble)
            return None
        return answer

    def flush(self) -> None:
        """Wait until all is written, as long as something is; not for who does not take it.

        After one who waited in vain nobody does until there was another step.
        """
        with self._changed:
            if self._closing or self._in_vain == self._steps:
                return
            failures, written, self._hurry = self._failures, self.written, True
            self._changed.notify_all()

            def is_over() -> bool:
                done = self._prepared and not self._has_work
                return done or self._failures > failures

            while not self._changed.wait_for(is_over, CLOSE_SECONDS) and self.written > written:
                written = self.written
            self._hurry = False
            if not is_over():
                self._in_vain = self._steps

    def close(self) -> None:
        """Write what can be written, and end. A second call does nothing."""
        self.flush()
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(CLOSE_SECONDS)

    @property
    def _has_work(self) -> bool:
        return bool(self._waiting) or self._older

    def _take(self, row: StoredRow) -> None:
        name = name_of(row)
        known = self._waiting.get(name)
        if known is None or known["size"] < row["size"]:
            self._bytes += row["size"] - (known["size"] if known else 0)
            self._waiting[name] = row

    def _let_go(self, name: RowName) -> None:
        self._bytes -= self._waiting.pop(name)["size"]
        self.lost += 1

    def _run(self) -> None:
        importlib.import_module(DATABASE)  # ahead of the first use, while the caller goes on
        self.loaded.set()
        while self._await_work():
            try:
                self._work()
            except Trouble as trouble:
                self._fail(trouble)
        self._finish()

    def _await_work(self) -> bool:
        """Wait for something to do, in trouble only for a while; False at the end."""
        with self._changed:
            if self._trouble:
                self._changed.wait_for(lambda: self._hurry or self._closing, self._retry)
                return not self._closing
            if self._prepared and not self._older:
                self._changed.wait_for(lambda: self._waiting or self._trouble or self._closing)
                self._changed.wait_for(
                    lambda: len(self._waiting) >= BATCH_ROWS or self._hurry or self._closing,
                    FLUSH_SECONDS,
                )
            return self._has_work or not self._closing

    def _work(self) -> None:
        """The next step: make the tables, then write a batch or move rows of an older edition.

        In trouble all of it has to be done: tables may be there where no row finds room.
        """
        with self._changed:
            batch = dict(list(self._waiting.items())[:BATCH_ROWS])
        if not self._prepared:
            self._older = self._use(lambda database: database.prepare())
            self._prepared = True
        if batch:
            rows = list(batch.values())
            self._use(lambda database: database.write(rows))
            self._forget(batch)
            self._prune(len(rows))
        elif self._older:
            self._older = self._use(lambda database: database.take_over())
        with self._changed:
            self._trouble = None
            self._steps += 1
            self._changed.notify_all()

    def _forget(self, batch: dict[RowName, StoredRow]) -> None:
        """What is written waits no more."""
        with self._changed:
            self.written += len(batch)
            self._moved_at = monotonic()
            for name, row in batch.items():
                if self._waiting.get(name) is row:  # else a larger one came meanwhile
                    self._bytes -= self._waiting.pop(name)["size"]

    def _prune(self, written: int) -> None:
        self._unpruned += written
        if self._unpruned >= PRUNE_EVERY_ROWS:
            self._unpruned = 0
            self._use(lambda database: database.prune(self._bytes_max))

    def _fail(self, trouble: Trouble) -> None:
        with self._changed:
            if self._trouble is None:
                log.warning("%s", trouble)
            self._trouble, self._prepared = trouble, False
            self._failures += 1
            self._steps += 1
            if trouble.kind == "read_only":
                for name in list(self._waiting):
                    self._let_go(name)
            self._changed.notify_all()


def name_of(row: StoredRow) -> RowName:
    return row["experiment"], Version(row["engine"], row["version"])
