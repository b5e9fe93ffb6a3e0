"""From what is asked to what is trained."""

from __future__ import annotations

import pytest

from core.analysis.studies import STUDIES, Cell, seconds, study
from core.experiment import Experiment
from core.experiment.optimizers import preset
from core.experiment.refusals import FieldError
from dashboard.settings.axis import VariedField
from dashboard.settings.pin import Pin, from_text
from dashboard.settings.studies import BOTH, OWN, StudiesSettings
from dashboard.settings.study_plan import experiments, in_version, plan, size

KINDS = VariedField("optimizer.kind", "list", "sgd, adagrad, rmsprop")


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_of_the_tutorial_is_trained_as_it_is(name: str) -> None:
    assert plan(StudiesSettings(study=name, preset="keras-3")) == study(name, "keras-3")


@pytest.mark.parametrize("name", STUDIES)
def test_two_versions_stand_together_and_say_which_is_which(name: str) -> None:
    both, halves = (
        plan(StudiesSettings(study=name, preset=BOTH)),
        [study(name, v) for v in ("keras-2.3", "keras-3")],
    )
    expected = [cell.experiment for half in halves for cell in half.cells]
    assert [cell.experiment for cell in both.cells] == expected
    assert len({cell.label for cell in both.cells}) == len(both.cells)


def test_the_optimizers_of_ones_own_follow_the_version() -> None:
    cells = plan(StudiesSettings(study=OWN, preset=BOTH, axes=(KINDS,))).cells
    kinds = ("sgd", "adagrad", "rmsprop")
    expected = [preset(version, kind) for version in ("keras-2.3", "keras-3") for kind in kinds]
    assert [cell.experiment.optimizer for cell in cells] == expected


def test_a_value_that_is_varied_or_ones_own_does_not_follow_the_version() -> None:
    adagrad = Experiment().replace({"optimizer": preset("keras-2.3", "adagrad")})
    varied = Cell((("optimizer.learning_rate", 0.01),), adagrad)
    assert in_version(varied, "keras-3").get("optimizer.learning_rate") == 0.01
    assert in_version(varied, "keras-3").get("optimizer.initial_accumulator_value") == 0.1
    mine = Cell((), adagrad.replace({"optimizer.learning_rate": 0.05}))
    assert in_version(mine, "keras-3").get("optimizer.learning_rate") == 0.05


def test_a_batch_of_all_rows_is_all_of_each_cell() -> None:
    samples = "samples:list:100, 1000, 5000"
    link = {"study": OWN, "seeds": "1", "vary": samples, "schedule": "cosine"}
    whole, refusals = StudiesSettings.from_query({**link, "batch_size": "all"})
    again, _ = StudiesSettings.from_query(
        {name: str(text) for name, text in whole.to_query().items()}
    )
    fixed, _ = StudiesSettings.from_query({**link, "batch_size": "500"})
    assert refusals == []
    for asked, batches in ((fixed, [500] * 3), (whole, [50, 500, 2500]), (again, [50, 500, 2500])):
        cells = plan(asked).cells
        assert [cell.experiment.batch_size for cell in cells] == batches
        assert size(asked).seconds == pytest.approx(
            sum(seconds(cell.experiment, 1) for cell in cells)
        )


def test_a_pin_of_a_study_keeps_a_batch_of_all_rows() -> None:
    axis = VariedField.from_text("samples:list:100, 1000", Experiment())
    pin = Pin(Experiment(batch_size="all"), study=OWN, axes=(axis,))
    for one in (pin, from_text(pin.to_text()).pin):
        assert [cell.experiment.batch_size for cell in one.cells()] == [50, 500]


def test_a_grid_that_makes_no_experiment_is_refused() -> None:
    momenta = VariedField("optimizer.momentum", "list", "0, 0.9")
    with pytest.raises(FieldError, match="momentum"):
        plan(
            StudiesSettings(
                study=OWN, axes=(VariedField("optimizer.kind", "list", "sgd, adam"), momenta)
            )
        )


def test_the_same_experiments_are_handed_in_again() -> None:
    asked = StudiesSettings(seeds=3)
    assert experiments(plan(asked), 3) is experiments(plan(asked), 3)
    assert len(experiments(plan(asked), 3)) == 24
