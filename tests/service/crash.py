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
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.service.crash_checks import (
    ENDING,
    Fault,
    check_end,
    check_file,
    check_going_on,
    expect_suspicion,
    lag_of,
    pool,
)
from tests.service.crash_process import GONE_SECONDS, Server, kill, marked
from tests.service.crash_server import MADE_UP

TARGETS = ("workers", "one worker", *ENDING)
KILLS = (1, 1, 2)  # of a round, one of these
PATIENCE = 600.0  # for a round's runs on a busy machine
RUNS_MAX = 4
LATEST_SECONDS = {False: 5.0, True: 2.0}  # after the first record, that something is killed


def hit(server: Server, target: str, chance: random.Random) -> None:
    workers = server.workers()
    if target == "one worker":
        workers = workers and [chance.choice(workers)]
    if target in ("server", "both"):
        kill([server.process.pid])
    if target != "server":
        kill(workers)


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
        check_going_on(server.said, jobs, kept, exact)
        if any(kind == "interrupted" for job in end["jobs"] for kind, _ in job["ends"]):
            expect_suspicion(end, targets)
            server.close()  # what was given up is tried anew by whoever asks again
            server = Server.start(path, mark, jobs, made_up)
            last(server)
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
