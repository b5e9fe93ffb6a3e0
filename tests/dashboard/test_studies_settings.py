"""The settings of the page of studies: what a link carries, and what becomes of a bad one."""

from __future__ import annotations

import random
import string
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from core.analysis.studies import STUDIES
from core.experiment import Experiment
from dashboard.settings.axis import SPACINGS, VariedField, bringing, fields
from dashboard.settings.refusals import refusal_sentence
from dashboard.settings.studies import (
    AXES,
    BANDS,
    BOTH,
    ON_PAPER,
    OWN,
    RESULTS,
    VIEWS,
    StudiesSettings,
)
from dashboard.settings.study_plan import plan, size
from dashboard.text import LANGUAGES, Words
from tests.experiment.kinds import FORK, each_kind

MUTILATED = 5_000
PAPER = StudiesSettings(
    study=ON_PAPER,
    paper_rate=0.5,
    paper_updates=1000,
    paper_decay_1=0.0,
    paper_decay_2=1e-6,
    paper_decay_3=0.3,
    paper_decay_4=1.0,
)
RATE = VariedField("optimizer.learning_rate", "log", "", 1e-4, 1.0, 5)
MOMENTUM = VariedField("optimizer.momentum", "list", "0, 0.9")


def settings() -> list[StudiesSettings]:
    """Every study, and of one's own every kind of base, with values that are not the defaults."""
    shown = [
        StudiesSettings(study=name, preset="keras-3", seeds=3, language="zh") for name in STUDIES
    ]
    shown += [
        StudiesSettings(view=view, band=band, sort="-final") for view in VIEWS for band in BANDS
    ]
    shown.append(PAPER)
    bases = [Experiment().replace(change) for change in each_kind()]
    bases.append(Experiment(changes=FORK, loss="squared_error"))
    bases.append(Experiment().replace({"model.hidden": [], "epochs": 7, "seed": 9, "data.seed": 5}))
    own = [StudiesSettings(study=OWN, view=RESULTS, base=base, axes=(RATE,)) for base in bases]
    return [*shown, *own, replace(own[0], preset=BOTH, axes=(RATE, MOMENTUM))]


@pytest.mark.parametrize("asked", settings(), ids=lambda asked: urlencode(asked.to_query()))
def test_a_link_brings_everything_back(asked: StudiesSettings) -> None:
    assert StudiesSettings.from_query(asked.to_query(), "en") == (asked, [])


def test_a_study_of_the_tutorial_has_a_short_link() -> None:
    assert set(StudiesSettings().to_query()) == {
        *("study", "preset", "seeds", "view", "band", "sort"),
        "lang",
    }


def test_one_bad_value_is_refused_and_the_rest_of_the_link_applies() -> None:
    asked, refusals = StudiesSettings.from_query(
        {"study": "momentum", "seeds": "51", "band": "interval"}
    )
    assert [error.path for error in refusals] == ["seeds"]
    assert asked == StudiesSettings(study="momentum", band="interval")


@pytest.mark.parametrize(
    "text", ["", "momentum", "momentum:by ear:1", "seed:list:1", "x:log:1:2:3"]
)
def test_a_field_that_cannot_be_varied_is_refused_and_the_other_one_stays(text: str) -> None:
    asked, refusals = StudiesSettings.from_query(
        {"study": OWN, "vary": text, "and_vary": MOMENTUM.to_text()}
    )
    assert [error.path for error in refusals] == ["vary"]
    assert asked.axes == (MOMENTUM,)


@pytest.mark.parametrize("numbers", ["1:2", "1:2:0", "1:2:101", "a:2:3", "1:2:x", "nan:1:3", "::"])
def test_a_range_without_two_ends_and_a_count_is_refused(numbers: str) -> None:
    _, refusals = StudiesSettings.from_query({"study": OWN, "vary": f"learning_rate:log:{numbers}"})
    assert [error.path for error in refusals] == ["vary"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_names_the_setting_and_what_it_got(language: str) -> None:
    words = Words(language)
    for name, label in (("seeds", "studies.field_seeds"), ("preset", "studies.field_preset")):
        _, [error] = StudiesSettings.from_query({name: "one million"})
        sentence = refusal_sentence(error, words, by_link=True, section="studies")
        assert words(label) in sentence
        assert "one million" in sentence


def mutilated(rng: random.Random, queries: list[dict[str, str]]) -> dict[str, str]:
    """A link as it should not be: fields missing, swapped, doubled, their values broken."""
    query = dict(rng.choice(queries))
    junk = string.printable + "∞é\u0000中💥\ud800:,;"
    broken = ["", "nan", "-inf", "1e999", "-1", "[]", "9" * 5000, "::", "list:", "log:0:0:0"]
    for _ in range(rng.randint(1, 6)):
        name = rng.choice(
            [
                *query,
                *StudiesSettings().to_query(),
                *PAPER.to_query(),
                *AXES,
                "lang",
                "epochs",
                "__class__",
                "",
            ]
        )
        match rng.randint(0, 4):
            case 0:
                query.pop(name, None)
            case 1:
                query[name] = rng.choice(broken)
            case 2:
                query[name] = "".join(rng.choices(junk, k=rng.randint(0, 30)))
            case 3:
                text = query.get(name, "") or "x"
                query[name] = text.replace(rng.choice(text), rng.choice(junk))
            case _:
                query[name] = rng.choice([*query.values(), "0"])
    return query


def test_mutilated_links_are_read_without_an_exception() -> None:
    rng = random.Random(3)
    queries = [asked.to_query() for asked in settings()]
    words = [Words(language) for language in LANGUAGES]
    bad = 0
    for _ in range(MUTILATED):
        asked, refusals = StudiesSettings.from_query(mutilated(rng, queries))
        assert StudiesSettings.from_query(asked.to_query()) == (asked, [])
        for error in refusals:
            bad += 1
            assert all(
                "`" in refusal_sentence(error, one, by_link=True, section="studies")
                for one in words
            )
    assert bad > MUTILATED / 2  # the links were bad indeed


def bases() -> list[Experiment]:
    return [Experiment().replace(change) for change in each_kind()]


@pytest.mark.parametrize("base", bases(), ids=lambda base: base.key)
def test_every_field_comes_with_values_that_can_be_tried(base: Experiment) -> None:
    for name in fields(base):
        axis = VariedField.usual(name, base)
        assert axis.axis(bringing([name], base)).values
        assert VariedField.from_text(axis.to_text(), base) == axis


@pytest.mark.parametrize("spacing", SPACINGS)
def test_an_axis_has_the_values_of_its_spacing(spacing: str) -> None:
    axis = VariedField("optimizer.learning_rate", spacing, "0.01, 0.1, 1", 0.01, 1.0, 3)
    expected = {"list": (0.01, 0.1, 1.0), "linear": (0.01, 0.505, 1.0), "log": (0.01, 0.1, 1.0)}
    assert axis.axis(Experiment()).values == expected[spacing]


def test_decay_and_patience_bring_the_schedule_they_belong_to() -> None:
    for name, kind in (("schedule.decay", "time_decay"), ("schedule.patience", "plateau")):
        study = plan(StudiesSettings(study=OWN, axes=(VariedField.usual(name, Experiment()),)))
        assert {cell.experiment.schedule.kind for cell in study.cells} == {kind}


PATHS = ("optimizer.momentum", "data.train_fraction")


def test_too_many_cells_are_counted_timed_and_limited() -> None:
    sixty = [
        VariedField(name, "linear", "", 0.1, 0.9, 60)
        for name in ("optimizer.momentum", "data.train_fraction")
    ]
    of = size(StudiesSettings(study=OWN, axes=tuple(sixty), seeds=10))
    assert of.counts == (60, 60)
    assert of.runs == 36_000
    assert of.is_too_large
    assert of.cells_max == 200  # 2,000 experiments a job, by 10 seeds
    assert of.seconds > 60


def test_both_versions_count_twice() -> None:
    one, both = (size(StudiesSettings(study=OWN, preset=preset)) for preset in ("keras-3", BOTH))
    assert both.runs == 2 * one.runs
    assert both.seconds == pytest.approx(2 * one.seconds)
