"""The judge on made-up records whose answer is known, for every claim and for its opposite."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.claims import CLAIMS, ClaimRuns, judge
from core.analysis.claims.measures import OF_RUNS, OF_SCHEDULES, WORDS
from core.analysis.studies import STUDIES
from tests.analysis.studies.made_up import climbing_to, jumping, made_up, seeded

SEEDS = 10
BY_ID = {claim.id: claim for claim in CLAIMS}
SEEDED = [claim.id for claim in CLAIMS if not claim.exact]


def test_accuracy(value):
    return {"val_accuracy": value}


def training_accuracy(value):
    return {"accuracy": value}


test_accuracy.__test__ = False  # it makes columns


def reaches(epoch):
    return test_accuracy(climbing_to(0.82, at=epoch))


def cut_at(*epochs, first=0.01):
    """A rate that falls to a tenth at each of some epochs."""
    count = np.arange(1, 201)
    return {"learning_rate": first * 0.1 ** sum((count >= epoch).astype(float) for epoch in epochs)}


def settles(epoch):
    return training_accuracy(climbing_to(0.8, at=epoch))


NEVER, STEADY = reaches(999), test_accuracy(0.8)
# Of each claim, the records of its cells when it is right, and when it is wrong.
ANSWERS = {
    "rate-1-oscillates": (
        [training_accuracy(jumping(0.6, by=0.05))],
        [training_accuracy(jumping(0.6, by=0.01))],
    ),
    "rate-1-is-too-large": (
        [test_accuracy(0.6), test_accuracy(0.82)],
        [test_accuracy(0.81), test_accuracy(0.82)],
    ),
    "rate-0.1-learns": ([test_accuracy(0.8)], [test_accuracy(0.79)]),
    "rate-0.01-learns": ([test_accuracy(0.81)], [test_accuracy(0.3)]),
    "rate-0.001-learns": ([reaches(191)], [reaches(199)]),
    "smaller-is-slower": (
        [reaches(5), reaches(40), NEVER],
        [reaches(40), reaches(5), NEVER],
    ),
    "rates-learn-nothing": (
        [test_accuracy(np.linspace(0.4, 0.3, 200)), test_accuracy(np.linspace(0.26, 0.38, 200))],
        [test_accuracy(0.4), test_accuracy(np.linspace(0.30, 0.40, 200))],
    ),
    "momentum-by-50": ([reaches(8), reaches(50)], [reaches(8), reaches(51)]),
    "no-momentum-needs-200": ([reaches(190)], [reaches(40)]),
    "decay-too-fast": (
        [test_accuracy(0.7), test_accuracy(0.75), test_accuracy(0.83)],
        [test_accuracy(0.7), test_accuracy(0.82), test_accuracy(0.83)],
    ),
    "decay-1e-4-is-close-to-none": (
        [test_accuracy(0.83), test_accuracy(0.82)],
        [test_accuracy(0.83), test_accuracy(0.79)],
    ),
    "patience-2-bottoms-by-25": ([cut_at(10, 25)], [cut_at(10, 26)]),
    "patience-5-bottoms-by-25": ([cut_at(8, 15, 20)], [cut_at(8)]),
    "patience-15-cuts-once": ([cut_at(120)], [cut_at()]),
    "patience-2-near-65": ([training_accuracy(0.67)], [training_accuracy(0.72)]),
    "patience-5-below-75": ([training_accuracy(0.74)], [training_accuracy(0.76)]),
    "patience-10-settles-by-150": ([settles(149)], [settles(150)]),
    "rmsprop-is-faster": ([reaches(20), reaches(60)], [reaches(60), reaches(60)]),
    "adagrad-is-faster": ([reaches(40), NEVER], [NEVER, reaches(60)]),
    "adam-is-faster": ([reaches(30), reaches(60)], [NEVER, NEVER]),
    "adaptive-is-steadier": (
        [STEADY, STEADY, STEADY, test_accuracy(jumping(0.8, by=0.05))],
        [STEADY, test_accuracy(jumping(0.8, by=0.06)), STEADY, STEADY],
    ),
    "rmsprop-and-adam-by-50": (
        [reaches(20), reaches(54)],  # six of the ten epochs from 50 on
        [reaches(20), reaches(55)],
    ),
}


def evidence(claim, answers, version="keras-2.3"):
    """Runs of a claim's cells with the records of one answer a seed."""
    cells = [measure.cell(version).experiment for measure in claim.measures]
    return [
        made_up(seeded(experiment, seed), **columns)
        for seed, answer in enumerate(answers)
        for experiment, columns in zip(cells, answer, strict=True)
    ]


def verdict(claim, agreeing, others=0):
    right, wrong = ANSWERS[claim.id]
    return judge(claim, ClaimRuns(evidence(claim, [right] * agreeing + [wrong] * others)))


def test_every_claim_is_answered_here():
    assert set(ANSWERS) == set(SEEDED)


@pytest.mark.parametrize("name", SEEDED)
def test_a_claim_holds_on_records_that_bear_it_out(name):
    told = verdict(BY_ID[name], SEEDS)
    assert told.kind == "holds"
    assert (told.share.count, told.share.total) == (SEEDS, SEEDS)
    assert told.is_sure


@pytest.mark.parametrize("name", SEEDED)
def test_a_claim_fails_on_records_that_say_the_opposite(name):
    told = verdict(BY_ID[name], 0, SEEDS)
    assert told.kind == "fails"
    assert (told.share.count, told.share.total) == (0, SEEDS)


@pytest.mark.parametrize("name", SEEDED)
def test_a_claim_depends_on_the_seed_where_seeds_disagree(name):
    told = verdict(BY_ID[name], 6, 4)
    assert told.kind == "depends"
    assert told.share.share == 0.6
    assert told.is_sure


@pytest.mark.parametrize("name", SEEDED)
def test_a_diverged_run_learns_nothing_but_bears_out_what_warns_of_it(name):
    claim = BY_ID[name]
    cells = dict.fromkeys(measure.cell("keras-2.3").experiment for measure in claim.measures)
    runs = [made_up(cell, epochs=2, outcome="diverged", accuracy=0.9) for cell in cells]
    told = judge(claim, ClaimRuns(runs))
    assert told.share.total == 1
    if "learn" in name or "by-50" in name:
        assert told.kind == "fails"
    if name == "rate-1-oscillates":
        assert told.kind == "holds"


EXACT = {
    "paper-tenth-by-50": ("fails", 1 / 6),  # 1 / (1 + 0.1 · 50)
    "paper-ends-near-0.0004": ("fails", 0.01 / (1 + 0.1 * 199)),
    "decay-0.1-ends-at-3.1e-05": ("holds", 0.01 / (1 + 0.1 * 3199)),
    "decay-1e-4-ends-near-0.0075": ("holds", 0.01 / (1 + 0.0001 * 3199)),
}


def test_every_exact_claim_is_answered_here():
    assert set(EXACT) == set(BY_ID) - set(SEEDED)


@pytest.mark.parametrize("name", EXACT)
def test_exact_claims_are_computed_without_any_run(name):
    told = judge(BY_ID[name], ClaimRuns([]))
    assert (told.kind, told.share) == (EXACT[name][0], None)
    assert told.figures[0].estimate.mean == pytest.approx(EXACT[name][1])
    assert told.is_sure


@pytest.mark.parametrize("name", ["decay-0.1-ends-at-3.1e-05", "decay-1e-4-ends-near-0.0075"])
def test_where_keras_3_ignores_decay_the_last_rates_are_wrong(name):
    told = judge(BY_ID[name], ClaimRuns([], "keras-3"))
    assert told.kind == "fails"
    assert told.figures[0].estimate.mean == 0.01


def test_ids_are_unique_and_studies_and_measures_are_known():
    assert len(BY_ID) == len(CLAIMS)
    assert {claim.study for claim in CLAIMS} <= set(STUDIES)
    assert set(WORDS) == {*OF_RUNS, *OF_SCHEDULES}
    assert {m.name for claim in CLAIMS for m in claim.measures} <= set(WORDS)
