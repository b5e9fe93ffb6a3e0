"""What is said of runs: real ones of every kind, and curves made up so that the word is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.analysis.attainable import Benchmarks
from core.analysis.sentences import sentence
from core.analysis.verdict import Verdict, judge
from core.experiment import Experiment
from core.experiment.records import Outcome, Run
from tests.analysis.made_up_curves import EPOCH, KNOWN, MADE_UP, approach, run
from tests.analysis.trained import TUTORIAL, shorter, trained, verdict

RATE = "optimizer.learning_rate"


def of(changes: dict[str, Any], epochs: int = 200) -> Verdict:
    """The verdict on the tutorial's run with other settings."""
    return verdict(trained([TUTORIAL.replace({**changes, "epochs": epochs})])[0])


def of_ten(changes: dict[str, Any], epochs: int = 200) -> list[Verdict]:
    """The verdicts on ten seeds: one course of a run that swings proves nothing."""
    asked_for = {**changes, "epochs": epochs}
    seeds = [TUTORIAL.replace({**asked_for, "seed": seed}) for seed in range(10)]
    return [verdict(run) for run in trained(seeds)]


# Runs of the engine


@pytest.mark.parametrize("epochs", [10, 20, 30, 50, 100])
def test_a_rate_that_needs_time_is_still_improving(epochs: int) -> None:
    long = trained([TUTORIAL.replace({"epochs": 2000})])[0]
    said = verdict(shorter(long, epochs))
    assert said.cause == "still_improving"
    assert said.next == {"epochs": 2 * epochs}


@pytest.mark.parametrize("epochs", [200, 500, 2000])
def test_the_tutorials_rate_learns_well(epochs: int) -> None:
    said = verdict(shorter(trained([TUTORIAL.replace({"epochs": 2000})])[0], epochs))
    assert said.cause == "good"
    assert "the tutorial’s bar of 80 % at epoch" in sentence(said)
    assert "84.0 % possible" in sentence(said)


SEEDS = range(50)


def test_a_rate_that_moves_nothing_is_nothing_for_every_seed() -> None:
    still = [TUTORIAL.replace({RATE: 1e-7, "seed": seed}) for seed in SEEDS]
    assert {verdict(run).cause for run in trained(still)} == {"nothing"}


@pytest.mark.parametrize(
    "changes",
    [
        *({"data.kind": kind} for kind in ("moons", "circles", "spirals", "digits")),
        *({"optimizer.kind": kind} for kind in ("rmsprop", "adagrad", "adam")),
        {"data.samples": 20},
    ],
    ids=str,
)
def test_a_rate_that_moves_nothing_is_nothing_everywhere(changes: dict[str, Any]) -> None:
    said = of({**changes, RATE: 1e-7}, epochs=50)
    assert (said.cause, said.next) == ("nothing", {RATE: 1e-5})


def test_nothing_is_learned_where_all_was_known() -> None:
    """Of 20 rows all were right before the first update, and the loss went down by 2e-8."""
    known = {"data.samples": 20, "data.centers": 2, "data.train_fraction": 0.75, "data.seed": 11}
    said = of({**known, RATE: 1e-7})
    assert (said.cause, said.detail, said.figures.before) == ("nothing", "known", 1.0)


TOO_LARGE: list[dict[str, Any]] = [
    {RATE: 1.0},
    {RATE: 3.0},
    {RATE: 1.0, "optimizer.momentum": 0.9},
    {"optimizer.kind": "rmsprop", RATE: 1.0},
    {"optimizer.kind": "adam", RATE: 3.0},
    {"data.kind": "moons", "optimizer.kind": "rmsprop", RATE: 1.0},
    {"data.kind": "spirals", RATE: 3.0},
    {"data.kind": "digits", RATE: 3.0},
    {"data.samples": 20, RATE: 1.0},
]


@pytest.mark.parametrize("changes", TOO_LARGE, ids=str)
def test_steps_that_are_too_large_are_called_so_for_every_seed(changes: dict[str, Any]) -> None:
    said = of_ten(changes)
    assert [one.cause for one in said] == ["too_large"] * 10
    assert all(one.next == {RATE: pytest.approx(changes[RATE] / 10)} for one in said)


def test_a_seed_that_was_good_for_a_while_under_too_large_steps_is_told_to_have_lost_it() -> None:
    said = of_ten({"optimizer.kind": "adam", RATE: 1.0})
    assert {one.cause for one in said} <= {"too_large", "lost"}
    assert all(one.next == {RATE: 0.1} for one in said)


@pytest.mark.parametrize("rate", [0.03, 0.1, 0.3])
def test_steps_that_are_no_better_large_learn_well_all_the_same(rate: float) -> None:
    assert [one.cause for one in of_ten({RATE: rate})] == ["good"] * 10


def test_circles_that_overlap_are_learned_as_well_as_they_can_be() -> None:
    said = of({"data.kind": "circles", "data.noise": 0.5})
    assert said.cause == "good"
    assert said.figures.possible == pytest.approx(0.652, abs=0.02)


@pytest.mark.parametrize("rate", [0.01, 0.003, 0.001])
def test_a_straight_line_through_the_moons_is_not_good_enough(rate: float) -> None:
    said = of({"data.kind": "moons", RATE: rate})
    assert said.cause in {"still_improving", "too_small"}
    assert "80" not in sentence(said)


def test_overfitting_is_told_of_the_test_loss_whose_accuracy_is_still_at_its_best() -> None:
    """A run of 15 seconds, kept: `train` gave these rows, and the first weights the first."""
    wide = {"data.kind": "digits", "model.hidden": [256, 256], "optimizer.kind": "adam"}
    with np.load(Path(__file__).parent / "data" / "wide_on_digits.npz") as kept:
        start, *records = kept["rows"].astype(np.float64)
    experiment = TUTORIAL.replace({**wide, RATE: 0.01, "epochs": 500})
    made = Run(experiment, np.array(records), Outcome("finished", 500), start=start)
    said = verdict(made)
    assert (said.cause, said.detail) == ("overfits", "")
    assert said.evidence[0].column == "val_loss"
    assert said.evidence[0].first == said.figures.lowest_epoch == 39
    assert "lowest at epoch 39" in sentence(said)
    assert "still at its best" in sentence(said)


def test_rare_spikes_harm_nobody_and_are_named() -> None:
    moons = {"data.kind": "moons", "data.noise": 0.1}
    said = of_ten({**moons, "optimizer.kind": "adam", RATE: 0.1}, epochs=2000)
    assert [one.cause for one in said] == ["good"] * 10
    named = [one for one in said if one.figures.spikes is not None]
    assert named
    assert all(f"at epoch {one.figures.spikes.epoch}" in sentence(one) for one in named)


def test_a_run_that_never_leaves_its_warm_up_is_told_where_the_rate_ends() -> None:
    said = of({"schedule.warmup_epochs": 300})
    assert said.cause == "never_warmed"
    assert "the rate ends at 0.00667 of 0.01" in sentence(said)
    assert said.next == {"schedule.warmup_epochs": 20}


def test_a_rate_that_has_faded_is_told_with_its_schedule() -> None:
    said = of({"schedule.kind": "time_decay", "schedule.decay": 0.1})
    assert (said.cause, said.detail) == ("too_small", "faded")
    assert said.next == {"schedule.decay": pytest.approx(0.01)}
    said = of({"schedule.kind": "plateau", "schedule.patience": 2, "schedule.min_delta": 1e-7})
    assert (said.cause, said.detail, said.next) == ("settled", "faded", {"schedule.patience": 4})


def test_a_network_without_a_hidden_layer_settles_on_a_straight_line() -> None:
    assert of({"data.kind": "moons", "model.hidden": [], RATE: 0.1}).cause == "settled"


def test_what_was_learned_can_be_lost() -> None:
    said = of_ten({"data.kind": "circles", "optimizer.kind": "adam", RATE: 1.0})
    assert [one.cause for one in said] == ["lost"] * 10
    assert all(one.figures.best > 0.95 for one in said)


# Curves made up


@pytest.mark.parametrize("cause", MADE_UP)
def test_each_shape_of_a_curve_gets_its_word(cause: str) -> None:
    assert judge(MADE_UP[cause], KNOWN).cause == cause


def test_the_same_curve_is_judged_by_what_is_possible() -> None:
    moons = Experiment.from_dict({"data": {"kind": "moons"}})
    made = replace(MADE_UP["good"], experiment=moons)
    assert judge(made, Benchmarks(0.974, None, 0.5)).cause == "settled"
    assert judge(made, Benchmarks(0.85, None, 0.5)).cause == "good"


def test_one_row_that_a_few_test_rows_miss_is_no_failure() -> None:
    """Of 10 rows 9 are right where all could be: one is chance."""
    few = TUTORIAL.replace({"data.samples": 20})
    made = replace(run(approach(1.1, 0.4, 8), np.full(200, 0.9)), experiment=few)
    assert judge(made, Benchmarks(1.0, None, 0.4)).cause == "good"
    many = TUTORIAL.replace({"data.samples": 5000})
    made = replace(made, experiment=many)
    assert judge(made, Benchmarks(1.0, None, 0.4)).cause == "settled"


def test_a_loss_that_jumps_near_nothing_harms_nobody() -> None:
    """As Adam's on digits: it doubles and halves."""
    tiny = 4e-4 * (1 + 0.5 * (-1.0) ** EPOCH)
    assert judge(run(tiny, np.full(200, 0.83)), KNOWN).cause == "good"


def test_a_peak_is_not_enough_to_have_learned() -> None:
    accuracy = np.full(200, 0.74)
    accuracy[40] = 0.81
    said = judge(run(approach(1.1, 0.6, 5), accuracy), KNOWN)
    assert (said.cause, said.figures.reached) == ("settled", 41)


def swinging(seed: int) -> Run:
    """A run whose figures swing around one place from first to last, with records by chance."""
    noise = np.random.default_rng(seed).normal(0, 1, (3, len(EPOCH)))
    loss, val_loss = 0.4 * np.exp(0.3 * noise[:2])
    return run(loss, 0.65 + 0.13 * np.clip(noise[2], -2, 1), val_loss)


@pytest.mark.parametrize("seed", range(10))
def test_a_swing_is_too_large_wherever_chance_put_its_best_epochs(seed: int) -> None:
    assert judge(swinging(seed), KNOWN).cause == "too_large"


def test_where_a_run_stands_still_after_it_was_thrown_off_is_not_where_it_settles() -> None:
    loss, accuracy = approach(1.1, 0.7, 5), approach(0.3, 0.7, 5)
    assert judge(run(loss, accuracy), KNOWN).cause == "settled"
    thrown = np.where(EPOCH == 2, 5000.0, loss)
    said = judge(run(thrown, accuracy), KNOWN)
    assert (said.cause, said.detail, said.next) == ("too_large", "frozen", {RATE: 0.001})
    assert "with a loss of up to 5000" in sentence(said)
    assert judge(run(thrown, approach(0.3, 0.83, 5)), KNOWN).cause == "good"


def test_an_overfitted_run_that_falls_apart_is_told_both() -> None:
    """It is what it was at epoch 150, and its training loss does not fall on."""
    falls = EPOCH > 152
    accuracy = np.where(falls, 0.4, approach(0.3, 0.83, 9))
    made = run(np.where(falls, 1.4, approach(1.1, 0.1, 40)), accuracy, 0.5 + 0.01 * EPOCH)
    assert judge(shorter(made, 150), KNOWN).cause == "overfits"
    said = judge(made, KNOWN)
    assert (said.cause, said.detail) == ("overfits", "lost")
    assert "falls on" not in sentence(said)
    assert "lost again, from 83.0 % of test points to 40.0 %" in sentence(said)


def test_the_test_loss_of_one_point_is_no_overfitting() -> None:
    """Two of 500 rows are wrong, and ever more surely so."""
    rising = 0.002 + 0.0002 * EPOCH
    made = run(approach(1.1, 0.0, 20), np.full(200, 0.996), rising)
    assert judge(made, Benchmarks(1.0, None, 0.342)).cause == "good"


def test_without_a_start_the_first_epoch_stands_for_it() -> None:
    made = replace(MADE_UP["nothing"], start=None)
    assert judge(made, KNOWN).cause == "nothing"
    assert judge(replace(MADE_UP["good"], start=None), KNOWN).cause == "good"


# How runs end


def test_a_diverged_run_is_judged_by_the_epoch_at_which_it_did() -> None:
    made = MADE_UP["good"]
    said = judge(replace(made, records=made.records[:2], outcome=Outcome("diverged", 3)), KNOWN)
    assert (said.cause, said.figures.epoch) == ("diverged", 3)
    assert said.next == {RATE: 0.001}
    assert sentence(said).startswith("Diverged at epoch 3:")


def test_a_run_that_diverged_at_once_has_no_figures() -> None:
    made = MADE_UP["good"]
    said = judge(replace(made, records=made.records[:0], outcome=Outcome("diverged", 1)), KNOWN)
    assert np.isnan(said.figures.final)
    assert sentence(said).startswith("Diverged in the first epoch:")


@pytest.mark.parametrize("kind", ["stopped", "interrupted", "failed"])
@pytest.mark.parametrize("epochs", [0, 50])
def test_a_run_without_an_end_is_not_judged(kind: Any, epochs: int) -> None:
    made = MADE_UP["good"]
    ended = Outcome(kind, epochs, "a worker died.")
    said = judge(replace(made, records=made.records[:epochs], outcome=ended), KNOWN)
    assert (said.cause, said.next) == (kind, None)
    assert sentence(said)


@pytest.mark.parametrize("epochs", [1, 2, 3, 4])
def test_very_short_runs_are_too_short(epochs: int) -> None:
    made = MADE_UP["good"]
    short = TUTORIAL.replace({"epochs": epochs})
    said = judge(replace(made, experiment=short, records=made.records[:epochs]), KNOWN)
    assert said.cause == "too_short"
    assert ("one epoch" in sentence(said)) == (epochs == 1)


# What goes out


def test_a_verdict_is_plain_json() -> None:
    said = judge(MADE_UP["overfits"], KNOWN).to_dict()
    assert said["cause"] == "overfits"
    assert said["evidence"][0] == {"column": "val_loss", "from": 1, "to": 1, "value": 0.51}
    assert said["next"] == {"epochs": 1}


def test_what_is_proposed_is_a_setting_that_there_is() -> None:
    for made in MADE_UP.values():
        for path, value in (judge(made, KNOWN).next or {}).items():
            assert made.experiment.replace({path: value}).get(path) == value
