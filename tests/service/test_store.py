"""Runs that are kept: found again as they were, bounded, and never in anybody's way."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sql

from core.experiment import Experiment
from core.experiment.records import COLUMNS, Columns, Outcome, Run
from core.service.database import TABLE, Database, StoredRow
from core.service.machine import surroundings
from core.service.store import (
    ROW_BYTES,
    STORE_VARIABLE,
    Store,
    open_store,
    where_to_keep,
)
from core.service.store_writer import BATCH_ROWS
from core.service.version import Version, version_of
from tests.service.postgres import Postgres
from tests.service.waiting import PATIENCE
from tests.service.waiting import until_true as until

WIDE = (*COLUMNS, "gradient_norm", "sharpness")


def run(
    seed: int = 0,
    epochs: int = 5,
    outcome: Outcome | None = None,
    columns: Columns = COLUMNS,
) -> Run:
    """The figures of a column are the same whichever others there are."""
    numbers = np.random.default_rng(seed).normal(size=(len(columns), epochs + 1)).T
    experiment = Experiment(seed=seed, epochs=max(epochs, 1))
    ended = outcome or Outcome("finished", epochs)
    return Run(experiment, numbers[1:], ended, columns, numbers[0])


def same(one: Run | None, other: Run) -> bool:
    return (
        one is not None
        and (one.experiment, one.outcome) == (other.experiment, other.outcome)
        and one.columns == other.columns
        and one.records.dtype == np.float64
        and np.array_equal(one.records, other.records, equal_nan=True)
        and (one.start is None) == (other.start is None)
        and (one.start is None or np.array_equal(one.start, other.start))
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where nothing is kept yet, in each kind of database."""
    if request.param == "sqlite":
        return str(tmp_path / "kept" / "runs.sqlite")
    server: Postgres = request.getfixturevalue("postgres_server")
    return server.new_place()


@pytest.fixture
def store(where: str) -> Iterator[Store]:
    with Store(where, deadline=PATIENCE) as opened:
        yield opened


def test_a_run_comes_back_to_the_last_bit(store: Store, where: str) -> None:
    kept = run()
    kept.records[0] = [np.pi, np.inf, -np.inf, np.nan, 5e-324, -0.0, 1 / 3]
    assert store.get(kept.experiment) is None
    store.put([kept])
    assert same(store.get(kept.experiment), kept)  # before it is written
    store.flush()
    assert same(store.get(kept.experiment), kept)
    store.close()
    with Store(where, deadline=PATIENCE) as again:
        assert same(again.get(kept.experiment), kept)


def test_a_run_that_diverged_at_once_has_no_records(store: Store) -> None:
    kept = run(epochs=0, outcome=Outcome("diverged", 1, "a rate of 1e9"))
    store.put([kept])
    store.flush()
    assert same(store.get(kept.experiment), kept)


def test_many_runs_are_found_at_once(store: Store) -> None:
    kept = [run(seed) for seed in range(3 * BATCH_ROWS)]
    store.put(kept)
    store.flush()
    found = store.find([Experiment(seed=9999), *(one.experiment for one in kept)])
    assert len(found) == len(kept)
    assert all(same(found[one.experiment.key], one) for one in kept)


def test_another_engine_or_version_knows_nothing_of_it(store: Store) -> None:
    kept, older, fit = run(1), Version("compiled", "1"), version_of("keras")
    store.put([kept])
    store.flush()
    assert store.get(kept.experiment, version_of("compiled"))
    assert store.get(kept.experiment, older) is None
    assert store.get(kept.experiment, fit) is None
    store.put([run(2)], fit)
    assert store.get(run(2).experiment) is None
    assert store.get(run(2).experiment, fit)


def test_what_is_put_twice_is_kept_once(store: Store, where: str) -> None:
    for _ in range(2):
        store.put([run()])
        store.flush()
    assert count(where) == 1


def test_a_run_that_was_kept_without_a_start_comes_back_without_one(store: Store) -> None:
    kept = replace(run(), start=None)
    store.put([kept])
    store.flush()
    assert same(store.get(kept.experiment), kept)


def test_a_run_answers_for_the_columns_that_it_has(store: Store) -> None:
    wide = run(1, columns=WIDE)
    store.put([wide])
    store.flush()
    assert same(store.get(wide.experiment), run(1))
    for columns in (WIDE, WIDE[:-1], (*COLUMNS, WIDE[-1])):
        found = store.find([wide.experiment], columns=columns)[wide.experiment.key]
        assert found.columns == columns
        for name in columns:
            np.testing.assert_array_equal(found.column(name), wide.column(name))
    assert store.find([wide.experiment], columns=(*COLUMNS, "momentum_norm")) == {}


@pytest.mark.parametrize("order", [(COLUMNS, WIDE), (WIDE, COLUMNS)])
def test_of_two_runs_of_an_experiment_the_one_with_more_columns_stays(
    store: Store, order: tuple[Columns, ...]
) -> None:
    for columns in order:
        store.put([run(columns=columns)])
        store.flush()
    [kept] = store.list_runs()
    assert same(store.read(kept), run(columns=WIDE))


@pytest.mark.parametrize("order", [(COLUMNS, WIDE), (WIDE, COLUMNS)])
def test_of_two_runs_that_are_still_to_be_written_the_one_with_more_columns_stays(
    store: Store, order: tuple[Columns, ...]
) -> None:
    store.put([run(columns=columns) for columns in order])  # of one batch
    store.flush()
    [kept] = store.list_runs()
    assert same(store.read(kept), run(columns=WIDE))


def test_a_run_that_is_put_while_another_of_its_name_is_written_is_written_too(where: str) -> None:
    with PutsMeanwhile(where, [run(columns=WIDE)]) as store:
        store.put([run()])
        store.flush()
        [kept] = store.list_runs()
        assert same(store.read(kept), run(columns=WIDE))


class PutsMeanwhile(Store):
    """Puts some runs just before it first writes others."""

    def __init__(self, where: str, meanwhile: list[Run]) -> None:
        self.meanwhile = meanwhile
        super().__init__(where, open_database=self.open)

    def open(self, where: str) -> Database:
        store = self

        class Interrupted(Database):
            def write(self, rows: Sequence[StoredRow]) -> None:
                if store.meanwhile:
                    store.put([store.meanwhile.pop()])
                super().write(rows)

        return Interrupted(where)


def test_all_that_is_kept_is_listed_and_read_under_its_version(store: Store) -> None:
    older = Version("compiled", "an older one")
    store.put([run(1)])
    store.put([run(1), run(2, 3, Outcome("diverged", 4))], older)
    listed = store.list_runs()
    assert [(one.engine, one.version, one.outcome) for one in listed] == [
        (*version_of("compiled"), "finished"),
        (*older, "finished"),
        (*older, "diverged"),
    ]
    assert [one.key for one in listed] == [run(seed).experiment.key for seed in (1, 1)] + [
        run(2, 3).experiment.key
    ]
    assert [same(store.read(one), run(1)) for one in listed] == [True, True, False]
    assert store.read(listed[0]._replace(version="never")) is None
    assert store.read(listed[0]._replace(description="no JSON")) is None


def test_what_is_put_is_written_without_being_asked(store: Store, where: str) -> None:
    store.put([run()])
    until(lambda: store.state().written == 1)
    assert count(where) == 1


def test_the_file_is_shared_by_readers_and_writers(tmp_path: Path) -> None:
    path = str(tmp_path / "runs.sqlite")
    with Store(path, deadline=PATIENCE) as store:
        store.put([run()])
        store.flush()
        with sqlite3.connect(path) as other:
            assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        other.close()


def test_threads_and_processes_write_to_one_store(store: Store, where: str) -> None:
    code = (
        "import sys\n"
        "from core.service.store import Store\n"
        "from tests.service.test_store import run\n"
        "with Store(sys.argv[1]) as store:\n"
        "    for seed in range(200, 300): store.put([run(seed)]); store.flush()\n"
    )
    other = subprocess.Popen([sys.executable, "-c", code, where], env=surroundings())
    threads = [
        threading.Thread(target=lambda n=n: [store.put([run(50 * n + i)]) for i in range(50)])
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert other.wait(PATIENCE) == 0
    store.flush()
    assert len(store.find([Experiment(seed=seed, epochs=5) for seed in range(300)])) == 300


def test_the_oldest_runs_go_when_there_is_no_room(where: str) -> None:
    figures = run().records.nbytes + run().start.nbytes
    size = ROW_BYTES + len(run().experiment.to_json()) + len(",".join(COLUMNS)) + figures
    for seed in range(5):
        with Store(where, bytes_max=3 * size + 100) as store:
            store.put([run(seed)])
    assert count(where) == 3
    with Store(where, deadline=PATIENCE) as store:
        assert [bool(store.get(run(seed).experiment)) for seed in range(5)] == [False] * 2 + [
            True
        ] * 3


DAMAGE = {
    "short records": {"records": b"\1\2"},
    "a short start": {"start": b"\1"},
    "no start": {"start": b""},
    "few columns": {"columns": "epoch,loss"},
    "no columns": {"columns": ""},
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_row_that_no_store_wrote_is_not_believed(
    store: Store, where: str, damage: dict[str, object]
) -> None:
    store.put([run()])
    store.flush()
    engine = sql.create_engine(where if "://" in where else f"sqlite:///{where}")
    with engine.begin() as connection:
        connection.execute(sql.update(TABLE).values(damage))
    engine.dispose()
    assert store.get(run().experiment) is None
    assert store.trouble == ""


def test_what_was_said_of_a_run_is_kept_whatever_it_is(store: Store) -> None:
    why = "a 'quote', a % sign, a line\nand 轮\0\ud800"
    store.put([run(outcome=Outcome("failed", 5, why))])
    store.flush()
    kept = store.get(run().experiment)
    assert kept
    assert kept.outcome.why == "a 'quote', a % sign, a line\nand 轮\ufffd?"


def test_the_environment_says_where_runs_are_kept(tmp_path: Path) -> None:
    assert where_to_keep({STORE_VARIABLE: "postgresql://host/lab"}) == "postgresql://host/lab"
    assert where_to_keep({"XDG_CACHE_HOME": "/cache"}) == "/cache/learning-rate-lab/runs.sqlite"
    assert Path(where_to_keep({}) or "").is_absolute()
    assert open_store({STORE_VARIABLE: "NONE"}) is None
    opened = open_store({STORE_VARIABLE: str(tmp_path / "runs.sqlite")})
    assert opened
    opened.close()


def count(where: str) -> int:
    with Store(where, deadline=PATIENCE) as store:
        return len(store.list_runs())
