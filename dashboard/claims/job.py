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
from dashboard.settings.pin import TRAINED
from dashboard.settings.studies import versions

JOBS_KEPT = 32  # plans and verdicts, of all visitors; one of 50 seeds takes about 1 MB


class Whole(NamedTuple):
    """The experiments of all studies, each once, and where they are.

    `runs` has of each version and study the numbers of the runs of its cells, seed by seed. What
    two versions train alike is one run of both.
    """

    experiments: tuple[Experiment, ...]
    places: Mapping[Experiment, int]
    studies: Mapping[tuple[str, str], Study]
    runs: Mapping[tuple[str, str], list[list[int]]]


Verdicts = Mapping[str, ClaimVerdict]  # by claim


@lru_cache(maxsize=JOBS_KEPT)
def whole(seeds: int, preset: str) -> Whole:
    """The whole tutorial over so many seeds under one version of Keras, or under both."""
    studies = {(one, name): study(name, one) for one in versions(preset) for name in TRAINED}
    cells = {name: [cell.seeded(seeds) for cell in one.cells] for name, one in studies.items()}
    each = dict.fromkeys(e for groups in cells.values() for group in groups for e in group)
    places = {experiment: number for number, experiment in enumerate(each)}
    runs = {name: [[places[e] for e in group] for group in of] for name, of in cells.items()}
    return Whole(tuple(each), places, studies, runs)


@lru_cache(maxsize=JOBS_KEPT)
def milestones(seeds: int, preset: str) -> list[list[int]]:
    """What must have ended for the claims of each study, a group of runs a version and study."""
    places = whole(seeds, preset).places
    groups = [
        [claim for claim in CLAIMS if claim.study == name and not claim.exact] for name in TRAINED
    ]
    return [
        [places[e] for e in experiments(group, seeds, version)]
        for version in versions(preset)
        for group in groups
        if group
    ]


def verdicts(job: str | None, seeds: int, preset: str) -> dict[str, Verdicts]:
    """By version the verdicts that can be given: on all seeds, or when no more are to come."""
    asked = versions(preset)
    if job is None:
        return {version: verdicts_of((), seeds, version) for version in asked}
    if laboratory().progress(job).state == "done":
        return {version: final_verdicts(job, version) for version in asked}
    runs = laboratory().runs(job)
    return {version: verdicts_of(runs, seeds, version) for version in asked}


@lru_cache(maxsize=JOBS_KEPT)
def final_verdicts(job: str, version: str) -> Verdicts:
    """Of a job that is done, however many seeds it has. Raises `UnknownJob`."""
    return verdicts_of(laboratory().runs(job), 1, version)


def verdicts_of(
    runs: list[Run] | tuple[Run, ...], seeds: int, version: str
) -> dict[str, ClaimVerdict]:
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


def flips(claim: Claim, found: Mapping[str, Verdicts]) -> bool:
    """Whether one version of Keras bears a claim out otherwise than another does."""
    kinds = {of[claim.id].kind for of in found.values() if claim.id in of}
    return len(kinds) > 1
