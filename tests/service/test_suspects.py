"""What may have killed its worker is tried again alone, and the innocent finish."""

from __future__ import annotations

import numpy as np
import pytest

from core.service import Laboratory
from core.service.trainings import DEADLY_MAX
from tests.service.fake_worker import DIES, SLOW, expected
from tests.service.waiting import experiment, states, until_done, until_trained


def kinds(laboratory: Laboratory, job: str) -> list[str]:
    return [run.outcome.kind for run in laboratory.runs(job)]


@pytest.mark.parametrize("slots", [1, 2])
def test_a_run_that_kills_its_worker_harms_none_of_the_same_job(open_laboratory, slots) -> None:
    laboratory = open_laboratory(slots)
    job = laboratory.submit([experiment(1), experiment(DIES), experiment(2, 200), experiment(3)])
    until_done(laboratory, job)
    assert kinds(laboratory, job) == ["finished", "interrupted", "finished", "finished"]
    for run in laboratory.runs(job)[2:]:
        np.testing.assert_array_equal(run.records, expected(run.experiment))


def test_a_run_that_kills_its_worker_harms_no_other_visitor(open_laboratory) -> None:
    laboratory = open_laboratory()
    innocent = laboratory.submit([experiment(SLOW, 40)], "ada")
    until_trained(laboratory, innocent)
    killer = laboratory.submit([experiment(DIES)], "bob")
    for job in (killer, innocent):
        until_done(laboratory, job)
    assert kinds(laboratory, killer) == ["interrupted"]
    assert kinds(laboratory, innocent) == ["finished"]
    assert states(laboratory.events(innocent)).count("retrying") == 1


def test_of_many_that_kill_a_few_are_tried(open_laboratory) -> None:
    laboratory = open_laboratory()
    killers = DEADLY_MAX + 3
    job = laboratory.submit([*(experiment(DIES + n) for n in range(killers)), experiment(1)])
    until_done(laboratory, job)
    assert kinds(laboratory, job)[:killers] == ["interrupted"] * killers
    assert laboratory.measures().lost <= DEADLY_MAX + 1  # the first had all of them in hand
    until_done(laboratory, laboratory.submit([experiment(5)], "another"))
