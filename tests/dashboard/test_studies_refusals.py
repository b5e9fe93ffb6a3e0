"""Grids of one's own that cannot be: a sentence each, in both languages, on the page itself."""

from __future__ import annotations

import pytest

from core.analysis.studies import seconds
from core.experiment import Experiment
from core.experiment.limits import EPOCHS_PER_JOB_MAX, SEED_MAX
from core.service import Laboratory
from dashboard.settings.axis import VariedField, fields, go_together
from dashboard.settings.studies import OWN, StudiesSettings
from dashboard.settings.study_plan import experiments, plan, size
from dashboard.text import LANGUAGES, Words
from tests.dashboard.page_app import PageApp

EN = Words("en")
RATES = "learning_rate:log:0.001:1:100"
BAD = {
    "optimizer and momentum": {"vary": "optimizer:list:sgd, adam", "and_vary": "momentum:list:0"},
    "one field twice": {"vary": "momentum:list:0", "and_vary": "momentum:list:0.9"},
    "schedule and patience": {"vary": "schedule:list:constant", "and_vary": "patience:list:2"},
    "patience and decay": {"vary": "patience:list:2, 5", "and_vary": "decay:list:0.1"},
    "decay rate and decay": {
        "vary": "decay_rate:list:0.1",
        "and_vary": "decay:list:0.1",
        "schedule": "exponential",
    },
    "a range of layers": {"vary": "hidden:linear:1:2:3"},
    "no number": {"vary": "learning_rate:list:abc"},
    "no value": {"vary": "learning_rate:list:"},
    "a seed too high": {"vary": "momentum:list:0, 0.9", "seeds": "10", "seed": str(SEED_MAX)},
}


def warned(lent: Laboratory, language: str = "en", **query: str) -> str:
    """The one sentence of a page without a chart."""
    page = PageApp("studies", lent, study=OWN, lang=language, **query)
    assert page.component("studies-chart") is None
    [sentence] = page.warnings
    return sentence


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("query", BAD.values(), ids=list(BAD))
def test_a_bad_grid_is_one_sentence_of_the_visitors_language(
    lent: Laboratory, query: dict[str, str], language: str
) -> None:
    sentence = warned(lent, language, **query)
    words = Words(language)
    assert words("refusals.by_hand") not in sentence
    assert words("refusals.by_link") not in sentence
    for inner in ("one of the fields", "schedule.", "model.", "optimizer."):
        assert inner not in sentence


def test_the_sentence_names_what_is_wrong(lent: Laboratory) -> None:
    said = {name: warned(lent, **query) for name, query in BAD.items()}
    assert "Optimizer and Momentum" in said["optimizer and momentum"]
    assert "Momentum" in said["one field twice"]
    assert "Schedule and Patience" in said["schedule and patience"]
    assert "Hidden layers" in said["a range of layers"]
    assert "it was `abc`" in said["no number"]
    assert f"from 0 to {SEED_MAX - 9}" in said["a seed too high"]


def test_fields_that_do_not_go_together_are_not_offered() -> None:
    base = Experiment()
    kinds = VariedField.usual("optimizer.kind", base)
    offered = [n for n in fields(base) if go_together(kinds, VariedField.usual(n, base), base)]
    assert {"optimizer.learning_rate", "data.noise", "epochs", "schedule.decay"} <= {*offered}
    assert not {"optimizer.kind", "optimizer.momentum", "optimizer.nesterov"} & {*offered}
    patience = VariedField.usual("schedule.patience", base)
    assert not go_together(patience, VariedField.usual("schedule.decay", base), base)
    assert not go_together(VariedField.usual("schedule.kind", base), patience, base)


@pytest.mark.parametrize("name", fields(Experiment()))
def test_every_second_field_that_is_offered_makes_a_grid(name: str) -> None:
    base = Experiment()
    first = VariedField.usual(name, base)
    for other in fields(base):
        second = VariedField.usual(other, base)
        if go_together(first, second, base):
            axes = (short(first, base), short(second, base))
            assert plan(StudiesSettings(study=OWN, axes=axes)).cells


def short(axis: VariedField, base: Experiment) -> VariedField:
    """At most its first two values; of kinds all."""
    if axis.spacing != "list" or axis.path.endswith(".kind"):
        return axis
    separator = ";" if axis.path == "model.hidden" else ","
    return VariedField(axis.path, "list", separator.join(axis.values.split(separator)[:2]))


@pytest.mark.parametrize("spacing", ["linear", "log"])
def test_values_that_cannot_be_read_give_way_to_a_range(lent: Laboratory, spacing: str) -> None:
    page = PageApp("studies", lent, study=OWN, vary="learning_rate:list:abc", seeds="1")
    page.app.button_group(key="studies-spacing-0").set_value(spacing)
    page.run()
    assert page.app.query_params["vary"] == f"optimizer.learning_rate:{spacing}:0.001:1.0:7"
    assert page.warnings == []


def test_the_time_of_two_fields_that_cost_is_that_of_their_cells() -> None:
    axes = tuple(
        VariedField.from_text(text, Experiment()) for text in ("hidden:list:256,256", RATES)
    )
    base = Experiment().replace({"epochs": 500})
    of = size(StudiesSettings(study=OWN, axes=axes, base=base, seeds=10))
    assert of.is_too_large
    cell = base.replace({"model.hidden": [256, 256]})
    assert of.seconds == pytest.approx(of.cells * seconds(cell, runs=10))


def test_epochs_that_are_varied_count_and_those_of_the_base_do_not(lent: Laboratory) -> None:
    dear = warned(lent, vary="epochs:list:2000", and_vary=RATES, epochs="1", seeds="10")
    assert "At most 25 cells" in dear
    axes = ("epochs:linear:10:100:20", "learning_rate:log:0.001:1:20")
    asked = StudiesSettings(
        study=OWN,
        axes=tuple(VariedField.from_text(axis, Experiment()) for axis in axes),
        base=Experiment().replace({"epochs": 2000}),
        seeds=1,
    )
    assert not size(asked).is_too_large
    assert len(plan(asked).cells) == 400


def test_a_single_cell_that_takes_too_long_is_refused(lent: Laboratory) -> None:
    dear = {"hidden": "256,256,256", "epochs": "2000", "seeds": "50", "preset": "both"}
    assert "even one of them" in warned(lent, vary="momentum:list:0.9", **dear)


def test_what_is_planned_may_be_handed_in() -> None:
    axes = (VariedField.from_text("epochs:list:100, 2000", Experiment()),)
    asked = StudiesSettings(study=OWN, axes=axes, seeds=50)
    epochs = sum(one.epochs for one in experiments(plan(asked), asked.seeds))
    assert size(asked).epochs == epochs
    assert size(asked).is_too_large == (epochs > EPOCHS_PER_JOB_MAX)


@pytest.mark.parametrize(
    ("vary", "spacing", "listed"),
    [
        ("samples:linear:100:3000:2", "list", "data.samples:list:100, 3000"),
        (
            "learning_rate:log:0.001:1:7",
            "list",
            "optimizer.learning_rate:list:0.001, 0.00316228, 0.01, 0.0316228, 0.1, 0.316228, 1",
        ),
    ],
)
def test_a_list_has_the_very_values_of_its_range(
    lent: Laboratory, vary: str, spacing: str, listed: str
) -> None:
    page = PageApp("studies", lent, study=OWN, vary=vary, seeds="1", epochs="20")
    page.app.button_group(key="studies-spacing-0").set_value(spacing)
    page.run()
    assert page.app.query_params["vary"] == listed
    assert page.warnings == []


def test_the_ends_of_a_range_can_be_typed_again(lent: Laboratory) -> None:
    page = PageApp("studies", lent, study=OWN, vary="samples:linear:100:3000:2", seeds="1")
    ends = [page.app.text_input(key=f"studies-{end}-0").value for end in ("first", "last")]
    assert ends == ["100", "3000"]


@pytest.mark.parametrize("right", ["", "0.1, 0.01", "0.1，1e−2"])
def test_a_list_with_decimal_commas_is_refused_in_its_box(lent: Laboratory, right: str) -> None:
    page = PageApp("studies", lent, study=OWN, vary="learning_rate:list:0.1, 0.01", seeds="1")
    page.type("studies-values-0", "0,1; 0,01")
    assert page.told.keys() == {"studies-values-0"}
    told = page.told["studies-values-0"]
    assert "(did you mean 0.1, 0.01?); it was 0,1; 0,01." in told
    assert page.app.text_input(key="studies-values-0").value == "0,1; 0,01"
    page.type("studies-values-0", right)
    assert page.told == {}
    assert page.warnings == []
    shown = page.app.text_input(key="studies-values-0").value
    assert shown == (right or "0.1, 0.01")


def test_the_count_and_the_ends_of_a_range_are_read_as_numbers_are(lent: Laboratory) -> None:
    page = PageApp("studies", lent, study=OWN, vary="noise:linear:1:3:2", seeds="1", epochs="2")
    for key, text in (("first", "1,5"), ("last", "２"), ("count", "3e0")):
        page.type(f"studies-{key}-0", text)
        assert page.told == {}
    assert page.warnings == []
    assert page.app.query_params["vary"] == "data.noise:linear:1.5:2.0:3"
    page.type("studies-last-0", "high")
    assert "at least 0 and at most 10; it was high" in page.told["studies-last-0"]
    page.type("studies-last-0", "1,000")
    assert page.told.keys() == {"studies-last-0"}
    assert "could be 1 or 1000" in page.told["studies-last-0"]
    assert page.warnings == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_too_large_is_told_beside_all_that_could_be_less(
    lent: Laboratory, language: str
) -> None:
    words = Words(language)
    grid = {"vary": "learning_rate:log:0.001:1:20", "and_vary": "momentum:list:0, 0.5, 0.9"}
    page = PageApp("studies", lent, study=OWN, **grid, seeds="50", epochs="100", lang=language)
    # 3,000 runs, where 2,000 may be: two thirds of the values, or of the seeds, would do.
    assert page.told == {
        "studies-count-0": words("studies.too_many_values", most=13),
        "studies-values-1": words("studies.too_many_values", most=2),
        "studies-seeds": words("common.too_large_seeds", most=33),
    }
    for key, text in (
        ("studies-count-0", "13"),
        ("studies-count-0", "20"),
        ("studies-seeds", "33"),
    ):
        page.type(key, text)
        assert (page.told == {}) == (text != "20")
    page.leave()


def test_what_is_too_large_with_one_seed_says_so_there(lent: Laboratory) -> None:
    grid = {"vary": RATES, "and_vary": "momentum:linear:0:0.9:100", "epochs": "2"}
    page = PageApp("studies", lent, study=OWN, **grid, seeds="1")  # of 10,000 runs; 2,000 may be
    assert page.told["studies-seeds"] == EN("common.too_large_anyhow")
    assert page.told["studies-count-1"] == EN("studies.too_many_values", most=20)


def test_seeds_that_there_are_not_are_told_beside_how_many(lent: Laboratory) -> None:
    page = PageApp(
        "studies", lent, study=OWN, vary="momentum:list:0", seeds="3", seed=str(SEED_MAX)
    )
    assert page.told == {"studies-seeds": EN("common.too_large_seed")}
