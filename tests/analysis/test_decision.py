"""However long the same experiment is trained: what is decided of it stays."""

from __future__ import annotations

from typing import Any

import pytest

from core.analysis.decision import decision_epochs
from tests.analysis.trained import TUTORIAL, shorter, trained, verdict

RATE = "optimizer.learning_rate"
LENGTHS = (3, 5, 10, 20, 30, 50, 100, 200, 500, 1000, 2000)
ON_ITS_WAY = {"too_short", "nothing", "too_small", "still_improving", "never_warmed"}
MAY_BECOME = {
    "good": {"good", "overfits", "lost"},
    **{cause: {cause} for cause in ("too_large", "settled", "overfits", "lost")},
}
SCHEDULES: list[dict[str, Any]] = [
    {"schedule.kind": "time_decay", "schedule.decay": 1e-4},
    {"schedule.kind": "time_decay", "schedule.decay": 0.1},
    {"schedule.kind": "plateau", "schedule.patience": 5},
    *(  # of a rate of 1: one floor below half of it, and one above
        {"schedule.kind": "plateau", "schedule.patience": 5, "schedule.min_learning_rate": lowest}
        for lowest in (0.3, 0.6)
    ),
    {"schedule.kind": "step"},
    {"schedule.warmup_epochs": 50},
]
LASTING: list[dict[str, Any]] = [
    *({RATE: rate} for rate in (1e-7, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 0.3, 0.5, 1.0, 3.0)),
    *({RATE: rate, "seed": seed} for seed in (1, 2) for rate in (0.01, 0.5, 1.0)),
    *({RATE: rate, "optimizer.momentum": 0.9} for rate in (1e-3, 0.1, 1.0)),
    *({**schedule, RATE: rate} for schedule in SCHEDULES for rate in (0.01, 1.0)),
    *(
        {"optimizer.kind": kind, RATE: rate}
        for kind in ("rmsprop", "adagrad", "adam")
        for rate in (1e-5, 1e-3, 0.1, 1.0)
    ),
    *(
        {"data.kind": kind, RATE: rate}
        for kind in ("moons", "circles", "spirals")
        for rate in (1e-3, 0.01, 0.1, 1.0, 3.0)
    ),
    *({"data.samples": 20, RATE: rate} for rate in (1e-3, 0.1, 1.0)),
]


def causes(changes: dict[str, Any], lengths: tuple[int, ...] = LENGTHS) -> list[str]:
    """The cause of one experiment at several lengths."""
    long = trained([TUTORIAL.replace({**changes, "epochs": max(lengths)})])[0]
    return [verdict(shorter(long, n)).cause for n in lengths if n <= len(long.records)]


@pytest.mark.parametrize("changes", LASTING, ids=str)
def test_a_longer_run_never_flips_the_cause(changes: dict[str, Any]) -> None:
    found = causes(changes)
    for number, cause in enumerate(found):
        if cause not in ON_ITS_WAY:
            assert set(found[number:]) <= MAY_BECOME[cause], found


FORKS: list[list[dict[str, Any]]] = [
    [{"epoch": 50, RATE: 1.0}],
    [{"epoch": 30, RATE: 1e-7}],
    [{"epoch": 30, RATE: 1.0}, {"epoch": 90, RATE: 1.0}, {"epoch": 300, "optimizer.momentum": 0.0}],
    [{"epoch": 40, "schedule": {"kind": "constant", "warmup_epochs": 50}}],
    [{"epoch": 20, RATE: 1.0, "schedule": {"kind": "plateau", "min_learning_rate": 0.5}}],
]


@pytest.mark.parametrize("rate", [0.01, 1.0])
@pytest.mark.parametrize("changes", FORKS, ids=str)
def test_a_longer_fork_never_flips_the_cause(changes: list[dict[str, Any]], rate: float) -> None:
    """From its first change on: before that it is its parent."""
    lengths = tuple(length for length in LENGTHS if length >= changes[0]["epoch"])
    found = causes({RATE: rate, "changes": changes}, lengths)
    for number, cause in enumerate(found):
        if cause not in ON_ITS_WAY:
            assert set(found[number:]) <= MAY_BECOME[cause], found


@pytest.mark.parametrize("changes", [{RATE: 0.01}, {RATE: 1.0}, {RATE: 1e-7}], ids=str)
def test_no_length_at_all_flips_the_cause(changes: dict[str, Any]) -> None:
    found = causes(changes, tuple(range(5, 300, 7)))
    decided = [cause for cause in found if cause not in ON_ITS_WAY]
    assert len(set(decided)) <= 1
    assert all(cause in ON_ITS_WAY for cause in found[: len(found) - len(decided)])


def test_a_longer_run_is_asked_at_the_same_epochs() -> None:
    short, long = list(decision_epochs(0, 100)), list(decision_epochs(0, 2000))
    assert short == long[: len(short)]
    assert list(decision_epochs(50, 60)) == [55, 56, 57, 58, 59, 60]
