"""What a page says where there is no room for its training, and what a download holds then."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.experiment import Experiment
from core.experiment.limits import EPOCHS_MAX, EPOCHS_WAITING_MAX, JOBS_PER_VISITOR_MAX
from core.service import Laboratory
from core.service.events import FULL, QueueFull
from dashboard.pages.parts.downloads import records_csv
from dashboard.text import LANGUAGES, Words
from dashboard.training import limit_sentence
from tests.dashboard.page_app import PageApp
from tests.service.fake_worker import SLOW

EN = Words("en")
RUNS = 250  # of a job that is as large as may be
ADA = "ada"


def slow(seed: int) -> Experiment:
    return Experiment(epochs=EPOCHS_MAX, seed=SLOW + seed)


@pytest.fixture
def full_of_jobs(lent: Laboratory) -> Iterator[Laboratory]:
    """Ada has as many jobs as she may."""
    jobs = [lent.submit([slow(n)], ADA) for n in range(JOBS_PER_VISITOR_MAX)]
    yield lent
    for job in jobs:
        lent.cancel(job)


@pytest.fixture
def full_of_epochs(lent: Laboratory) -> Iterator[Laboratory]:
    """Others have almost as much under way as all together may."""
    count = EPOCHS_WAITING_MAX // (RUNS * EPOCHS_MAX)
    seeds = iter(range(1000))  # nobody asks for what another does: that would be trained once
    jobs = [
        lent.submit([slow(next(seeds)) for _ in range(RUNS - 1)], f"visitor {job}")
        for job in range(count)
    ]
    rest = [slow(next(seeds)) for _ in range(count - 1)]
    rest.append(Experiment(epochs=EPOCHS_MAX // 2, seed=SLOW + next(seeds)))
    jobs.append(lent.submit(rest, "another visitor"))
    yield lent
    for job in jobs:
        lent.cancel(job)


def test_a_visitor_who_has_too_many_jobs_is_told_so(full_of_jobs: Laboratory) -> None:
    page = PageApp("explore", full_of_jobs, live="false")
    page.app.session_state["visitor"] = ADA
    page.app.session_state["train-now"] = True
    page.run()
    [warning] = page.warnings
    assert "each visitor may have at most 12 under way, and this would be number 13" in warning


def test_who_finds_all_room_taken_by_others_is_told_so(full_of_epochs: Laboratory) -> None:
    page = PageApp("explore", full_of_epochs, epochs="2000")
    [warning] = page.warnings
    assert "epochs of all visitors would be under way, where at most 2,000,000 may" in warning


def test_a_download_that_would_have_to_be_trained_again_says_that_there_is_no_room(
    full_of_jobs: Laboratory,
) -> None:
    """Everyone has a room of their own: it is asked for in the name of who wants the file."""
    wanted = [Experiment(epochs=3)]
    said = records_csv("forgotten", wanted, ADA, EN)
    assert said.startswith("There is no room for this training now: each visitor may")
    assert said.count("\n") == 1
    assert records_csv("forgotten", wanted, "bob", EN).count("\n") == 1 + 3


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", FULL)
def test_every_limit_is_told_in_every_language(code: str, language: str) -> None:
    said = limit_sentence(QueueFull(code, most=1_234, got=5_678).reason, Words(language))
    assert "1,234" in said
    assert said.endswith((".", "。"))
