"""What must hold of a store's file after a crash, and of what is asked for again."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from core.experiment import Experiment
from core.experiment.records import COLUMNS, Table, unpack_rows
from core.service.store import Store
from core.service.trainings import DEATHS_MAX
from tests.service import fake_worker
from tests.service.waiting import PATIENCE

ENDING = ("server", "both")  # after which another server has to be started
DIGITS = {"data.kind": "digits", "optimizer.kind": "adam"}


class Fault(AssertionError):  # noqa: N818 (it reads as what it is)
    """What must not be."""


def pool(made_up: bool) -> list[Experiment]:
    """Runs of a hundredth of a second to some seconds."""
    if made_up:
        slow = [fake_worker.SLOW + seed for seed in range(6)]
        quick = [Experiment(seed=seed, epochs=200) for seed in range(3)]
        return [*quick, *(Experiment(seed=seed, epochs=20 + seed % 6 * 8) for seed in slow)]
    wide = {**DIGITS, "model.hidden": [128, 128]}
    return [
        Experiment(),
        Experiment().replace({**DIGITS, "epochs": 200}),
        *(Experiment(seed=seed).replace({**wide, "epochs": 600}) for seed in range(2)),
        *(Experiment(seed=seed).replace({**wide, "epochs": 2000}) for seed in range(3)),
    ]


@cache
def fresh(experiment: Experiment, made_up: bool) -> Table:
    """What a training that nothing happens to records."""
    if made_up:
        return fake_worker.expected(experiment)
    from core.engine import train

    return train([experiment])[0].records


@dataclass
class Kept:
    """What a file has of a run."""

    epochs: int = 0
    snapshot: int = 0  # epoch
    finished: bool = False


def check_file(path: Path, wanted: Sequence[Experiment], made_up: bool) -> dict[str, Kept]:
    """What a file has of some runs. Raises `Fault` where it is damaged, or has anything else."""
    kept = {one.key: Kept() for one in wanted}
    if not path.exists():
        return kept
    by_key = {one.key: one for one in wanted}
    with closing(sqlite3.connect(path)) as connection:
        [whole] = connection.execute("PRAGMA integrity_check").fetchone()
        if whole != "ok":
            raise Fault(f"the file is damaged: {whole}")
        for key, packed in rows_of(connection, "SELECT experiment, records FROM trained_runs"):
            compare(unpack_rows(packed, COLUMNS), fresh(by_key[key], made_up), "finished")
            kept[key] = Kept(by_key[key].epochs, 0, True)
        for run, key, epoch, snapshot in rows_of(
            connection, "SELECT run, experiment, epoch, snapshot_epoch FROM unfinished_runs"
        ):
            stretches = connection.execute(
                "SELECT records FROM unfinished_rows WHERE run = ? ORDER BY first", (run,)
            )
            rows = unpack_rows(b"".join(packed for (packed,) in stretches), COLUMNS)
            compare(rows, fresh(by_key[key], made_up)[:epoch], "under way")
            if not kept[key].finished:
                kept[key] = Kept(epoch, snapshot)
    return kept


def rows_of(connection: sqlite3.Connection, query: str) -> list[Any]:
    """None where the table is not there yet."""
    try:
        return connection.execute(query).fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return []
        raise


def compare(stored: Table, right: Table, what: str) -> None:
    """Raise `Fault` unless they are the same to the last bit."""
    if stored.shape != right.shape or not np.array_equal(stored, right, equal_nan=True):
        raise Fault(f"stored records of a run {what} are not those of a fresh training")


def check_going_on(
    said: Sequence[Mapping[str, Any]],
    jobs: Sequence[Sequence[Experiment]],
    kept: Mapping[str, Kept],
    exact: bool,
) -> None:
    """Raise `Fault` where a job that was asked for again did not go on from what was kept.

    It has at once what was stored, and tells what its furthest run goes on from: the snapshot that
    was stored, or a later one where workers were killed since.
    """
    for job, first, then in zip(jobs, said[0]["jobs"], said[-1]["jobs"], strict=True):
        stored = [kept.get(one.key, Kept()) for one in job]
        if any(got < one.epochs for got, one in zip(first["epochs"], stored, strict=True)):
            raise Fault(f"stored epochs were not told at once: {first}, {stored}")
        furthest = max(one.snapshot for one in stored)
        if then["from"] < furthest or (exact and kept and then["from"] > furthest):
            raise Fault(f"a run went on from epoch {then['from']}, not from {furthest}")


def expect_suspicion(end: Mapping[str, Any], targets: Sequence[str]) -> None:
    """Raise `Fault` for a run that was given up though its workers were not killed twice."""
    if sum(target not in ENDING for target in targets) < DEATHS_MAX:
        raise Fault(f"a run was given up: {[job['ends'] for job in end['jobs']]}")


def check_end(path: Path, wanted: Sequence[Experiment], made_up: bool) -> None:
    """All are stored, whole and once, and nothing as under way; also as a store reads it."""
    kept = check_file(path, wanted, made_up)
    if not all(one.finished for one in kept.values()):
        raise Fault(f"not all runs are stored at the end: {kept}")
    with closing(sqlite3.connect(path)) as connection:
        for table in ("unfinished_runs", "unfinished_rows"):
            if rows_of(connection, f"SELECT run FROM {table}"):
                raise Fault(f"{table} has rows at the end")
    with Store(str(path), deadline=PATIENCE) as store:
        found = store.find(wanted)
    for one in wanted:
        compare(found[one.key].records, fresh(one, made_up), "read at the end")


def lag_of(
    said: Sequence[Mapping[str, Any]],
    jobs: Sequence[Sequence[Experiment]],
    kept: Mapping[str, Kept],
    killed_at: float,
) -> float:
    """How long before the end the first epoch was told that is not stored; 0 where all are."""
    stored = [[kept[one.key].epochs for one in job] for job in jobs]
    for moment in said:
        told = [job["epochs"] for job in moment["jobs"]]
        flat = [pair for pairs in map(zip, told, stored) for pair in pairs]
        if any(far > near for far, near in flat):
            return max(killed_at - moment["at"], 0.0)
    return 0.0
