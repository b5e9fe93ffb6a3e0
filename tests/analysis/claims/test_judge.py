"""What the judge takes into account, and the figures it tells."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.analysis.claims import (
    CLAIMS,
    Check,
    Claim,
    ClaimRuns,
    ClaimVerdict,
    Measure,
    experiments,
    judge,
    tutorial,
)
from core.analysis.claims.judge import ruling
from core.analysis.claims.measures import bottom_epoch, cuts, end, gain, learnt_epoch, settled_epoch
from core.analysis.statistics import wilson
from core.analysis.studies import study
from core.experiment import Experiment
from core.experiment.refusals import FieldError
from tests.analysis.studies.made_up import climbing_to, jumping, made_up, seeded

FAST = Claim(
    "made-up",
    "Momentum 0.9 is faster than none.",
    "momentum",
    (Measure("epochs_to_80", "momentum", 0.9), Measure("epochs_to_80", "momentum", 0.0)),
    Check("made-up", lambda with_it, without: with_it < without),
)
WITH, WITHOUT = (study("momentum").cell(value).experiment for value in (0.9, 0.0))


def run(experiment, seed, epoch, outcome="finished"):
    accuracy = climbing_to(0.9, at=epoch)
    return made_up(seeded(experiment, seed), outcome=outcome, val_accuracy=accuracy)


def test_without_runs_there_is_no_verdict():
    assert judge(FAST, ClaimRuns([])) is None


def test_a_seed_counts_only_when_all_its_runs_are_there():
    runs = [run(WITH, 0, 8), run(WITHOUT, 0, 40), run(WITH, 1, 8), run(WITHOUT, 2, 40)]
    assert judge(FAST, ClaimRuns(runs)).share.total == 1


def test_runs_that_were_cut_short_do_not_count():
    for outcome in ("stopped", "interrupted", "failed"):
        assert judge(FAST, ClaimRuns([run(WITH, 0, 8), run(WITHOUT, 0, 40, outcome)])) is None


def test_runs_are_found_by_what_they_are_and_not_by_their_order():
    runs = [run(WITHOUT, 1, 60), run(WITH, 0, 50), run(WITHOUT, 0, 40), run(WITH, 1, 8)]
    told = judge(FAST, ClaimRuns(runs))
    assert (told.share.count, told.share.total) == (1, 2)
    assert [figure.estimate.mean for figure in told.figures] == [29.0, 50.0]
    assert [figure.label for figure in told.figures] == ["momentum=0.9", "momentum=0.0"]


def test_seeds_may_be_any_and_the_cell_of_another_study_may_be_the_same_run():
    plain = study("learning-rate").cell(0.01).experiment
    assert plain == WITHOUT
    runs = [run(WITH, 41, 8), run(plain, 41, 40)]
    assert judge(FAST, ClaimRuns(runs)).share.count == 1


def test_figures_count_what_never_happened():
    runs = [run(WITH, seed, 8) for seed in range(3)]
    runs += [run(WITHOUT, 0, 40), run(WITHOUT, 1, 999), run(WITHOUT, 2, 999)]
    figure = judge(FAST, ClaimRuns(runs)).figures[1]
    assert (figure.infinite, figure.median) == (2, math.inf)
    assert (figure.estimate.mean, figure.estimate.count) == (40.0, 1)


def test_an_even_number_of_seeds_has_a_median_between():
    runs = [run(WITH, seed, 8) for seed in range(2)]
    told = judge(FAST, ClaimRuns([*runs, run(WITHOUT, 0, 40), run(WITHOUT, 1, 50)]))
    assert told.figures[1].median == 45.0


def test_what_is_trained_for_all_claims_is_trained_once():
    wanted = experiments(CLAIMS, seeds=2)
    assert len(wanted) == len(set(wanted))
    assert {one.seed for one in wanted} == {0, 1}
    runs = [made_up(experiment) for experiment in wanted]
    assert all(judge(claim, ClaimRuns(runs)) for claim in CLAIMS)


def test_too_many_seeds_are_refused():
    with pytest.raises(FieldError, match="`seeds` must be a whole number from 1 to 50, got 51"):
        experiments(CLAIMS, seeds=51)


def test_where_a_run_ends_is_not_its_last_epoch_alone():
    accuracy = climbing_to(0.8, at=50)
    accuracy[-1] = 0.5
    assert end(made_up(val_accuracy=accuracy)) == 0.8
    assert end(made_up(epochs=3, val_accuracy=[0.1, 0.2, 0.3])) == 0.2


@pytest.mark.parametrize(
    ("first", "last", "gained"),
    [  # of three classes, a third is guessing
        (0.5, 0.6, 0.1),
        (0.2, 0.5, 0.5 - 1 / 3),  # up to a third was no more than guessing
        (0.262, 0.326, 0.326 - 1 / 3),
        (0.338, 0.258, -0.08),  # it fell: seed 17 of a rate of 1e-6
        (0.6, 0.6, 0.0),
    ],
)
def test_only_what_rises_above_its_first_epoch_and_above_guessing_is_gained(first, last, gained):
    accuracy = np.linspace(first, last, 200)
    accuracy[-10:] = last
    assert gain(made_up(val_accuracy=accuracy)) == pytest.approx(gained)


def test_the_rows_decide_and_not_float32():
    rows = [1.0, *np.float32([0.91, 0.9, 0.91, 0.9])]  # float32's 0.91 − 0.9 is above 0.01
    assert rows[1] - rows[2] > 0.01
    assert settled_epoch(made_up(epochs=5, accuracy=np.array(rows, float))) == 2
    half = np.float32([0.798, 0.802] * 5).astype(float)  # their median is 0.8 less 1e-8
    assert np.median(half) < 0.8
    assert learnt_epoch(made_up(epochs=10, val_accuracy=half)) == 1


@pytest.mark.parametrize("off", [-3e-8, 3e-8])  # half of float32's step at 0.8
@pytest.mark.parametrize(
    ("check", "values"),
    [
        (tutorial.at_least(0.8), (0.8,)),
        (tutorial.at_most(0.05), (0.05,)),
        (tutorial.near(0.65, 0.05), (0.7,)),
        (tutorial.within(0.02), (0.82, 0.8)),
    ],
)
def test_a_value_on_a_threshold_is_inside_it(check, values, off):
    assert check(values[0] + off, *values[1:])


@pytest.mark.parametrize("off", [-3e-8, 3e-8])
@pytest.mark.parametrize(
    ("check", "values"),
    [
        (tutorial.below(0.75), (0.75,)),
        (tutorial.above(150), (150.0,)),
        (tutorial.lower_than_last(0.02), (0.8, 0.82)),
    ],
)
def test_where_it_must_be_beyond_a_threshold_that_is_not_enough(check, values, off):
    assert not check(values[0] + off, *values[1:])


@pytest.mark.parametrize(
    ("agree", "total", "kind", "is_sure"),
    [
        (1, 1, "holds", False),
        (3, 3, "holds", False),
        (4, 4, "holds", True),  # Wilson: 51 to 100 %
        (0, 3, "fails", False),
        (0, 4, "fails", True),
        (5, 10, "depends", True),  # 24 to 76 %
        (8, 10, "depends", False),  # 49 to 94 %
        (1, 2, "depends", False),
    ],
)
def test_a_verdict_is_sure_when_the_seeds_rule_out_another(agree, total, kind, is_sure):
    one = wilson(agree, total)
    told = ClaimVerdict(FAST, ruling(one), one, ())
    assert (told.kind, told.is_sure) == (kind, is_sure)


def test_an_interval_is_shown_as_far_as_it_is_possible():
    runs = [run(WITH, seed, epoch) for seed, epoch in enumerate((1, 8, 199))]
    runs += [run(WITHOUT, seed, 40) for seed in range(3)]
    figure = judge(FAST, ClaimRuns(runs)).figures[0]
    assert figure.estimate.low < 0
    assert (figure.shown.low, figure.shown.high) == (1.0, 200.0)


def test_learnt_is_not_a_lucky_epoch():
    accuracy = climbing_to(0.82, at=60)
    accuracy[[10, 20, 30]] = 0.85
    assert learnt_epoch(made_up(val_accuracy=accuracy)) == 56  # six of the ten are enough
    assert learnt_epoch(made_up(epochs=9, val_accuracy=0.9)) == math.inf


def test_cuts_survive_a_rate_of_zero():
    rate = [0.01, 0.01, 0.001, 0.0, 0.0]
    run = made_up(epochs=5, learning_rate=rate)
    assert (cuts(run), bottom_epoch(run)) == (2, 4)
    steady = made_up(Experiment())
    assert (cuts(steady), bottom_epoch(steady)) == (0, math.inf)


def test_settled_from_the_start_and_never():
    assert settled_epoch(made_up(accuracy=0.8)) == 1
    assert settled_epoch(made_up(accuracy=jumping(0.8, by=0.1))) == 200
