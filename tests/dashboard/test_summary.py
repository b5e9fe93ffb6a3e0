"""What stands above the chart of a single run, in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import pytest

from core.analysis.attainable import Benchmarks
from core.experiment import Experiment
from core.experiment.records import Outcome, Run
from core.service import Laboratory
from dashboard.lines.summary import (
    benchmarks,
    figures,
    sentence,
    summarise,
    verdict_fields,
    verdict_of,
)
from dashboard.text import Words
from tests.analysis.test_verdict import KNOWN, MADE_UP
from tests.service.waiting import FAKE, PATIENCE, experiment, until_done

ENGLISH, CHINESE = Words("en"), Words("zh")


@pytest.mark.parametrize("cause", MADE_UP)
def test_every_cause_is_worded_in_both_languages(cause: str) -> None:
    english, chinese = (sentence(MADE_UP[cause], KNOWN, words) for words in (ENGLISH, CHINESE))
    assert "{" not in english + chinese
    assert "。" in chinese
    assert "." in english


def test_without_benchmarks_it_is_said_how_far_a_run_has_come() -> None:
    assert sentence(MADE_UP["good"], None, ENGLISH) == "So far: 83.0 % of test points are right."


def test_a_run_that_was_interrupted_can_be_trained_again() -> None:
    made = replace(MADE_UP["good"], outcome=Outcome("interrupted", 200, "a worker died."))
    said = sentence(made, KNOWN, ENGLISH)
    assert said.startswith("This training was interrupted after epoch 200: a worker died.")
    assert said.endswith("Change any control to train again.")


def test_the_figures_are_those_of_the_records() -> None:
    shown = figures([MADE_UP["good"]], KNOWN, ENGLISH)
    values = [one["value"] for one in shown]
    assert values == ["83.0 %", "83.0 % (epoch 200)", "epoch 23", "train 0.4 · test 0.4"]
    assert shown[2]["label"] == "first 80 %"


@pytest.mark.parametrize(("words", "label"), [(ENGLISH, "first 79.2 %"), (CHINESE, "首次 79.2 %")])
def test_on_other_data_the_figure_has_the_bar_of_the_sentence(words: Words, label: str) -> None:
    """Nine tenths of what is possible above guessing: 0.342 + 0.9 · (0.842 - 0.342)."""
    data = Experiment.from_dict({"data": {"kind": "blobs", "samples": 5000}})
    made, known = replace(MADE_UP["good"], experiment=data), Benchmarks(0.842, None, 0.342)
    shown = figures([made], known, words)[2]
    assert shown["label"] == label
    assert label.split()[1] in sentence(made, known, words)
    assert figures([made], None, words)[2]["value"] == "–"


def test_a_run_without_records_has_no_figures() -> None:
    made = MADE_UP["good"]
    empty = Run(made.experiment, made.records[:0], Outcome("stopped", 0))
    assert {one["value"] for one in figures([empty], KNOWN, ENGLISH)} == {"–"}


def test_without_benchmarks_a_finished_run_is_not_judged_and_a_diverged_one_is() -> None:
    made = MADE_UP["good"]
    assert verdict_fields(verdict_of(made, None), ENGLISH)["cause"] is None
    ended = verdict_of(replace(made, outcome=Outcome("diverged", 201)), None)
    diverged = verdict_fields(ended, ENGLISH)
    assert diverged["cause"] == "diverged"
    assert diverged["next"]["path"] == "optimizer.learning_rate"
    assert [(one["column"], one["from"]) for one in diverged["evidence"]] == [("loss", 200)]


class Silent:
    """A laboratory none of whose workers answers; its runs are those of another."""

    def __init__(self, other: Laboratory | None = None) -> None:
        self.other = other

    def __getattr__(self, name: str) -> Any:
        return getattr(self.other, name)

    def benchmarks(self, data: Any) -> Future[Benchmarks]:
        return Future()


def test_a_run_that_no_worker_has_judged_yet_has_its_figures_and_waits(
    laboratory: Laboratory,
) -> None:
    job = laboratory.submit([experiment()])
    until_done(laboratory, job)
    silent: Any = Silent(laboratory)
    said = summarise(silent, job, "en")
    assert said["waits"]
    assert said["sentence"].startswith("So far")
    assert said["figures"][0]["value"] != "–"


@pytest.fixture
def laboratory() -> Iterator[Laboratory]:
    with Laboratory(1, command=FAKE) as opened:
        yield opened


def test_a_sentence_does_not_wait_for_ever() -> None:
    silent: Any = Silent()
    assert benchmarks(silent, MADE_UP["good"].experiment.data, seconds=0.01) is None


def test_a_job_of_one_run_is_judged_when_it_is_done(laboratory: Laboratory) -> None:
    job = laboratory.submit([experiment()])
    until_done(laboratory, job)
    laboratory.benchmarks(experiment().data).result(PATIENCE)  # what the sentence would wait for
    said = summarise(laboratory, job, "en")
    assert "So far" not in said["sentence"]
    assert said["cause"]
    assert not said["waits"]
    assert {one["name"] for one in said["references"]} == {"possible", "guessing"}
    json.dumps(said, allow_nan=False)  # as it goes over the socket


def test_a_run_that_diverged_needs_no_benchmarks() -> None:
    made = replace(MADE_UP["good"], outcome=Outcome("diverged", 201))
    assert sentence(made, None, ENGLISH).startswith("Diverged at epoch 201")
