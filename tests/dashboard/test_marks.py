"""What is marked on a chart, in both languages."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from core.analysis.attainable import Benchmarks
from core.analysis.evidence import Evidence
from core.analysis.verdict import judge
from core.experiment import Experiment
from dashboard.lines.marks import evidence, evidence_text, next_step, next_text, references
from dashboard.lines.titles import title
from dashboard.text import Words
from tests.analysis.made_up_curves import KNOWN, MADE_UP

ENGLISH, CHINESE = Words("en"), Words("zh")


def test_accuracies_are_measured_against_what_is_possible_and_against_guessing() -> None:
    shown = references(Benchmarks(0.84, None, 0.342), ENGLISH)
    assert [(one["name"], one["value"]) for one in shown] == [
        ("possible", 0.84),
        ("guessing", 0.342),
    ]
    assert shown[1]["text"] == "guessing: 34.2 %, the share of the commonest class in the test rows"


def test_of_the_digits_there_is_a_reference_and_nothing_possible() -> None:
    shown = references(Benchmarks(None, 0.98, 0.11), CHINESE)
    assert [one["name"] for one in shown] == ["参照", "乱猜"]


def test_nothing_is_drawn_before_it_is_known() -> None:
    assert references(None, ENGLISH) == []


@pytest.mark.parametrize("words", [ENGLISH, CHINESE])
@pytest.mark.parametrize("cause", MADE_UP)
def test_every_evidence_has_its_sentence(cause: str, words: Words) -> None:
    verdict = judge(MADE_UP[cause], KNOWN)
    shown = evidence(verdict, words)
    assert [(one["column"], one["from"], one["to"]) for one in shown] == [
        (one.column, one.first, one.last) for one in verdict.evidence
    ]
    assert all(one["text"] and "{" not in one["text"] for one in shown)


@pytest.mark.parametrize(
    ("one", "kind", "said"),
    [
        (
            Evidence("val_accuracy", 151, 200, 0.83),
            "level",
            "Test accuracy, epochs 151 to 200: 83.0 % in the middle",
        ),
        (Evidence("loss", 52, 52, 1.53), "at", "Training loss at epoch 52: 1.53"),
        (
            Evidence("val_accuracy", 0, 0, 0.34),
            "before",
            "Test accuracy before the first update: 34.0 %",
        ),
        (
            Evidence("val_accuracy", 101, 200, 0.059),
            "swing",
            "Test accuracy, epochs 101 to 200: moves by 5.9 points from one to the next",
        ),
        (
            Evidence("val_loss", 101, 200, -0.25),
            "change",
            "Test loss, epochs 101 to 200: −0.25 in all",
        ),
    ],
)
def test_an_evidence_says_what_is_seen_and_where(one: Evidence, kind: str, said: str) -> None:
    assert evidence_text(one, kind, ENGLISH) == said


def test_what_is_no_number_is_not_marked() -> None:
    verdict = judge(MADE_UP["good"], KNOWN)
    unknown = replace(verdict, evidence=(Evidence("val_accuracy", 0, 0, math.nan),))
    assert evidence(unknown, ENGLISH) == []


def test_the_next_step_is_a_path_a_value_and_words() -> None:
    verdict = judge(MADE_UP["too_large"], KNOWN)
    [(path, value)] = (verdict.next or {}).items()
    step = next_step(verdict, ENGLISH)
    assert step is not None
    assert (step["path"], step["value"]) == (path, value)
    assert step["text"] == "Try learning rate 0.001"


def test_where_nothing_follows_there_is_no_next_step() -> None:
    assert next_step(judge(MADE_UP["good"], KNOWN), ENGLISH) is None


def test_a_next_step_is_worded_as_a_person_would() -> None:
    assert next_text("epochs", 400, ENGLISH) == "Try 400 epochs"
    assert next_text("schedule.decay", 1e-4, ENGLISH) == "Try decay 1e-4"
    assert next_text("epochs", 400, CHINESE) == "试试 400 轮"


def test_a_title_says_what_is_not_as_in_the_tutorial() -> None:
    made = Experiment().replace({"optimizer.momentum": 0.9, "model.hidden": [64, 32], "epochs": 50})
    said = "SGD, learning rate 0.01, momentum 0.9, blobs, hidden layers 64–32, 50 epochs, seed 0"
    assert title(made, ENGLISH) == said


def test_a_title_tells_of_changes() -> None:
    change = {"epoch": 100, "optimizer.learning_rate": 0.001}
    said = title(Experiment().replace({"changes": [change]}), ENGLISH)
    assert said.endswith("seed 0. From epoch 100 on: learning rate 0.001.")
