"""What is said of a run and its check, in both languages."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.agreement import agreement
from core.experiment import Experiment
from core.experiment.records import COLUMNS, Outcome, OutcomeKind, Run
from core.service import Laboratory
from dashboard.lines.agreement import agreement_summary, evidence, sentences
from dashboard.text import LANGUAGES, Words
from tests.service.fake_worker import DIVERGES, SLOW

EN = Words("en")
EPOCHS = 40
VAL_LOSS, VAL_ACCURACY = COLUMNS.index("val_loss"), COLUMNS.index("val_accuracy")


def run(*shares: float, accuracy: float = 0.5, kind: OutcomeKind = "finished") -> Run:
    """A run whose test loss, from before the first update on, is off by these shares of itself."""
    rows = np.full((len(shares), len(COLUMNS)), 0.5)
    rows[:, 0] = np.arange(len(shares))
    rows[:, VAL_LOSS] *= 1 - np.array(shares)
    rows[-1, VAL_ACCURACY] = accuracy
    last = len(shares) - (kind != "diverged")
    return Run.from_rows(Experiment(epochs=EPOCHS), rows, Outcome(kind, last))


OURS = run(*[0.0] * (EPOCHS + 1))
PARTED = run(*[0.0] * 9, 1e-5, 5e-4, *[0.31] * 30, accuracy=0.478)
CASES: dict[str, tuple[Run, Run, str]] = {
    "identical": (OURS, OURS, "the same curve, to the last digit of 40 epochs."),
    "same": (
        OURS,
        run(*[0.0] * 7, 5.16e-7, *[0.0] * 33),
        "over 40 epochs they differ by at most one part in 1,900,000 of the test loss (epoch 7), "
        "the accuracies not at all.",
    ),
    "an accuracy": (
        OURS,
        run(*[1e-7] * 41, accuracy=0.498),
        "(before the first update), the accuracies by 0.2 points (epoch 40).",
    ),
    "rejoined": (
        OURS,
        run(*[0.0] * 7, 0.002, 0.0074, *[0.0] * 32),
        "the same curve but for epochs 7 to 8, where they differ by up to 0.74\xa0% of the test "
        "loss (epoch 8): ",
    ),
    "rejoined at once": (OURS, run(*[0.0] * 7, 0.002, *[0.0] * 33), "but for epoch 7, where"),
    "parted": (OURS, PARTED, "the same curve until chaos parts them from epoch 11 on, by up to"),
    "how good both are": (OURS, PARTED, "at the end: 50.0\xa0%, by Keras 47.8\xa0%."),
    "parted at once": (OURS, run(0.0, *[0.31] * 40), "until chaos parts them from epoch 1 on"),
    "unlike": (OURS, run(*[0.31] * 41), "and rounding does not explain that."),
    "stopped": (OURS, run(*[0.0] * 13, kind="stopped"), "Compared over 12 of 40 epochs."),
    "diverged": (run(0.0, 0.0, kind="diverged"), run(0.0, 0.0, kind="diverged"),
                 "Both diverge in epoch 2."),
    "at once": (run(0.0, kind="diverged"), run(0.0, kind="diverged"), "Both diverge in epoch 1."),
    "apart": (run(0.0, 0.0, kind="diverged"), run(*[0.0] * 4, kind="diverged"),
              "The compiled engine diverges in epoch 2, Keras diverges in epoch 4."),
    "alone": (OURS, run(*[0.0] * 4, kind="diverged"),
              "The compiled engine goes on to epoch 40, Keras diverges in epoch 4."),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_check_is_told_in_words(name: str) -> None:
    ours, keras, said = CASES[name]
    found = agreement(ours, keras)
    assert said in sentences(found, {"compiled": ours, "keras": keras}, True, EN)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_and_in_every_language(name: str, language: str) -> None:
    ours, keras, _ = CASES[name]
    both = {"compiled": ours, "keras": keras}
    said = sentences(agreement(ours, keras), both, True, Words(language))
    assert said.endswith((".", "。"))
    assert "{" not in said
    assert (". " in f"{said} ") == (language == "en")


def test_before_it_is_done_only_the_largest_difference_is_told() -> None:
    keras = run(*[0.0] * 7, 0.002, 0.0074)
    both = {"compiled": OURS, "keras": keras}
    said = sentences(agreement(OURS, keras), both, False, EN)
    assert said == "So far they differ by at most 0.74\xa0% of the test loss (epoch 8)."
    begun = run(0.0)
    assert sentences(agreement(OURS, begun), {**both, "keras": begun}, False, EN) == ""


def test_where_they_part_is_marked_and_nothing_else() -> None:
    [one] = evidence(agreement(OURS, PARTED), PARTED, EN)
    assert (one["column"], one["from"], one["to"]) == ("val_loss", 11, 11)
    assert one["value"] == pytest.approx(0.5 * 0.69)
    assert evidence(agreement(OURS, OURS), OURS, EN) == []
    unlike = run(*[0.31] * 41)
    assert evidence(agreement(OURS, unlike), unlike, EN) == []  # epoch 0 is not drawn


@pytest.fixture
def both(lent: Laboratory) -> tuple[Laboratory, str, str]:
    jobs = [lent.submit([Experiment(epochs=9)], engine=by) for by in ("compiled", "keras")]  # type: ignore[arg-type]
    for job in jobs:
        for _ in lent.follow(job):
            pass
    return (lent, *jobs)


def test_whichever_of_the_two_is_watched_the_same_is_said(
    both: tuple[Laboratory, str, str],
) -> None:
    lab, ours, keras = both
    said = agreement_summary(lab, keras, ours, EN)
    assert said["sentence"].endswith("to the last digit of 9 epochs.")
    assert agreement_summary(lab, ours, keras, EN) == said


def test_what_is_no_check_is_told_nothing_about(both: tuple[Laboratory, str, str]) -> None:
    lab, _, keras = both
    nothing = {"sentence": "", "evidence": []}
    assert agreement_summary(lab, keras, keras, EN) == nothing
    assert agreement_summary(lab, keras, "forgotten", EN) == nothing


def test_as_long_as_either_goes_on_it_is_told_so_far(both: tuple[Laboratory, str, str]) -> None:
    lab, _, keras = both
    going = lab.submit([Experiment(epochs=2000, seed=SLOW)], "somebody")
    try:
        said = agreement_summary(lab, keras, going, EN)["sentence"]
        assert said == "" or said.startswith("So far")
    finally:
        lab.cancel(going)


def test_both_may_diverge_without_an_epoch_in_common(lent: Laboratory) -> None:
    one = Experiment(epochs=9, seed=DIVERGES)
    jobs = [lent.submit([one], engine=by) for by in ("compiled", "keras")]  # type: ignore[arg-type]
    for job in jobs:
        for _ in lent.follow(job):
            pass
    assert "Both diverge in epoch 3." in agreement_summary(lent, jobs[1], jobs[0], EN)["sentence"]
