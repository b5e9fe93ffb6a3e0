"""A copy of a store's file as it is at one moment, also while servers write to it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from core.service.sqlite_file import SQLiteFile

PATIENCE = 30.0  # seconds that it waits for who has locked the file
TABLES = ("trained_runs", "runs")  # today's, and that of the first edition


def back_up(store: SQLiteFile, target: Path) -> int:
    """Write the copy, whole or not at all, over whatever is there; how many runs it holds.

    It needs no log beside it and can be opened as a store. By SQLite's own means,
    sqlite.org/backup.html. Raises `sqlite3.Error` and `OSError`.
    """
    with replacement(target) as part:
        with (
            closing(store.open_to_read(PATIENCE)) as source,
            closing(sqlite3.connect(part, isolation_level=None)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE").close()
            [found] = copy.execute("PRAGMA integrity_check(1)").fetchone()
            if found != "ok":
                raise sqlite3.DatabaseError(found)
            runs = sum(count(copy, table) for table in TABLES)
        shutil.copymode(store.path, part)
    return runs


def count(copy: sqlite3.Connection, table: str) -> int:
    known = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?"
    if not copy.execute(known, (table,)).fetchone()[0]:
        return 0
    [rows] = copy.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(rows)


@contextmanager
def replacement(target: Path) -> Iterator[Path]:
    """A file beside the target that takes its place when all went well."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    part = Path(name)
    try:
        yield part
        os.fsync(handle)
        part.replace(target)
    finally:
        os.close(handle)
        part.unlink(missing_ok=True)
