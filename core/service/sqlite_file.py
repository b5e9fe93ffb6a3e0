"""Connections to a SQLite file: one kind for those who read, one for who writes."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

READ_SECONDS = 0.4  # that a reader waits for others' locks, below the deadline of who asked
WRITE_SECONDS = 5.0
CLOSE_MILLISECONDS = 1000
# Concurrent readers beside one writer; sqlite.org/wal.html.
PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL")
# How a file is opened to be read, until one will do: what is write-protected needs the second, and
# in a folder where no index of the log can be made, the third.
READING = ("mode=rw", "mode=ro", "immutable=1")
PROTECTED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
PRIMARY = 0xFF  # of an extended error code


class ReadOnlyError(OSError):
    """What is to be written to was given as something to read."""


class SQLiteFile:
    """A file by its path, or by what a URL names: `sqlite:////data/runs.sqlite?mode=ro` is read."""

    def __init__(self, path: str, mode: str = "") -> None:
        self.path = Path(path).absolute()
        self._ways = READING[1:] if mode == "ro" else READING
        self.is_protected = mode == "ro"

    def exists(self) -> bool:
        return self.path.exists()

    def make_folder(self) -> None:
        if not self.is_protected:
            self.path.parent.mkdir(parents=True, exist_ok=True)

    def open_to_read(self, seconds: float = READ_SECONDS) -> sqlite3.Connection:
        """`seconds` are how long it waits for others' locks; empty where there is no file yet."""
        if not self.exists():
            return sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        for way in self._ways:
            if way == "immutable=1" and self._has_log():
                break  # without its log it may be half of an older state
            try:
                return self._connect(way, seconds)
            except sqlite3.OperationalError as error:
                refusal = error
                if not is_protected(error):
                    break
        raise refusal

    def open_to_write(self) -> sqlite3.Connection:
        if self.is_protected:
            raise ReadOnlyError(f"it was given with mode=ro: {self.path}")
        connection = self._connect("mode=rwc", WRITE_SECONDS)
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()
        return connection

    def _connect(self, query: str, seconds: float) -> sqlite3.Connection:
        """The driver's own transactions are off, because they would begin as readers."""
        connection = sqlite3.connect(
            f"{self.path.as_uri()}?{query}",
            timeout=seconds,
            isolation_level=None,
            check_same_thread=False,
            uri=True,
        )
        try:
            connection.execute("SELECT 1 FROM sqlite_master").close()
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _has_log(self) -> bool:
        log = self.path.with_name(f"{self.path.name}-wal")
        return log.exists() and log.stat().st_size > 0


def finish(connection: Any) -> None:
    """Bring all from the log into the file, so that it is complete in itself."""
    for pragma in (f"busy_timeout={CLOSE_MILLISECONDS}", "wal_checkpoint(TRUNCATE)"):
        connection.execute(f"PRAGMA {pragma}").close()


def is_protected(error: BaseException | None) -> bool:
    """Whether somebody may not write who may perhaps read."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & PRIMARY in PROTECTED
