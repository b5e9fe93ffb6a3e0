"""Kills a laboratory, its workers or both at random moments and asks for the same again.

    scripts/crash [--rounds N] [--seed S] [--made-up] [--json FILE]

Each round has a store of its own: some runs are asked for, something is killed by SIGKILL, the
store's file is looked into, and the same is asked for again. Then every stored epoch must be that
of a fresh training, once; what had a snapshot must have gone on from it; SQLite must find its file
whole; and no process may be left. What fails is told by round and seed; the exit status is 1.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from core.experiment import Experiment
from core.experiment.records import COLUMNS, Table, unpack_rows
from core.service.machine import surroundings
from core.service.store import Store
from tests.service import fake_worker
from tests.service.crash_server import MADE_UP

MARK = "LEARNING_RATE_LAB_CRASH"  # in the surroundings of every process of a round
ENDING = ("server", "both")  # after which another server has to be started
TARGETS = ("workers", "one worker", *ENDING)
KILLS = (1, 1, 2)  # of a round, one of these
GONE_SECONDS = 60.0  # in which processes that were left alone must have ended
PATIENCE = 600.0  # for a round's runs on a busy machine
RUNS_MAX = 4
LATEST_SECONDS = {False: 6.0, True: 2.0}  # after the first record, that something is killed
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
        *(Experiment(seed=seed) for seed in range(3)),
        *(Experiment(seed=seed).replace({**DIGITS, "epochs": 200}) for seed in range(2)),
        *(Experiment(seed=seed).replace({**wide, "epochs": 600}) for seed in range(3)),
        *(Experiment(seed=seed).replace({**wide, "epochs": 2000}) for seed in range(2)),
    ]


@cache
def fresh(experiment: Experiment, made_up: bool) -> Table:
    """What a training that nothing happens to records."""
    if made_up:
        return fake_worker.expected(experiment)
    from core.engine import train

    return train([experiment])[0].records


@dataclass
class Server:
    """A laboratory's process and what it has said."""

    process: subprocess.Popen[str]
    mark: str
    said: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def start(cls, path: Path, mark: str, wanted: Sequence[Sequence[Experiment]], made_up: bool):
        command = [sys.executable, "-m", "tests.service.crash_server", str(path)]
        process = subprocess.Popen(
            [*command, MADE_UP] if made_up else command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**surroundings(), MARK: mark},
            text=True,
        )
        assert process.stdin
        jobs = [[one.to_dict() for one in job] for job in wanted]
        print(json.dumps(jobs), file=process.stdin, flush=True)
        return cls(process, mark)

    def hear(self) -> Iterator[dict[str, Any]]:
        """What it says from here on, to its end or to that of its jobs."""
        assert self.process.stdout
        if self.said and self.said[-1]["done"]:
            return
        for line in self.process.stdout:
            if line.endswith("\n") and "jobs" in (one := json.loads(line)):
                self.said.append(one)
                yield one
                if one["done"]:
                    return

    def workers(self) -> list[int]:
        return [pid for pid in marked(self.mark) if pid != self.process.pid]

    def close(self) -> None:
        """Have it end by itself, unless it has been killed."""
        with self.process as process, suppress(BrokenPipeError):
            assert process.stdin
            process.stdin.close()
            process.wait(GONE_SECONDS)


def marked(mark: str) -> list[int]:
    """The processes that a round has started and that are there."""
    wanted, found = f"{MARK}={mark}\0".encode(), []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (folder / "environ").read_bytes() + b"\0":
                found.append(int(folder.name))
        except OSError:  # it has gone, or is another's
            continue
    return found


def kill(pids: Sequence[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def hit(server: Server, target: str, chance: random.Random) -> None:
    workers = server.workers()
    if target == "one worker":
        workers = workers and [chance.choice(workers)]
    if target in ("server", "both"):
        kill([server.process.pid])
    if target != "server":
        kill(workers)


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


@dataclass(frozen=True)
class Outcome:
    """What came of a round."""

    targets: tuple[str, ...]
    went_on: int  # jobs, from a snapshot, after the last kill
    lags: tuple[float, ...]  # seconds that what had been told was not stored yet, at each end


def play(number: int, seed: int, made_up: bool, folder: Path) -> Outcome:
    """One round. Raises `Fault`."""
    chance = random.Random(f"{seed} {number}")
    mark, path = f"{os.getpid()}-{number}", folder / f"{number}.sqlite"
    wanted = chance.sample(pool(made_up), chance.randint(1, RUNS_MAX))
    cut = chance.randint(0, len(wanted) - 1)
    jobs = [job for job in (wanted[:cut], wanted[cut:]) if job]
    targets = chance.choices(TARGETS, k=chance.choice(KILLS))
    lags, kept, exact = [], {}, True
    server = Server.start(path, mark, jobs, made_up)
    try:
        for target in targets:
            killed_at = wait_and_hit(server, target, chance, LATEST_SECONDS[made_up])
            exact = target in ENDING
            if target in ENDING:
                server.close()
                expect_gone(mark)
                kept = check_file(path, wanted, made_up)
                lags.append(lag_of(server.said, jobs, kept, killed_at))
                server = Server.start(path, mark, jobs, made_up)
        end = last(server)
        check_going_on(server, jobs, kept, exact)
        server.close()
        expect_gone(mark)
        check_end(path, wanted, made_up)
    finally:
        kill(marked(mark))
        server.close()
    went_on = sum(job["from"] > 0 for job in end["jobs"])
    return Outcome(tuple(targets), went_on, tuple(lags))


def wait_and_hit(server: Server, target: str, chance: random.Random, latest: float) -> float:
    """Kill at a random moment: before anything is trained, or up to some seconds after; when."""
    seconds = chance.uniform(0.0, latest)
    early = chance.random() < 0.1
    begun = None
    for said in server.hear():
        if begun is None and any(map(sum, (job["epochs"] for job in said["jobs"]))):
            begun = said["at"]
        if early or (begun is not None and said["at"] >= begun + seconds):
            break
    killed_at = time.time()
    hit(server, target, chance)
    return killed_at


def last(server: Server) -> dict[str, Any]:
    """What it says at the end of its jobs. Raises `Fault` where it does not come to it."""
    give_up = time.monotonic() + PATIENCE
    if server.said and server.said[-1]["done"]:
        return server.said[-1]
    for said in server.hear():
        if said["done"]:
            return said
        if time.monotonic() > give_up:
            raise Fault("the runs never ended")
    raise Fault("the server ended before its runs did")


def check_going_on(
    server: Server, jobs: Sequence[Sequence[Experiment]], kept: Mapping[str, Kept], exact: bool
) -> None:
    """Raise `Fault` where a job that was asked for again did not go on from what was kept.

    It has at once what was stored, and tells what its furthest run goes on from: the snapshot that
    was stored, or a later one where workers were killed since.
    """
    end = last(server)
    for job, first, then in zip(jobs, server.said[0]["jobs"], end["jobs"], strict=True):
        stored = [kept.get(one.key, Kept()) for one in job]
        if any(got < one.epochs for got, one in zip(first["epochs"], stored, strict=True)):
            raise Fault(f"stored epochs were not told at once: {first}, {stored}")
        furthest = max(one.snapshot for one in stored)
        if then["from"] < furthest or (exact and kept and then["from"] > furthest):
            raise Fault(f"a run went on from epoch {then['from']}, not from {furthest}")


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


def expect_gone(mark: str) -> None:
    """Raise `Fault` where a process of the round outlives those that it belongs to."""
    give_up = time.monotonic() + GONE_SECONDS
    while left := marked(mark):
        if time.monotonic() > give_up:
            raise Fault(f"{len(left)} processes are left")
        time.sleep(0.05)


def rounds(count: int, seed: int, made_up: bool) -> dict[str, Any]:
    """Play rounds, and sum up."""
    outcomes, faults = [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            try:
                outcomes.append(play(number, seed, made_up, Path(folder)))
                text = f"{outcomes[-1]}"
            except (AssertionError, subprocess.TimeoutExpired) as fault:
                faults.append({"round": number, "fault": str(fault)})
                text = str(fault)
            print(f"round {number}: {text}", file=sys.stderr, flush=True)
    lags = sorted(lag for one in outcomes for lag in one.lags)
    return {
        "rounds": count,
        "seed": seed,
        "workers": MADE_UP if made_up else "real",
        "killed": dict(Counter(target for one in outcomes for target in one.targets)),
        "jobs that went on from a snapshot": sum(one.went_on for one in outcomes),
        "seconds not stored yet": {
            "median": round(lags[len(lags) // 2], 3) if lags else 0.0,
            "most": round(lags[-1], 3) if lags else 0.0,
        },
        "faults": faults,
    }


def main(given: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/crash", description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--made-up", action="store_true", help="workers that load nothing")
    parser.add_argument("--json", type=Path, help="where the sums go, beside standard output")
    asked = parser.parse_args(given)
    sums = rounds(asked.rounds, asked.seed, asked.made_up)
    for name, value in sums.items():
        print(f"{name}: {value}")
    if asked.json:
        asked.json.write_text(json.dumps(sums, indent=2) + "\n", "utf-8")
    return 1 if sums["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
