"""Fields in links by their dotted names, and by those that they had in the first edition."""

from __future__ import annotations

from typing import Any

import pytest

from core.experiment import PARTS, Experiment
from core.experiment.field_types import Choice, Flag, Integer, Integers, Number, Rule
from core.experiment.fields import rules
from dashboard.claims.settings import ClaimsSettings
from dashboard.settings.chart import PARAMETERS
from dashboard.settings.compare import CompareSettings
from dashboard.settings.experiment import OF_KERAS_2, experiment_of, link_text
from dashboard.settings.explore import ExploreSettings
from dashboard.settings.pin import RULES, from_text
from dashboard.settings.refusals import label_of, refusal_sentence
from dashboard.settings.studies import AXES, ON_PAPER, OWN, StudiesSettings
from dashboard.text import LANGUAGES, Words

# How links of the first edition called what has another name now.
OLD = {"data.seed": "data_seed", **{f"{part}.kind": part for part in PARTS}}
# Of a field with its kinds; the fields of networks other than dense ones are for the digits alone.
Field = tuple[str, dict[str, str]]


def fields() -> list[Field]:
    """Every field of every kind, and the kinds that an experiment which has it is of."""
    found: list[Field] = [(name, {}) for name in rules(Experiment)]
    for part, kinds in PARTS.items():
        for kind, cls in kinds.items():
            images = {"data.kind": "digits"} if kind == "conv" else {}
            of_kind = {f"{part}.kind": kind, **images}
            found.append((f"{part}.kind", of_kind))
            found += [(f"{part}.{name}", of_kind) for name in rules(cls)]
    return found


def old_name(path: str) -> str:
    return OLD.get(path, path.rpartition(".")[2])


def other_value(rule: Rule, value: Any) -> Any:
    """A value that the field may have, other than the one given."""
    match rule:
        case Choice(options):
            return next(one for one in options if one != value)
        case Flag():
            return not value
        case Integer():
            return value + 1 if value < rule.high else value - 1
        case Number():
            return value / 2 if value else min(rule.high, 0.125)
        case Integers():
            return [*value[:-1], 12]
        case _:
            return [{"epoch": 5, "epochs": 60}]


def known_as(path: str, of: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """A link with another value for the field, by its dotted name and by its old ones."""
    usual = experiment_of(of, OF_KERAS_2, [])
    text = of[path] if path in of else link_text(other_value(rule_of(path, of), usual.get(path)))
    dotted = {**of, path: text}
    return dotted, {old_name(name): value for name, value in dotted.items()}


def rule_of(path: str, of: dict[str, str]) -> Rule:
    part, _, name = path.rpartition(".")
    return rules(PARTS[part][of[f"{part}.kind"]] if part else Experiment)[name]


IDS = ["-".join((path, *of.values())) for path, of in fields()]


@pytest.mark.parametrize(("path", "of"), fields(), ids=IDS)
def test_dotted_and_old_names_mean_the_same_on_every_page(path: str, of: dict[str, str]) -> None:
    dotted, old = known_as(path, of)
    state = ExploreSettings.from_query(dotted)
    assert state == ExploreSettings.from_query(old)
    assert state.refusals == []
    assert link_text(state.settings.experiment.get(path)) == dotted[path]
    own = {"study": OWN}
    assert StudiesSettings.from_query({**own, **dotted}) == StudiesSettings.from_query(
        {**own, **old}
    )
    assert StudiesSettings.from_query({**own, **dotted}).settings.base == state.settings.experiment
    for query in (dotted, old):
        pin, refusals = from_text("~".join(word for item in query.items() for word in item))
        assert (pin.experiment, refusals) == (state.settings.experiment, [])


@pytest.mark.parametrize(("path", "of"), fields(), ids=IDS)
def test_a_link_is_written_by_dotted_names_alone(path: str, of: dict[str, str]) -> None:
    dotted, old = known_as(path, of)
    state = ExploreSettings.from_query(old).settings
    assert state.to_query().get(path, dotted[path]) == dotted[path]
    assert not {*state.to_query()} & {old_name(name) for name in dotted if old_name(name) != name}


@pytest.mark.parametrize("path", dict.fromkeys(p for p, _ in fields() if old_name(p) != p))
def test_of_both_names_in_one_link_the_later_one_counts(path: str) -> None:
    of = [of for one, of in fields() if one == path][-1]
    usual = link_text(experiment_of(of, OF_KERAS_2, []).get(path))
    one = next(iter(PARTS[path.partition(".")[0]])) if path in of else usual
    other = known_as(path, of)[0][path]
    kinds = {name: kind for name, kind in of.items() if name != path}
    assert one != other
    for first, second in ((one, other), (other, one)):
        for names in ((path, old_name(path)), (old_name(path), path)):
            reading = ExploreSettings.from_query({**kinds, names[0]: first, names[1]: second})
            assert link_text(reading.settings.experiment.get(path)) == second
            told = [(error.code, error.path, error.got) for error in reading.refusals]
            assert told == [("repeated", names[1], second)]


PAPER = ["rate", "updates", *(f"decay_{n}" for n in range(1, 5))]


@pytest.mark.parametrize("name", PAPER)
def test_studies_on_paper_are_read_by_both_names_too(name: str) -> None:
    dotted, old = f"paper.{name}", f"paper_{name}"
    text, other = ("20", "30") if name == "updates" else ("0.25", "0.5")
    by_dotted, by_old = (
        StudiesSettings.from_query({"study": ON_PAPER, one: text}) for one in (dotted, old)
    )
    assert by_dotted == by_old
    assert by_dotted.refusals == []
    query = by_dotted.settings.to_query()
    assert query[dotted] == text
    assert old not in query
    for first, second in ((dotted, old), (old, dotted)):
        both = StudiesSettings.from_query({"study": ON_PAPER, first: other, second: text})
        assert both.settings == by_old.settings
        assert [(error.code, error.path) for error in both.refusals] == [("repeated", second)]


@pytest.mark.parametrize("spacing", ["list:0.1, 0.01", "log:0.01:0.1:2"])
def test_what_is_varied_is_read_by_both_names(spacing: str) -> None:
    dotted, old = (
        StudiesSettings.from_query({"study": OWN, "vary": f"{name}:{spacing}"})
        for name in ("optimizer.learning_rate", "learning_rate")
    )
    assert dotted == old
    assert old.settings.to_query()["vary"].startswith("optimizer.learning_rate:")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["foo.learning_rate", "optimizer.foo", "schedule.learning_rate"])
@pytest.mark.parametrize(
    ("page", "section"),
    [
        (ExploreSettings, "fields"),
        (StudiesSettings, "studies"),
        (CompareSettings, "compare"),
        (ClaimsSettings, "claims"),
    ],
)
def test_an_unknown_dotted_name_is_refused_by_its_whole_name(
    page: type[ExploreSettings], section: str, name: str, language: str
) -> None:
    query = {name: "0.5", **({"study": OWN} if section == "studies" else {})}
    reading = page.from_query(query)
    assert [(one.path, one.code, one.got) for one in reading.refusals] == [
        (name, "unknown_parameter", "0.5")
    ]
    assert f"`{name}`" in refusal_sentence(reading.refusals[0], Words(language), True, section)
    assert reading.settings == page.from_query({k: v for k, v in query.items() if k != name})[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_a_pin_too(language: str) -> None:
    pin, [error] = from_text("foo.learning_rate~0.5~epochs~20")
    assert pin.experiment == Experiment(epochs=20)
    assert (error.path, error.code) == ("foo.learning_rate", "unknown_parameter")
    assert "`foo.learning_rate`" in refusal_sentence(error, Words(language), True, "compare")


SECTIONS: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "fields": (ExploreSettings, ()),
    "studies": (StudiesSettings, AXES),
    "compare": (CompareSettings, (*RULES, *AXES)),
    "claims": (ClaimsSettings, ()),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("section", SECTIONS)
def test_every_field_of_a_page_has_its_label(section: str, language: str) -> None:
    page, more = SECTIONS[section]
    several = ("experiment", "base", "axes", "pins", "chart", "language")  # with names of their own
    single = ["lang", *(one.name for one in page.fields() if one.name not in several)]
    paths = [path for path, _ in fields()] if section in ("fields", "studies") else []
    paths += PARAMETERS if section != "claims" else ()
    for name in (*single, *more, *paths, *page.from_query({}).settings.to_query()):
        label = label_of(name, Words(language), section)
        assert label, name
        if language == "zh":
            assert label != name
