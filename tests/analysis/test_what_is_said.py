"""What is said of single runs is true of their curves, and helps: cause, words, next step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.analysis.attainable import Benchmarks
from core.analysis.scale import enough
from core.analysis.sentences import sentence
from core.analysis.spikes import spikes
from core.analysis.verdict import Verdict, judge
from core.experiment import Experiment
from core.experiment.data import Blobs
from tests.analysis.made_up_curves import EPOCH, KNOWN, NOISE, approach, run
from tests.analysis.trained import TUTORIAL, trained, verdict

RATE = "optimizer.learning_rate"
MOONS = {"data.kind": "moons", "loss": "squared_error", "optimizer.kind": "adam"}


def of(changes: dict[str, Any], **more: Any) -> Verdict:
    """The verdict on the tutorial's run with other settings."""
    return verdict(trained([TUTORIAL.replace({**changes, **more})])[0])


# Steps that are too large


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize(
    "changes",
    [
        {**MOONS, RATE: 1.0},
        {"loss": "squared_error", "optimizer.kind": "adam", RATE: 1.0},
        {"loss": "squared_error", "optimizer.kind": "lion", RATE: 0.1},
    ],
    ids=str,
)
def test_a_saturated_softmax_is_too_large_though_the_squared_error_has_a_bound(changes, seed):
    said = of(changes, seed=seed)
    assert (said.cause, said.detail) == ("too_large", "sure")
    assert said.next == {RATE: pytest.approx(changes[RATE] / 10)}


def test_a_saturated_softmax_that_does_not_move_needs_few_updates_to_be_known():
    """All rows in one batch make 200 updates; each wrong row makes an error of 2 / 3."""
    wrong = np.full(200, 0.658)
    frozen = run(2 / 3 * wrong, 1 - wrong)
    squared = frozen.experiment.replace({"loss": "squared_error", "batch_size": 500})
    said = judge(replace(frozen, experiment=squared), KNOWN)
    assert (said.cause, said.detail) == ("too_large", "sure")
    calm = run(1 / 3 * wrong, 1 - wrong)  # half of it: the network doubts
    assert judge(replace(calm, experiment=squared), KNOWN).cause != "too_large"


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_a_training_loss_that_leapt_and_leaps_is_too_large_at_any_accuracy(seed):
    said = of({"data.kind": "circles", "optimizer.kind": "rmsprop", RATE: 1.0}, seed=seed)
    assert (said.cause, said.next) == ("too_large", {RATE: 0.1})
    assert "the loss was thrown up to" in sentence(said)


def test_a_network_that_gives_every_row_the_same_answer_is_dead_and_not_slow():
    """Its loss moves above ln 10 = 2.303 by the noise of its last biases, and its classes change.

    Of 840 updates; where the rate does nothing the loss hardly moves, or falls.
    """
    digits = Experiment.from_dict({"data": {"kind": "digits"}, "epochs": 200})
    noise = np.abs(NOISE)
    made = run(2.311 + 0.003 * noise, np.full(200, 0.097), 2.315 + 0.02 * noise)
    made.records[:, 4] = 0.095
    start = np.array([0, 0, 1.0, 2.67, 0.07, 2.67, 0.07])
    made = replace(made, experiment=digits.replace({RATE: 1.0}), start=start)
    said = judge(made, Benchmarks(None, 0.987, 0.107))
    assert (said.cause, said.detail, said.next) == ("too_large", "dead", {RATE: 0.1})
    still = replace(made, records=made.records.copy())
    still.records[:, [3, 5]] = 2.311
    assert judge(still, Benchmarks(None, 0.987, 0.107)).cause == "nothing"


@pytest.mark.parametrize("seed", [0, 548])
def test_a_run_on_its_way_through_a_rough_start_is_not_given_up(seed):
    spirals = {"data.kind": "spirals", "data.noise": 0.05, "batch_size": 128, RATE: 0.3}
    assert [of(spirals, seed=seed, epochs=n).cause for n in (50, 200, 500)] == [
        "still_improving",
        "good",
        "good",
    ]


def test_a_run_that_comes_to_it_late_is_not_said_to_move_still():
    noise = np.concatenate([NOISE, np.zeros(600)])
    swung = np.arange(800) < 200
    made = run(np.where(swung, 0.9 + 0.1 * noise, 0.4), np.where(swung, 0.6 + 0.08 * noise, 0.83))
    said = judge(made, KNOWN)
    assert (said.cause, said.detail) == ("too_large", "late")
    assert "83.0 % of test points in the last 200 epochs" in sentence(said)


# What gets better


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"optimizer.kind": "adamax", RATE: 1e-5}, "still_improving"),
        ({RATE: 1e-6}, "too_small"),
        ({"optimizer.kind": "muon", RATE: 1e-5}, "too_small"),
    ],
    ids=str,
)
def test_a_loss_that_falls_by_much_is_not_nothing_and_is_the_evidence(changes, cause):
    said = of(changes)
    assert said.cause == cause
    assert "loss" in said.evidence[0].column
    assert said.evidence[0].value < 0


def test_the_longest_run_that_still_improves_is_told_a_larger_rate():
    shorter, longest = (of({RATE: 1e-4}, epochs=epochs) for epochs in (1999, 2000))
    assert {shorter.cause, longest.cause} == {"still_improving"}
    assert (shorter.next, longest.next) == ({"epochs": 2000}, {RATE: 0.001})


def test_too_tight_a_clip_is_told_by_its_name():
    assert of({"optimizer.clipnorm": 0.001}).next == {"optimizer.clipnorm": 0.01}


# What was learned and is gone


@pytest.mark.parametrize("path", ["optimizer.weight_decay", "model.l2"])
def test_weights_that_a_penalty_pulls_down_have_lost_what_they_knew(path):
    said = of({path: 1.0})
    assert (said.cause, said.next) == ("lost", {path: 0.1})


def test_what_fell_back_below_the_bar_is_told_so():
    accuracy = np.where(EPOCH < 90, 0.83, 0.77)
    said = judge(run(approach(1.1, 0.4, 8), accuracy), KNOWN)
    assert (said.cause, said.detail, said.next) == ("good", "slipped", {RATE: 0.001})
    assert "fell back: 77.0 % of test points in the last 50 epochs, 83.0 % at epoch 1" in sentence(
        said
    )


def test_what_is_below_the_bar_by_chance_is_told_so():
    accuracy = np.where(EPOCH < 90, 0.805, 0.795)
    said = judge(run(approach(1.1, 0.4, 8), accuracy), KNOWN)
    assert (said.cause, said.detail, said.next) == ("good", "near", None)
    assert "79.5 % of test points in the last 50 epochs, within chance of the 80.0 %" in sentence(
        said
    )


def test_a_short_run_that_goes_down_is_not_said_to_go_nowhere():
    few = np.linspace(0.7, 0.5, 24)
    said = judge(run(np.linspace(0.7, 0.8, 24), few, np.linspace(0.7, 1.0, 24)), KNOWN)
    assert (said.cause, said.detail, said.next) == ("too_short", "falls", {RATE: 0.001})
    assert "on its way down, from 70.0 % at epoch 1 to" in sentence(said)


def test_overfitting_says_that_the_training_loss_falls_on_only_where_it_does():
    made = run(approach(1.1, 0.1, 40), np.full(200, 0.83), 0.5 + 0.01 * EPOCH)
    assert "falls on" in sentence(judge(made, KNOWN))
    turned = replace(made, records=made.records.copy())
    turned.records[150:, 3] = 0.3
    said = judge(turned, KNOWN)
    assert (said.cause, said.detail) == ("overfits", "back")
    assert "falls on" not in sentence(said)


def test_a_training_loss_that_shakes_is_no_overfitting():
    loss = np.maximum(0.3 + 0.1 * NOISE - 0.0003 * EPOCH, 0.01)
    assert judge(run(loss, np.full(200, 0.83), 0.5 + 0.01 * EPOCH), KNOWN).cause != "overfits"


# What the data allow


def test_where_there_is_hardly_anything_to_learn_the_data_are_told_of():
    said = of({"data.kind": "circles", "data.noise": 1.0})
    assert (said.detail, said.next) == ("hardly", None)
    assert "52.4 %" in sentence(said)
    assert "50.0 % by guessing" in sentence(said)


def test_one_test_row_decides_nothing():
    said = of({"data.samples": 20, "data.train_fraction": 0.95})
    assert (said.detail, said.next) == ("few", None)
    assert "so few test rows (1)" in sentence(said)


def test_guessing_is_never_enough_for_less():
    few = Blobs(samples=20, train_fraction=0.95)
    assert enough(few, Benchmarks(1.0, None, 1.0)) == 1.0


@pytest.mark.parametrize(("rows_above", "word"), [(0, "possible"), (1, "by chance more")])
def test_only_a_whole_row_is_more_than_the_best_rule(rows_above, word):
    """The records come from float32, the best rule's share is a float64."""
    level = float(np.float32(0.84 + rows_above / 500))
    assert word in sentence(judge(run(approach(1.1, 0.4, 8), np.full(200, level)), KNOWN))


# Spikes


def test_spikes_are_told_of_calm_curves_only():
    calm = 0.1 + 0.001 * NOISE
    calm[[70, 150]] = 0.7, 0.9
    found = spikes(calm, 1.1)
    assert found is not None
    assert (found.count, found.epoch, found.highest) == (2, 151, 0.9)
    assert spikes(0.5 + 0.1 * NOISE, 1.1) is None
    assert of({}).figures.spikes is None  # the tutorial's run swings from first to last


def test_an_exponential_schedule_has_no_cuts_to_be_told_of():
    said = of({"schedule.kind": "exponential", "schedule.every_epochs": 1})
    assert said.next == {"schedule.every_epochs": 2}
    assert "cut" not in sentence(said)
