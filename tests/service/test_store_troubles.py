"""A store in trouble: nobody waits for it, it says so, and what can be kept is kept afterwards."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import Connection

from core.experiment.records import Run
from core.service.database import Database, StoredRow
from core.service.machine import surroundings
from core.service.store import KEYS_AT_ONCE, READ_SECONDS, Store
from core.service.store_reader import READERS
from core.service.version import Version, version_of
from tests.service.postgres import Postgres
from tests.service.test_store import run, same
from tests.service.test_unfinished import under_way
from tests.service.waiting import PATIENCE, until_true, within

SOON = READ_SECONDS + 1.5  # of which a busy machine may take the second and a half


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A file that holds a run already."""
    path = str(tmp_path / "runs.sqlite")
    keep(path, run(1))
    return path


def keep(where: str, *runs: Run) -> None:
    with Store(where) as store:
        store.put(runs)


def knows(where: str, kept: Run) -> bool:
    with Store(where, deadline=PATIENCE) as store:
        return same(store.get(kept.experiment), kept)


def knows_by(store: Store, kept: Run) -> bool:
    return same(store.get(kept.experiment), kept)


class Gated(Database):
    """Reads and writes once its gates are open: a disk that hangs."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.to_read, self.to_write = threading.Event(), threading.Event()
        self.writes = threading.Event()  # or waits to

    def read(self, keys: Sequence[str], version: Version) -> list[StoredRow]:
        self.to_read.wait(PATIENCE)
        return super().read(keys, version)

    def write(self, rows: Sequence[StoredRow]) -> None:
        self.writes.set()
        self.to_write.wait(PATIENCE)
        super().write(rows)


@pytest.fixture
def gated(path: str) -> Iterator[Gated]:
    database = Gated(path)
    yield database
    database.to_read.set()
    database.to_write.set()


class Stuck(Database):
    """Writes while its gate is open."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.gate = threading.Event()
        self.gate.set()

    def writing(self) -> AbstractContextManager[Connection]:
        self.gate.wait(PATIENCE)
        return super().writing()


# Reading


def test_a_disk_that_hangs_holds_nobody_and_few_threads(path: str, gated: Gated) -> None:
    with Store(path, retry=0.05, open_database=lambda where: gated) as store:
        with ThreadPoolExecutor(50) as visitors:
            asked = [visitors.submit(store.get, run(1).experiment) for _ in range(50)]
        assert [one.result() for one in asked] == [None] * 50
        until_true(lambda: store.state().late >= 1)
        named = [one for one in threading.enumerate() if one.name == "store reader"]
        assert len(named) <= READERS
        gated.to_read.set()
        until_true(lambda: knows_by(store, run(1)))


def test_after_one_read_that_hung_nobody_waits(path: str, gated: Gated) -> None:
    with Store(path, retry=PATIENCE, open_database=lambda where: gated) as store:
        assert store.get(run(1).experiment) is None
        assert within(0.1, lambda: store.get(run(1).experiment))
        many = [run(seed).experiment for seed in range(3 * KEYS_AT_ONCE)]
        assert within(0.1, lambda: store.find(many))
        state = store.state()
        assert (state.kind, state.late, state.given) == ("silent", 1, 0)
        assert state.skipped >= 2


def test_a_large_read_gives_up_at_its_first_piece(path: str, gated: Gated) -> None:
    many = [run(seed).experiment for seed in range(10 * KEYS_AT_ONCE)]
    with Store(path, retry=PATIENCE, open_database=lambda where: gated) as store:
        begun = monotonic()
        assert store.find(many) == {}
        assert monotonic() - begun <= SOON


def test_a_frozen_postgresql_is_known_again_when_it_goes_on(postgres_server: Postgres) -> None:
    where = postgres_server.new_place()
    keep(where, run(1))
    with Store(where, retry=0.05) as store:
        until_true(lambda: knows_by(store, run(1)))
        postgres_server.freeze()
        try:
            begun = monotonic()
            assert store.get(run(1).experiment) is None
            assert monotonic() - begun <= SOON
            assert store.state().kind == "silent"
            store.put([run(2)])
            assert same(store.get(run(2).experiment), run(2))
        finally:
            postgres_server.go_on()
        until_true(lambda: knows_by(store, run(1)))
    assert knows(where, run(2))


def test_what_was_written_outlives_a_postgresql_that_is_killed(postgres_server: Postgres) -> None:
    where = postgres_server.new_place()
    with Store(where, retry=0.05) as store:
        store.put([run(1)])
        store.flush()
        postgres_server.stop("immediate")
        store.put([run(2)])
        assert store.get(run(1).experiment) is None
        assert store.trouble.startswith("Store: runs are not kept for now: ")
        postgres_server.start()
        until_true(lambda: store.trouble == "" and store.state().waiting == 0)
        until_true(lambda: knows_by(store, run(1)))
    assert knows(where, run(2))


@pytest.fixture
def locked(path: str) -> Iterator[sqlite3.Connection]:
    """Another program, which writes for long."""
    other = sqlite3.connect(path, isolation_level=None)
    yield other
    other.close()


@pytest.mark.parametrize("how", ["IMMEDIATE", "EXCLUSIVE"])
def test_a_file_that_somebody_writes_to_is_read_and_written_later(
    path: str, locked: sqlite3.Connection, how: str
) -> None:
    locked.execute(f"BEGIN {how}")
    with Store(path, retry=0.05) as store:
        assert within(SOON, lambda: until_true(lambda: knows_by(store, run(1))))
        store.put([run(2)])
        locked.execute("ROLLBACK")
        until_true(lambda: store.state().written == 1)
    assert knows(path, run(2))


def test_a_file_that_is_locked_whole_holds_nobody(path: str, locked: sqlite3.Connection) -> None:
    locked.execute("PRAGMA journal_mode=DELETE")  # where readers have to wait as well
    locked.execute("BEGIN EXCLUSIVE")
    with Store(path, retry=0.05) as store:
        begun = monotonic()
        assert store.get(run(1).experiment) is None
        assert monotonic() - begun <= SOON
        assert store.trouble
        locked.execute("ROLLBACK")
        until_true(lambda: knows_by(store, run(1)))


# Writing


@pytest.mark.parametrize("where", ["no folder", "no database", "mysql://host/name", "nonsense://"])
def test_a_store_that_cannot_be_used_says_so_and_knows_nothing(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("neither a folder nor a database" * 100)
    places = {"no folder": "file/runs.sqlite", "no database": "file"}
    with Store(str(tmp_path / places[where]) if where in places else where) as store:
        assert store.get(run().experiment) is None
        store.flush()
        assert store.trouble.startswith("Store: runs are not kept for now: ")
        assert "\n" not in store.trouble
        store.put([run()])
        store.flush()
        assert store.state().written == 0


def test_what_was_put_into_a_store_that_failed_is_kept_once_it_works(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    where = str(blocked / "runs.sqlite")
    with Store(where, retry=0.05) as store:
        store.put([run()])
        store.flush()
        assert store.trouble
        blocked.unlink()
        until_true(lambda: store.trouble == "" and store.state().written == 1)
    assert knows(where, run())


def test_who_writes_beside_it_waits_for_the_tables_and_for_no_trouble(path: str) -> None:
    with Store(path) as store:
        assert store._writer.attempt(lambda database: database.take_over()) is False
    with Store(f"sqlite:///{path}?mode=ro") as store:
        assert store._writer.attempt(lambda database: database.take_over()) is None
        assert store.state().kind == "read_only"


def test_what_waits_is_bounded_and_the_oldest_goes_first(path: str, gated: Gated) -> None:
    gated.to_read.set()
    room = 100_000
    with Store(path, waiting_max=room, open_database=lambda where: gated) as store:
        store.put([run(99)])
        assert gated.writes.wait(PATIENCE)
        for seed in range(100, 600):
            store.put([run(seed)])
            assert store.state().waiting_bytes <= room
        state = store.state()
        assert state.waiting + state.lost == 501
        assert 0 < state.waiting < 500
        newest = run(599)
        assert same(store.get(newest.experiment), newest)
        gated.to_write.set()
        until_true(lambda: store.state().waiting_bytes == 0)
    assert knows(path, newest)
    assert not knows(path, run(100))


# What can only be read


def check_is_read_alone(where: str) -> None:
    with Store(where, deadline=PATIENCE, retry=0.05) as store:
        assert same(store.get(run(1).experiment), run(1))
        until_true(lambda: store.trouble)
        store.put([run(2)])
        state = store.state()
        assert state.trouble.startswith("Store: it can only be read, runs are not kept: ")
        assert (state.kind, state.waiting, state.lost) == ("read_only", 0, 1)
        assert [kept.key for kept in store.list_runs()] == [run(1).experiment.key]


def test_a_file_that_is_given_to_be_read_is_read_alone(path: str) -> None:
    before = Path(path).read_bytes()
    check_is_read_alone(f"sqlite:///{path}?mode=ro")
    assert Path(path).read_bytes() == before


def test_a_role_that_may_only_read_reads(postgres_server: Postgres) -> None:
    where = postgres_server.new_place()
    keep(where, run(1))
    check_is_read_alone(postgres_server.reader_of(where))


READER = """
import os, sys
from tests.service.test_store_troubles import check_is_read_alone, keep, run
keep(sys.argv[2], run(1))  # loads all that a store needs, while that can be found
if os.geteuid() == 0:
    os.setgid(65534), os.setuid(65534)
check_is_read_alone(sys.argv[1])
"""
PROTECTED = {"the file": (0o444, 0o777), "the folder": (0o666, 0o555), "both": (0o444, 0o555)}


@pytest.mark.parametrize("modes", PROTECTED.values(), ids=PROTECTED)
def test_what_is_write_protected_is_read_alone(modes: tuple[int, int], tmp_path: Path) -> None:
    of_file, of_folder = modes
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # where everybody may go
        path = Path(folder) / "runs.sqlite"
        keep(str(path), run(1))
        path.chmod(of_file)
        path.parent.chmod(of_folder)
        command = [sys.executable, "-c", READER, str(path), str(tmp_path / "other.sqlite")]
        done = subprocess.run(command, env=surroundings(), capture_output=True, text=True)
        path.parent.chmod(0o777)
        assert done.returncode == 0, done.stderr


# The end


def test_who_waited_in_vain_for_what_hangs_does_not_wait_again(path: str) -> None:
    database, training = Stuck(path), under_way(4)
    with Store(path, retry=0.05, open_database=lambda where: database) as store:
        store.put([run(2)])
        store.flush()
        database.gate.clear()
        store.put([run(3)])
        store.unfinished.note(training, version_of())
        store.flush()
        assert store.state().waiting == 1
        assert within(0.1, store.flush)
        database.gate.set()
        until_true(lambda: store.state().written == 2)
        until_true(lambda: store.unfinished.find([training.experiment], version_of()))
    assert knows(path, run(3))


def test_at_the_end_a_file_is_complete_in_itself(path: str, tmp_path: Path) -> None:
    keep(path, run(2))
    assert [file.name for file in tmp_path.iterdir()] == ["runs.sqlite"]
    assert knows(path, run(1))
    assert knows(path, run(2))


def test_at_the_end_a_file_is_complete_also_where_somebody_else_goes_on(path: str) -> None:
    with Store(path) as other:
        other.put([run(3)])
        other.flush()
        keep(path, run(2))
        assert Path(f"{path}-wal").stat().st_size == 0
        alone = shutil.copy(path, f"{path}.copy")
        assert knows(alone, run(2))
        assert knows(alone, run(3))
