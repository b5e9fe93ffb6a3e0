"""`python -m core bench --against PATH`: this checkout's engine against another's, as JSON.

Each engine is loaded in a process of its own, and the two take turns on the same experiments, so
that whatever else the machine does weighs on both alike. The ratio of each pair of times is taken
first, then the median over the pairs.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from typing import Any, TextIO

from core.cli.bench import DIGITS, Budget, Child, ChildEnded, Report, line, process, tell
from core.experiment import Experiment
from core.experiment.refusals import FieldError, because
from core.service.machine import HOME, surroundings

SCRIPT = Path(__file__).with_name("contender.py")
ENGINE = Path("core/engine/compiled.py")  # in every checkout
PRIMING = 2  # runs of each engine before the first pair: one compiles, one settles the speed
PAIRS, QUICK_PAIRS = 21, 2
QUICK_EPOCHS = 2

DIGITS_AND_ADAM = {"data": {"kind": "digits"}, "optimizer": {"kind": "adam"}}
CASES: dict[str, dict[str, Any]] = {  # epochs so that a run takes about 20 to 200 ms
    "tutorial": {},
    "moons 64-32 tanh adam": {
        "data": {"kind": "moons"},
        "model": {"hidden": [64, 32], "activation": "tanh"},
        "optimizer": {"kind": "adam"},
    },
    "digits 128-64 adam": {**DIGITS_AND_ADAM, "model": {"hidden": [128, 64]}, "epochs": 50},
    "digits 256-256 adam": {**DIGITS_AND_ADAM, "model": {"hidden": [256, 256]}, "epochs": 20},
    "batch 8": {"batch_size": 8},
    "sigmoid": {"model": {"activation": "sigmoid"}},
    "gelu": {"model": {"activation": "gelu"}},
    "no hidden layer": {"model": {"hidden": []}},
}
BUDGETS = tuple(
    Budget(f"{name}, times as long as there", name, 1.0 if name == "tutorial" else 1.1, None, False)
    for name in CASES
)


def contest(path: str, quick: bool, here: Path = HOME, say: TextIO = sys.stderr) -> Report:
    """How long each case takes here, as a multiple of how long it takes in the checkout at `path`.

    Below 1 is faster here. Raises `FieldError` for what is no checkout.
    """
    other, pairs = checkout(path), QUICK_PAIRS if quick else PAIRS
    with ExitStack() as stack:
        ours, theirs = (
            stack.enter_context(
                process([sys.executable, "-P", str(SCRIPT)], folder, surroundings_of(folder))
            )
            for folder in (here, other)
        )
        wait_for(theirs, path)
        line(ours)
        cases = {}
        for name, given in CASES.items():
            print(name, file=say)
            cases[name] = compare(ours, theirs, experiments(given, pairs, quick))
    ratios = {name: case["ratio"] for name, case in cases.items()}
    read = [budget.read(ratios) for budget in BUDGETS]
    return {"against": path, "pairs": pairs, "cases": cases, "budgets": read}


def checkout(path: str) -> Path:
    """The folder of another checkout. Raises `FieldError`."""
    folder = Path(path).absolute()
    if "\0" in path or not (folder / ENGINE).is_file():
        reason = because("checkout", file=str(ENGINE))
        raise FieldError("Command", "--against", reason, path)
    return folder


def surroundings_of(folder: Path) -> dict[str, str]:
    """As a worker's, but so that `core` is the one in this folder and no other."""
    return {**surroundings(), "PYTHONPATH": os.fspath(folder)}


def wait_for(theirs: Child, path: str) -> None:
    try:
        line(theirs)
    except ChildEnded:
        raise FieldError("Command", "--against", because("loadable_checkout"), path) from None


def experiments(given: dict[str, Any], pairs: int, quick: bool) -> list[Experiment]:
    """The runs of a case, each with a seed of its own, so that nothing can be kept from before."""
    epochs = {"epochs": QUICK_EPOCHS} if quick else {}
    base = Experiment.from_dict({**given, **epochs})
    return [base.replace({"seed": seed}) for seed in range(PRIMING + pairs)]


def compare(ours: Child, theirs: Child, runs: Sequence[Experiment]) -> Report:
    """Both engines in turns, the other one first in every other pair."""
    pairs = []
    for number, run in enumerate(runs):
        order = (ours, theirs) if number % 2 else (theirs, ours)
        times = {child.pid: time(child, run) for child in order}
        pairs.append((times[ours.pid], times[theirs.pid]))
    return summary(pairs[PRIMING:])


def time(child: Child, run: Experiment) -> Report:
    tell(child, run.to_json())
    report: Report = json.loads(line(child))
    return report


def summary(pairs: Sequence[tuple[Report, Report]]) -> Report:
    """Medians over the pairs, and between which ratios the middle half of them lies.

    >>> there = {"seconds": 0.1, "cpu_seconds": 0.1}
    >>> here = [{"seconds": n / 100, "cpu_seconds": 0.05} for n in (5, 8, 9)]
    >>> summary([(one, there) for one in here])["ratio"]
    0.8
    """
    ratios = [ours["seconds"] / theirs["seconds"] for ours, theirs in pairs]
    quarters = quantiles(ratios, n=4, method="inclusive")
    worked = [ours["cpu_seconds"] / theirs["cpu_seconds"] for ours, theirs in pairs]
    figures = {
        "ratio": median(ratios),
        "ratio_low": quarters[0],
        "ratio_high": quarters[2],
        "cpu_ratio": median(worked),
        "milliseconds": 1000 * median(ours["seconds"] for ours, _ in pairs),
        "milliseconds_there": 1000 * median(theirs["seconds"] for _, theirs in pairs),
    }
    return {name: round(figure, DIGITS) for name, figure in figures.items()}
