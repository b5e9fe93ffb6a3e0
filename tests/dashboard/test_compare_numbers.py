"""Sentences and tables of a comparison, on made-up runs with known answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.experiment import Experiment
from dashboard.lines import difference_table
from dashboard.lines import pin_table as results
from dashboard.lines.differences import Compared, headline
from dashboard.lines.plan import Plan, plan
from dashboard.lines.sentences import leader, unfinished_sentences
from dashboard.settings.pin import Pin
from dashboard.text import LANGUAGES, Words
from tests.dashboard import made_up

WORDS = Words("en")
A, B = Pin(name="A"), Pin(Experiment().replace({"optimizer.momentum": 0.9}), name="B")
NAMES = ["A", "B"]
SEEDS = 10
TRIALS = 2_000


def told(of: Plan, runs: list[made_up.Run], words: Words = WORDS, show: str = "accuracy") -> str:
    compared = Compared(of, NAMES, NAMES, runs, show, reference=0)
    return headline(compared, words)


def test_a_difference_is_told_with_its_interval_and_its_pairs() -> None:
    of = plan((A, B), SEEDS)
    theirs = np.linspace(0.70, 0.79, SEEDS)
    gains = 0.012 + 0.01 * np.array([-1, 1] * (SEEDS // 2))
    # sd of ±0.01 over 10 is 0.010541; times t of 9 degrees of freedom, 2.2622, over √10: 0.00754
    sentence = told(of, made_up.runs(of, [theirs, theirs + gains]))
    assert sentence == (
        "B ends 1.2 points above A (95 % interval 0.4 to 2.0) over 10 paired seeds."
    )
    below = told(of, made_up.runs(of, [theirs, theirs - gains]))
    assert below == "B ends 1.2 points below A (95 % interval 0.4 to 2.0) over 10 paired seeds."


def test_no_difference_is_told_as_one_that_the_seeds_could_not_show() -> None:
    of = plan((A, B), SEEDS)
    theirs = np.full(SEEDS, 0.8)
    gains = 0.01 * np.array([-1, 1] * (SEEDS // 2))
    sentence = told(of, made_up.runs(of, [theirs, theirs + gains]))
    assert sentence.startswith("B and A: no difference that 10 paired seeds could show")
    assert "−0.8 to 0.8" in sentence


def test_two_alike_are_found_alike_at_the_stated_rate() -> None:
    rng = np.random.default_rng(95)
    of = plan((A, B), SEEDS)
    alike = 0
    for _ in range(TRIALS):
        shared = rng.normal(0.75, 0.05, SEEDS)  # what a seed does to both
        pair = [shared + rng.normal(0, 0.02, SEEDS) for _ in NAMES]
        alike += "no difference" in told(of, made_up.runs(of, pair))
    # 95 % of 2000 trials, within four standard deviations of a share of so many
    assert alike / TRIALS == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / TRIALS))


def test_pairing_shows_what_the_spread_over_seeds_would_hide() -> None:
    of = plan((A, B), SEEDS)
    theirs = np.linspace(0.4, 0.8, SEEDS)
    gains = 0.01 + 0.002 * np.array([-1, 1] * (SEEDS // 2))
    assert "1.0 points above" in told(of, made_up.runs(of, [theirs, theirs + gains]))


def test_one_seed_is_told_as_one() -> None:
    of = plan((A, B), 1)
    assert "differ by +2.0 points at the end, with one seed" in told(
        of, made_up.runs(of, [[0.7], [0.72]])
    )


def test_the_same_experiment_twice_has_nothing_to_tell_apart() -> None:
    of = plan((A, Pin(name="B")), SEEDS)
    runs = made_up.runs(of, [[0.8] * SEEDS] * 2)
    assert "same experiment" in told(of, runs)


def test_two_studies_of_the_same_experiments_are_told_once() -> None:
    of = plan((Pin(study="momentum"), Pin(study="momentum", preset="keras-3")), 2)
    runs = made_up.runs(of, [[0.8] * 2] * 8)
    lines = [f"{pin} {n}" for pin in NAMES for n in range(4)]
    said = headline(Compared(of, lines, NAMES, runs, "accuracy", 0), WORDS)
    assert said.startswith("All others are the same experiments as A, value by value")


def four(gains: list[float], seeds: int = SEEDS, show: str = "accuracy") -> Compared:
    """Runs that end so far above the first, seed by seed, but for what chance does to each."""
    pins = tuple(
        Pin(Experiment().replace({"optimizer.momentum": m})) for m in (0.0, 0.5, 0.9, 0.99)
    )
    of = plan(pins, seeds)
    chance = 0.002 * np.array([-1, 1] * ((seeds + 1) // 2))[:seeds]
    runs = made_up.runs(of, [np.full(seeds, 0.5), *(0.5 + gain + chance for gain in gains)])
    names = ["one", "two", "three", "four"]
    return Compared(of, names, names, runs, show, reference=0)


def test_of_several_one_headline_says_how_many_end_above_and_below() -> None:
    of = four([0.1, -0.1, 0.0])
    assert headline(of, WORDS) == (
        "Against one, seed by seed, 1 of 3 end higher in test accuracy and 1 lower; for 1 these"
        " seeds show no difference."
    )
    assert "this may be chance" in headline(four([0.1, -0.1, 0.0], seeds=1), WORDS)


def test_the_table_of_differences_has_a_row_a_line_with_its_interval_drawn() -> None:
    rows = difference_table.rows(four([0.1, -0.1, 0.0]), WORDS)
    assert [row.entries[0].text for row in rows] == ["two", "three", "four"]
    # sd of ±0.002 over 10 is 0.002108; times 2.2622 over √10: 0.0015; and what accuracies round off
    texts = [row.entries[1].text.split(" ± ") for row in rows]
    assert [text for text, _ in texts] == ["+10.0", "−10.0", "+0.0"]
    assert all(half in ("0.2", "0.3") for _, half in texts)
    assert [row.entries[1].muted for row in rows] == [False, False, True]
    for row in rows:
        low, middle, high = row.entries[1].bar or ()
        assert 0 <= low < middle < high <= 1
        assert (middle - 0.5) * row.entries[1].number >= 0
    assert [row.entries[2].text for row in rows] == ["10"] * 3


def test_what_nothing_can_be_compared_with_is_a_row_that_says_so() -> None:
    late = Pin(Experiment().replace({"seed": 50, "optimizer.momentum": 0.9}))
    of = plan((A, B, late), 3)
    runs = made_up.runs(of, [[0.8] * 3] * 3)
    names = ["A", "B", "late"]
    row = difference_table.rows(Compared(of, names, names, runs, "accuracy", 0), WORDS)[-1]
    assert row.entries[1].text == WORDS("compare.unknown")
    assert "share no seed" in row.entries[1].title


def test_pairs_with_a_diverged_run_are_left_out_and_counted() -> None:
    of = plan((A, B), SEEDS)
    runs = made_up.runs(of, [[0.7] * SEEDS, [0.8] * SEEDS])
    for number in made_up.line(of, 1).numbers[:3]:
        runs[number] = made_up.run(of.experiments[number], 0.9, kind="diverged")
    sentence = told(of, runs)
    assert "over 7 paired seeds" in sentence
    assert "3 of the pairs" in sentence
    for number in made_up.line(of, 1).numbers:
        runs[number] = made_up.run(of.experiments[number], 0.9, kind="diverged", epochs=0)
    assert "no pair" in told(of, runs)


def test_without_a_shared_seed_nothing_is_paired() -> None:
    late = Pin(Experiment().replace({"seed": 50, "optimizer.momentum": 0.9}))
    of = plan((A, late), SEEDS)
    assert "share no seed" in told(of, made_up.runs(of, [[0.8] * SEEDS] * 2))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("show", ["accuracy", "loss"])
@pytest.mark.parametrize("gain", [-0.1, 0.0, 0.1])
@pytest.mark.parametrize("seeds", [1, 5])
def test_every_case_has_its_sentence_in_both_languages(
    language: str, show: str, gain: float, seeds: int
) -> None:
    of = plan((A, B), seeds)
    runs = made_up.runs(of, [[0.7] * seeds, [0.7 + gain] * seeds])
    sentence = told(of, runs, Words(language), show)
    assert "A" in sentence
    assert "B" in sentence


def test_the_leader_is_the_highest_and_whether_it_leads_is_said() -> None:
    of = plan((A, B), SEEDS)
    theirs = np.linspace(0.70, 0.79, SEEDS)
    ahead = leader(of, NAMES, made_up.runs(of, [theirs, theirs + 0.05]), WORDS)
    assert ahead.startswith("B ends highest: 79.5 % of test points on average (95 % interval")
    assert "told apart" not in ahead
    noise = 0.05 * np.array([-1, 1] * (SEEDS // 2))
    close = leader(of, NAMES, made_up.runs(of, [theirs, theirs + 0.001 + noise]), WORDS)
    assert "A cannot be told apart from it with 10 seeds" in close


@pytest.mark.parametrize("kind", ["diverged", "stopped", "interrupted", "failed"])
@pytest.mark.parametrize("lost", [1, 3, 9])
def test_a_line_that_loses_runs_is_not_ranked_on_its_survivors(lost: int, kind: Any) -> None:
    of = plan((A, B), SEEDS)
    runs = made_up.runs(of, [[0.8] * SEEDS, [0.9] * SEEDS])
    for number in made_up.line(of, 1).numbers[:lost]:
        runs[number] = made_up.run(of.experiments[number], 0.9, kind=kind)
    said = leader(of, NAMES, runs, WORDS)
    assert said.startswith("A ends highest: 80.0 %")
    assert said.endswith(f"Not ranked, because runs were lost: B ({SEEDS - lost} of 10).")
    final = results.lines(results.results(of, NAMES, runs), WORDS)[1].entries[1]
    assert f"({SEEDS - lost} of 10)" in final.text
    assert final.muted


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_seed_names_no_leader(language: str) -> None:
    words, of = Words(language), plan((A, B), 1)
    said = leader(of, NAMES, made_up.runs(of, [[0.808], [0.81]]), words)
    assert said == words("compare.one_seed", low="80.8 %", high="81.0 %")
    if language == "en":
        assert said.startswith("One seed: this may be chance.")


def test_where_every_line_loses_runs_none_leads() -> None:
    of = plan((A, B), SEEDS)
    runs = made_up.runs(of, [[0.8] * SEEDS, [0.9] * SEEDS])
    for line in of.lines:
        for number in line.numbers[1:]:
            runs[number] = made_up.run(of.experiments[number], 0.9, kind="diverged")
    assert leader(of, NAMES, runs, WORDS) == WORDS("compare.all_lost")


def test_the_same_experiment_pinned_twice_is_said_to_be_the_same() -> None:
    worse = Pin(Experiment().replace({"optimizer.learning_rate": 1e-5}), name="C")
    of = plan((A, Pin(name="B"), worse), SEEDS)
    runs = made_up.runs(of, [[0.8] * SEEDS, [0.8] * SEEDS, [0.3] * SEEDS])
    said = leader(of, ["A", "B", "C"], runs, WORDS)
    assert "B and A are the same experiment" in said
    assert "told apart from it" not in said


@pytest.mark.parametrize(
    ("lost", "told_of"), [(1, "1 of the pairs has a run"), (2, "2 of the pairs have a run")]
)
def test_one_pair_is_told_as_one(lost: int, told_of: str) -> None:
    of = plan((A, B), SEEDS)
    runs = made_up.runs(of, [[0.7] * SEEDS, [0.8] * SEEDS])
    for number in made_up.line(of, 1).numbers[:lost]:
        runs[number] = made_up.run(of.experiments[number], 0.9, kind="diverged")
    assert told_of in told(of, runs)


@pytest.mark.parametrize(("cut", "told_of"), [(1, "1 of 4 runs was"), (2, "2 of 4 runs were")])
def test_one_run_that_was_cut_short_is_told_as_one(cut: int, told_of: str) -> None:
    runs = [made_up.run(A.experiment, 0.8, kind="stopped") for _ in range(cut)]
    runs += [made_up.run(A.experiment, 0.8) for _ in range(4 - cut)]
    assert unfinished_sentences(runs, WORDS)[0].startswith(told_of)


def test_where_nothing_ended_no_one_leads() -> None:
    of = plan((A, B), 1)
    runs = [made_up.run(e, 0.5, kind="diverged", epochs=0) for e in of.experiments]
    assert leader(of, NAMES, runs, WORDS).startswith("None of these runs")
