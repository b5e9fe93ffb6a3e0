"""All studies of the tutorial as one job, and the verdicts that its runs give."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from core.analysis.claims import CLAIMS, Claim, ClaimRuns, ClaimVerdict, experiments, judge
from core.analysis.studies import STUDIES, Study, study
from core.experiment import Experiment
from core.experiment.records import Run
from dashboard.laboratory import laboratory

JOBS_KEPT = 32  # plans and verdicts, of all visitors; one of 50 seeds takes about 1 MB
TRAINED = tuple(name for name in STUDIES if study(name).shows == "training")


class Whole(NamedTuple):
    """The experiments of all studies, each once, and where they are.

    `runs` has of each study the numbers of the runs of its cells, seed by seed.
    """

    experiments: tuple[Experiment, ...]
    places: Mapping[Experiment, int]
    studies: Mapping[str, Study]
    runs: Mapping[str, list[list[int]]]


@lru_cache(maxsize=JOBS_KEPT)
def whole(seeds: int, version: str) -> Whole:
    """The whole tutorial over so many seeds under one version of Keras."""
    studies = {name: study(name, version) for name in TRAINED}
    cells = {name: [cell.seeded(seeds) for cell in one.cells] for name, one in studies.items()}
    each = dict.fromkeys(e for groups in cells.values() for group in groups for e in group)
    places = {experiment: number for number, experiment in enumerate(each)}
    runs = {name: [[places[e] for e in group] for group in of] for name, of in cells.items()}
    return Whole(tuple(each), places, studies, runs)


@lru_cache(maxsize=JOBS_KEPT)
def milestones(seeds: int, version: str) -> list[list[int]]:
    """What must have ended for the claims of each study, a group of runs a study."""
    places = whole(seeds, version).places
    groups = [
        [claim for claim in CLAIMS if claim.study == name and not claim.exact] for name in TRAINED
    ]
    return [[places[e] for e in experiments(group, seeds, version)] for group in groups if group]


def verdicts(job: str | None, seeds: int, version: str) -> dict[str, ClaimVerdict]:
    """The verdicts that can be given, by claim: on all seeds, or when no more are to come."""
    if job is None:
        return judged((), seeds, version)
    if laboratory().progress(job).state == "done":
        return final_verdicts(job, version)
    return judged(laboratory().runs(job), seeds, version)


@lru_cache(maxsize=JOBS_KEPT)
def final_verdicts(job: str, version: str) -> dict[str, ClaimVerdict]:
    """Of a job that is done, however many seeds it has. Raises `UnknownJob`."""
    return judged(laboratory().runs(job), 1, version)


def judged(runs: list[Run] | tuple[Run, ...], seeds: int, version: str) -> dict[str, ClaimVerdict]:
    """The verdicts that rest on at least so many seeds; those on schedules alone always."""
    evidence = ClaimRuns(runs, version)
    found = ((claim, judge(claim, evidence)) for claim in CLAIMS)
    return {claim.id: one for claim, one in found if one and rests(one, seeds)}


def rests(verdict: ClaimVerdict, seeds: int) -> bool:
    return verdict.share is None or verdict.share.total >= seeds


def by_study() -> dict[str, list[Claim]]:
    """The claims of each study, in the order of the tutorial."""
    found: dict[str, list[Claim]] = {name: [] for name in STUDIES}
    for claim in CLAIMS:
        found[claim.study].append(claim)
    return {name: claims for name, claims in found.items() if claims}
