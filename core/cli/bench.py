"""`python -m core bench`: the engines side by side, in one run on one machine, as JSON.

Each part has processes of its own: `fit` with TensorFlow's threads as they come, the compiled
engine as a worker has it. Times are those of a clock on the wall: nothing else should be running.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, TextIO

from core.service.machine import HOME, surroundings

RATES = 8
PROCESSES = 2  # that share the eight rates and the sweep, as workers share a study on two cores
THREADS = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
DIGITS = 6  # after the point

Report = dict[str, Any]
Child = subprocess.Popen[str]


class ChildEnded(RuntimeError):  # noqa: N818
    """A process that was to measure something has died."""

    def __init__(self, child: Child) -> None:
        super().__init__(f"Bench: a process ended early, with status {child.wait()}.")


@dataclass(frozen=True)
class Amount:
    """How much is measured; by default the tutorial in full."""

    epochs: int = 200
    runs: int = 512  # of the sweep


QUICK = Amount(epochs=10, runs=16)  # shows that all works; its ratios mean little


@dataclass(frozen=True)
class Budget:
    """What a figure of the report should come to, at the least and at best."""

    what: str
    figure: str  # its name in the report
    budget: float | None
    aim: float | None
    upwards: bool = True  # whether more is better

    def read(self, report: Report) -> Report:
        """
        >>> Budget("a ratio", "ratio", 400, 1000).read({"ratio": 700.0})["reading"]
        'budget of at least 400 reached, aim of at least 1000 missed'
        """
        measured = report[self.figure]
        said = [
            f"{name} of {self.side} {limit:g} {self.verdict(measured, limit)}"
            for name, limit in (("budget", self.budget), ("aim", self.aim))
            if limit is not None
        ]
        return {"what": self.what, "measured": measured, "reading": ", ".join(said)}

    @property
    def side(self) -> str:
        return "at least" if self.upwards else "at most"

    def verdict(self, measured: float, limit: float) -> str:
        kept = measured >= limit if self.upwards else measured <= limit
        return "reached" if kept else "missed"


# Of one run and of eight rates the budget is not to be slower than before: `core.cli.contest`.
BUDGETS = (
    Budget("one run, times as fast as fit", "one_ratio", None, 2000),
    Budget("eight rates, times as fast as eight fits", "eight_ratio", None, 4000),
    Budget("milliseconds a run of the sweep", "sweep_run_milliseconds", 12, 6, upwards=False),
)


def measure(size: Amount = Amount(), say: TextIO = sys.stderr) -> Report:
    """Seconds, ratios, and how the budgets read them."""
    report: Report = {"epochs": size.epochs, "sweep_runs": size.runs, "processes": PROCESSES}
    print(f"plain fit, {size.epochs} epochs", file=say)
    report |= timed("fit", size, 1)
    print("compiled, one run", file=say)
    report |= timed("one", size, 1)
    print("compiled, eight rates", file=say)
    report |= timed("eight", size, PROCESSES)
    print(f"compiled, a sweep of {size.runs} runs", file=say)
    report["sweep_seconds"] = timed("sweep", size, PROCESSES)["seconds"]
    report |= {
        "one_ratio": report["fit_seconds"] / report["one_seconds"],
        "eight_fits_seconds": RATES * report["fit_seconds"],  # eight times the one measured
        "eight_ratio": RATES * report["fit_seconds"] / report["eight_seconds"],
        "sweep_run_milliseconds": 1000 * report["sweep_seconds"] / size.runs,
    }
    del report["seconds"]
    rounded = {k: round(v, DIGITS) if isinstance(v, float) else v for k, v in report.items()}
    return rounded | {"budgets": [budget.read(rounded) for budget in BUDGETS]}


def timed(part: str, size: Amount, processes: int) -> Report:
    """What the slowest process of a part reports, and the seconds from telling them all to go."""
    with children(part, size, processes) as started:
        for child in started:
            line(child)  # ready
        begun = perf_counter()
        for child in started:
            tell(child)
        reports = [json.loads(line(child)) for child in started]
        seconds = perf_counter() - begun
    slowest = {name: max(report[name] for report in reports) for name in reports[0]}
    return {**slowest, "seconds": seconds}


@contextmanager
def children(part: str, size: Amount, processes: int) -> Iterator[list[Child]]:
    """Processes that share the runs of a part, ended on the way out."""
    environment = surroundings()
    if part == "fit":
        environment |= dict.fromkeys(THREADS, "0")  # as many as TensorFlow finds good
    sizes = [str(size.epochs), str(size.runs), str(processes)]
    command = [sys.executable, "-m", "core.cli.timing", part, *sizes]
    with ExitStack() as stack:
        yield [
            stack.enter_context(process([*command, str(place)], HOME, environment))
            for place in range(processes)
        ]


@contextmanager
def process(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Iterator[Child]:
    """A process that is talked to line by line, ended on the way out."""
    child = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,  # Ctrl-C is for the parent, which ends it
    )
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def line(child: Child) -> str:
    """The next line that a child writes. Raises `ChildEnded` when it has died."""
    assert child.stdout is not None
    if said := child.stdout.readline():
        return said
    raise ChildEnded(child)


def tell(child: Child, words: str = "go") -> None:
    """Write a line to a child. Raises `ChildEnded` when it has died."""
    assert child.stdin is not None
    try:
        child.stdin.write(f"{words}\n")
        child.stdin.flush()
    except BrokenPipeError:
        raise ChildEnded(child) from None
