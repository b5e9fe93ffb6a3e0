"""The ends of a study as points and as maps."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.statistics import estimate, rounding_of
from core.experiment import Experiment
from dashboard.lines.groups import groups
from dashboard.pages.parts.study_view import StudyView
from dashboard.settings.axis import VariedField
from dashboard.settings.studies import BOTH, INTERVAL, OWN, StudiesSettings
from dashboard.settings.study_plan import plan
from dashboard.text import Words
from dashboard.text.numbers import percent_around
from tests.dashboard.scripts import asked
from tests.dashboard.test_studies_figures import EN, SEEDS, drawn, ends, grid_of, traces
from tests.figures.made_up import made_up


def test_the_bar_that_the_browser_draws_is_the_interval_of_the_runs_that_are_left() -> None:
    values = np.random.default_rng(3).normal(0.8, 0.02, 10).tolist()
    kinds = ["diverged"] * 7 + ["finished"] * 3
    found = [
        {"kind": kind, "columns": {"val_accuracy": [value]}}
        for _ in range(4)
        for kind, value in zip(kinds, values, strict=True)
    ]
    [(_, bind)] = traces(drawn(ends, plan(StudiesSettings(study="momentum")), 10, INTERVAL))
    said = asked("ends", "ends", bind, found)
    left = estimate(values[7:], rounding_of(Experiment(), "val_accuracy"))
    assert said["error_y"]["array"] == pytest.approx([left.high - left.mean] * 4)
    assert said["y"] == pytest.approx([left.mean] * 4)
    written = percent_around(left.mean, left.high - left.mean)
    assert said["customdata"] == [[3, 10, written]] * 4  # as the tables have it
    assert said["text"] == ["3/10"] * 4


def test_a_map_says_of_how_many_runs_each_cell_is() -> None:
    """In the hover of all, and to the eye where runs were lost or cut short."""
    study_of_two = grid_of("momentum:list:0, 0.9", "noise:list:1, 2")
    live = drawn(ends, study_of_two, 2)
    [(trace, bind)] = traces(live)
    kinds = ["finished", "finished", "finished", "diverged", "stopped", "finished"]
    kinds += ["diverged"] * (2 * len(study_of_two.cells) - len(kinds))
    found = [{"kind": kind, "columns": {"val_accuracy": [0.8]}} for kind in kinds]
    said = asked("ends", "ends", bind, found)
    flat = [pair for row in said["customdata"] for pair in row]
    assert [pair[:2] for pair in flat[:4]] == [[2, 2], [1, 2], [1, 2], [None, 2]]
    assert [text for row in said["text"] for text in row][:4] == ["", "<br>1/2", "<br>1/2", ""]
    assert "%{customdata[0]} of %{customdata[1]} runs" in trace["hovertemplate"]
    assert trace["texttemplate"].endswith("%{text}")


@pytest.mark.parametrize("preset", ["keras-2.3", BOTH])
def test_a_point_of_the_results_leads_to_the_cell_it_shows(preset: str) -> None:
    study = grid_of("momentum:list:0,0.9", "learning_rate:list:1,0.1,0.01", preset=preset)
    live = drawn(ends, study)
    for trace, bind in traces(live):
        places, columns = trace["meta"]["places"], bind["columns"]
        assert columns == 3
        assert len(bind["cells"]) == 6
        for number, runs in enumerate(bind["cells"]):
            row, column = divmod(number, columns)
            cell = study.cells[places[number]]
            shown = (trace["y"][row], trace["x"][column])
            assert shown == tuple(f"{v:g}" for p, v in cell.values if p != "preset")
            assert runs == list(range(places[number] * SEEDS, (places[number] + 1) * SEEDS))


def test_values_that_differ_little_have_rows_and_columns_of_their_own() -> None:
    study = grid_of("noise:linear:1:1.01:5", "momentum:list:0.9,0.9001,0.9002")
    [(trace, _)] = traces(drawn(ends, study))
    assert len(set(trace["y"])) == 5
    assert len(set(trace["x"])) == 3
    assert len({group.name for group in groups(study, 1, EN)}) == 5


def test_the_results_of_one_field_stand_on_an_axis_that_suits_it() -> None:
    axes = {
        "learning_rate:log:0.001:1:4": "log",
        "momentum:list:0,0.5,0.9": "linear",
        "optimizer:list:sgd,adam,rmsprop": "category",
        "hidden:list:10;50;50,50": "category",
    }
    for axis, kind in axes.items():
        assert drawn(ends, grid_of(axis)).figure["layout"]["xaxis"]["type"] == kind


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Learning rate 0.01 ends {apart} points below learning rate 0.1 "),
        ("zh", "学习率 0.01"),
    ],
)
def test_a_difference_names_what_its_values_are_of(language: str, said: str) -> None:
    """Made-up accuracies after 12 epochs are 0.33 + 0.5 (1 − 1 / (1 + 120 · rate))."""
    asked = StudiesSettings(
        study=OWN,
        base=Experiment(epochs=12),
        axes=(VariedField.from_text("learning_rate:list:0.1, 0.01", Experiment()),),
        seeds=SEEDS,
        view="difference",
        language=language,
    )
    of = StudyView(asked, plan(asked), Words(language))
    apart = 0.5 / (1 + 1.2) - 0.5 / (1 + 12)
    told = of.differences_said([made_up(one) for one in of.plan.experiments])
    assert told.startswith(said.format(apart=f"{100 * apart:.1f}"))
    legend = of.figure().figure["layout"]["legend"]
    assert legend["title"]["text"] == Words(language)("fields.learning_rate")
