"""A claim and its verdict: checked seed by seed, or once where it can be computed exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple

import numpy as np

from core.analysis.claims.measures import OF_RUNS, OF_SCHEDULES, possible
from core.analysis.statistics import Estimate, Share, estimate, wilson
from core.analysis.studies import check_seeds, study
from core.analysis.studies.study import Cell
from core.analysis.studies.tutorial import KERAS_2
from core.experiment import Experiment
from core.experiment.records import Run

Kind = Literal["holds", "depends", "fails"]

NEARLY_ALL = 0.9  # of the seeds: a claim holds from nine in ten,
FEW = 0.1  # fails up to one in ten, and depends on the seed in between
SEEDED_KEPT = 4_096  # experiments; those of all claims, 50 seeds and two versions are 2,200


class Measure(NamedTuple):
    """One figure that a claim is judged by: its name in `measures`, and the cell it is taken of."""

    name: str
    study: str
    value: Any

    def cell(self, version: str) -> Cell:
        return cell(self.study, self.value, version)


class Check(NamedTuple):
    """Whether some figures bear a sentence out: its kind and numbers too, for those who draw it."""

    kind: str  # "at_least", "near", …
    agrees: Callable[..., bool]
    number: float = 0.0  # the threshold, or what a figure is to be near
    tolerance: float = 0.0  # how far it may be off, or a margin between two figures

    def __call__(self, *values: float) -> bool:
        return self.agrees(*values)


@dataclass(frozen=True)
class Claim:
    """A sentence of the tutorial that can be checked.

    `study` shows it. `agrees` takes the figures of `measures`, in order, and says whether they bear
    the sentence out. An `exact` claim is about a schedule alone and needs no training. `note` says
    what is to be known of a verdict that would seem petty without it.
    """

    id: str
    sentence: str
    study: str
    measures: tuple[Measure, ...]
    agrees: Check
    note: str = ""

    @property
    def exact(self) -> bool:
        return all(measure.name in OF_SCHEDULES for measure in self.measures)


@dataclass(frozen=True)
class ClaimFigure:
    """A measure over the seeds: of its finite values the mean with its interval.

    `median` counts the others as well, so the median of an epoch that most seeds never reach is
    infinite; `infinite` says how many those are.
    """

    measure: Measure
    label: str  # of the cell: "momentum=0.9"
    estimate: Estimate
    median: float
    infinite: int

    @property
    def shown(self) -> Estimate:
        """The mean with its interval as far as it is possible."""
        return self.estimate.within(*possible(self.measure.name, self.epochs))

    @property
    def epochs(self) -> int:
        return self.measure.cell(KERAS_2).experiment.length


@dataclass(frozen=True)
class ClaimVerdict:
    """What the seeds say about a claim.

    It holds when at least nine in ten of the seeds agree, fails when at most one in ten does, and
    otherwise depends on the seed. `share` carries Wilson's interval; it is None of an exact claim.
    """

    claim: Claim
    kind: Kind
    share: Share | None
    figures: tuple[ClaimFigure, ...]

    @property
    def is_sure(self) -> bool:
        """Whether the interval of the share rules the opposite out: too few seeds leave it open.

        Of a claim that holds or fails it lies on one side of one half, which takes at least four
        seeds; of one that depends on the seed it reaches neither nine in ten nor one in ten.
        """
        if self.share is None:
            return True
        if self.kind == "depends":
            return self.share.low > FEW and self.share.high < NEARLY_ALL
        return self.share.low > 0.5 or self.share.high < 0.5


class ClaimRuns:
    """The runs that claims are judged by, of one Keras version; unfinished ones are left out."""

    def __init__(self, runs: Iterable[Run], version: str = KERAS_2) -> None:
        ended = (run for run in runs if run.outcome.is_final)
        self.version = version
        self.runs = {run.experiment: run for run in ended if is_complete(run)}
        self.known = sorted({experiment.seed for experiment in self.runs})

    def seeds(self, claim: Claim) -> list[tuple[Run, ...]]:
        """For each seed that has them all, the runs of the claim's measures in their order."""
        cells = [measure.cell(self.version).experiment for measure in claim.measures]
        rows = []
        for seed in self.known:
            wanted = [with_seed(experiment, seed) for experiment in cells]
            if all(experiment in self.runs for experiment in wanted):
                rows.append(tuple(self.runs[experiment] for experiment in wanted))
        return rows


def is_complete(run: Run) -> bool:
    return run.outcome.kind == "diverged" or len(run.records) > 0


def judge(claim: Claim, evidence: ClaimRuns) -> ClaimVerdict | None:
    """The verdict on a claim; None as long as there is no seed to judge it by."""
    if claim.exact:
        values = [schedule_figure(measure, evidence.version) for measure in claim.measures]
        kind: Kind = "holds" if claim.agrees(*values) else "fails"
        return ClaimVerdict(claim, kind, None, figures(claim, [values], evidence.version))
    table = [
        [OF_RUNS[measure.name](run) for measure, run in zip(claim.measures, runs, strict=True)]
        for runs in evidence.seeds(claim)
    ]
    if not table:
        return None
    share = wilson(sum(bool(claim.agrees(*row)) for row in table), len(table))
    return ClaimVerdict(claim, ruling(share), share, figures(claim, table, evidence.version))


def ruling(share: Share) -> Kind:
    """The word for a share of seeds.

    >>> [ruling(wilson(agree, 10)) for agree in (10, 9, 8, 2, 1, 0)]
    ['holds', 'holds', 'depends', 'depends', 'fails', 'fails']
    """
    if share.share >= NEARLY_ALL:
        return "holds"
    return "fails" if share.share <= FEW else "depends"


def figures(
    claim: Claim, table: Sequence[Sequence[float]], version: str
) -> tuple[ClaimFigure, ...]:
    """Each measure of a claim over the rows of a table, (seeds, measures)."""
    columns = zip(claim.measures, np.array(table, np.float64).T, strict=True)
    return tuple(figure(measure, column, version) for measure, column in columns)


def figure(measure: Measure, values: Any, version: str) -> ClaimFigure:
    finite = values[np.isfinite(values)]
    ordered = np.sort(values)
    middle = ordered[[(len(values) - 1) // 2, len(values) // 2]]  # inf − inf is no number
    median = float(middle[0] if middle[0] == middle[1] else middle.mean())
    label = measure.cell(version).label
    return ClaimFigure(measure, label, estimate(finite), median, len(values) - len(finite))


def schedule_figure(measure: Measure, version: str) -> float:
    return OF_SCHEDULES[measure.name](measure.cell(version).experiment)


def experiments(claims: Iterable[Claim], seeds: int, version: str = KERAS_2) -> list[Experiment]:
    """What must be trained to judge some claims, each experiment once. Raises `FieldError`."""
    check_seeds(seeds)
    cells = [m.cell(version) for claim in claims if not claim.exact for m in claim.measures]
    return list(dict.fromkeys(e for one in cells for e in one.seeded(seeds)))


@lru_cache(maxsize=SEEDED_KEPT)
def with_seed(experiment: Experiment, seed: int) -> Experiment:
    return experiment.replace({"seed": seed})


@cache
def cell(name: str, value: Any, version: str) -> Cell:
    return study(name, version).cell(value)
