"""The state of the pages: what a link carries, and what becomes of a bad one."""

from __future__ import annotations

import json
import random
import string
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings

from core.experiment import PARTS, Experiment
from core.experiment.network import Dense
from core.experiment.optimizers import PRESETS
from core.experiment.records import flat
from core.experiment.refusals import FieldError
from dashboard.settings.experiment import known_paths, name_of, old_names
from dashboard.settings.explore import ExploreSettings
from dashboard.settings.page import Reading
from dashboard.settings.refusals import refusal_sentence
from dashboard.text import LANGUAGES, Words
from tests.experiment.first_edition import ROWS
from tests.experiment.kinds import FORK, each_kind
from tests.experiment.strategies import experiments

MUTILATED = 10_000


def states() -> list[ExploreSettings]:
    """A state for each kind of every part, with values that are not the defaults."""
    changes = [
        *each_kind(),
        {"model.hidden": [], "model.activation": "gelu"},
        {"model.hidden": [64, 32], "epochs": 7, "batch_size": 500, "seed": 9},
        {"optimizer.learning_rate": 3.1e-7, "optimizer.momentum": 0.999},
        {"data.noise": 0.0, "data.seed": 5, "schedule.warmup_epochs": 3},
        {"loss": "squared_error", "model.dropout": 0.3, "model.l2": 1e-3, "batch_size": "all"},
        {"changes": FORK},
    ]
    return [
        ExploreSettings("keras-3", Experiment().replace(change), live=False, language="zh")
        for change in changes
    ]


@settings(deadline=None, max_examples=200, derandomize=True)
@given(experiments())
def test_a_link_brings_back_any_experiment(experiment: Experiment) -> None:
    state = ExploreSettings(experiment=experiment)
    assert ExploreSettings.from_query(state.to_query()) == Reading(state, [])


@pytest.mark.parametrize("state", states(), ids=lambda state: state.experiment.key)
def test_a_link_brings_everything_back(state: ExploreSettings) -> None:
    assert ExploreSettings.from_query(state.to_query()) == Reading(state, [])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["key"])
def test_a_link_of_the_first_edition_opens_and_is_written_again(row: dict[str, str]) -> None:
    query = dict(parse_qsl(row["link"]))
    state = ExploreSettings("keras-3", Experiment.from_json(row["json"]), live=False, language="zh")
    assert ExploreSettings.from_query(query) == Reading(state, [])
    assert {name_of(name): text for name, text in state.to_query().items()} == query


def test_a_link_carries_every_field_of_the_experiment() -> None:
    query = ExploreSettings().to_query()
    experiment = flat(Experiment().canonical())
    assert experiment.keys() <= query.keys()


NEWER = {"model.kind", "loss", "changes", "optimizer.clipnorm", "model.l2"}


def test_a_link_carries_what_is_newer_only_where_it_is_not_usual() -> None:
    assert ExploreSettings().to_query().keys().isdisjoint(NEWER)
    query = ExploreSettings(experiment=Experiment(changes=FORK)).to_query()
    assert json.loads(query["changes"]) == FORK
    assert " " not in query["changes"]


@pytest.mark.parametrize(
    ("query", "refused_names", "stands"),
    [
        ({"model": "conv"}, ["model"], {}),
        ({"model": "conv", "hidden": "8", "l2": "0.1"}, ["model"], {"hidden": [8], "l2": 0.1}),
        ({"data": "digits", "model": "conv", "filters": "32,32"}, ["filters"],
         {"kind": "conv", "filters": [8, 16]}),
    ],
)  # fmt: skip
def test_a_network_that_cannot_be_gives_way_to_one_that_can(
    query: dict[str, str], refused_names: list[str], stands: dict[str, object]
) -> None:
    reading = ExploreSettings.from_query(query)
    assert [error.path for error in reading.refusals] == refused_names
    assert reading.settings.experiment.model.to_dict() == {**Dense().to_dict(), **stands}
    for language in LANGUAGES:
        assert Words(language)(f"fields.{refused_names[0]}") in refusal_sentence(
            reading.refusals[0], Words(language), by_link=True
        )


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("[", "changes"),
        ('{"epoch": 5}', "changes"),
        ('[{"epoch": 5, "epochs": 60}, {"epoch": 5, "epochs": 70}]', "changes.2.epoch"),
        ('[{"epoch": 5, "optimizer.beta_1": 0.5}]', "changes.1"),
        ('[{"epoch": 5, "epochs": 1999}, {"epoch": 6, "schedule": {"kind": "cosine", "x": 1}}]',
         "changes.2.schedule.x"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", LANGUAGES)
def test_changes_that_cannot_be_are_left_out_and_said_by_their_path(
    text: str, path: str, language: str
) -> None:
    reading = ExploreSettings.from_query({"changes": text, "epochs": "50"})
    assert reading.settings.experiment == Experiment(epochs=50)
    [error] = reading.refusals
    assert error.path == path
    sentence = refusal_sentence(error, Words(language), by_link=True)
    assert Words(language)("fields.changes") in sentence
    assert path in sentence or path == "changes"


def test_what_cannot_change_is_said_by_its_name() -> None:
    [error] = ExploreSettings.from_query(
        {"changes": '[{"epoch": 5, "optimizer.kind": "adam"}]'}
    ).refusals
    told = refusal_sentence(error, Words("en"), by_link=True)
    assert "`optimizer.kind` cannot change; what can is optimizer.learning_rate, " in told
    assert "optimizer.kind" in refusal_sentence(error, Words("zh"), by_link=True)


def test_a_batch_of_all_rows_stays_one_in_the_link() -> None:
    state = ExploreSettings.from_query({"batch_size": "all", "samples": "100"}).settings
    assert state.experiment.batch_size == 50
    assert state.to_query()["batch_size"] == "all"
    moved = state.with_value("optimizer.kind", "adam").with_value("data.samples", 1000)
    assert ExploreSettings.from_query(moved.to_query()).settings.experiment.batch_size == 500


def test_one_bad_field_is_refused_and_the_rest_of_the_link_applies() -> None:
    reading = ExploreSettings.from_query(
        {"learning_rate": "nan", "momentum": "0.9", "epochs": "50"}
    )
    assert [error.path for error in reading.refusals] == ["learning_rate"]
    assert reading.settings.experiment == Experiment().replace(
        {"optimizer.momentum": 0.9, "epochs": 50}
    )


def test_a_field_without_meaning_for_its_kind_is_left_out_and_said() -> None:
    reading = ExploreSettings.from_query({"optimizer": "adam", "momentum": "0.9"})
    assert [error.path for error in reading.refusals] == ["momentum"]
    assert reading.settings.experiment.optimizer.kind == "adam"


def test_too_much_work_in_all_is_refused_and_the_rest_applies() -> None:
    reading = ExploreSettings.from_query({"epochs": "2000", "batch_size": "1", "momentum": "0.5"})
    assert [error.path for error in reading.refusals] == ["epochs"]
    assert reading.settings.experiment == Experiment().replace(
        {"optimizer.momentum": 0.5, "batch_size": 1, "epochs": 400}  # 500 updates an epoch
    )


def test_too_small_a_batch_for_a_large_network_becomes_the_smallest_that_can_be() -> None:
    reading = ExploreSettings.from_query(
        {"hidden": "256,256,256", "batch_size": "1", "samples": "5000"}
    )
    assert [error.path for error in reading.refusals] == ["batch_size"]
    experiment = reading.settings.experiment
    assert experiment.model.hidden == (256, 256, 256)
    smaller = experiment.batch_size - 1
    assert smaller > 0
    with pytest.raises(FieldError, match="`batch_size`"):
        experiment.replace({"batch_size": smaller})


def test_too_large_a_network_is_refused_once_in_every_language() -> None:
    reading = ExploreSettings.from_query({"hidden": "256,256,256,256", "epochs": "50"})
    assert [error.path for error in reading.refusals] == ["hidden"]
    assert reading.settings.experiment == Experiment(epochs=50)
    assert "150,000 parameters" in refusal_sentence(reading.refusals[0], Words("en"), by_link=True)
    assert "参数" in refusal_sentence(reading.refusals[0], Words("zh"), by_link=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_names_the_field_what_it_must_be_and_what_it_got(language: str) -> None:
    reading = ExploreSettings.from_query({"momentum": "7"})
    sentence = refusal_sentence(reading.refusals[0], Words(language), by_link=True)
    for part in (Words(language)("fields.momentum"), "0.999", "7"):
        assert part in sentence


def test_an_empty_value_is_called_so() -> None:
    [refusal] = ExploreSettings.from_query({"hidden": ""}).refusals
    assert "it was `(empty)`" in refusal_sentence(refusal, Words("en"), by_link=True)


def mutilated(rng: random.Random, queries: list[dict[str, str]]) -> dict[str, str]:
    """A link as it should not be: fields missing, doubled, swapped, their values broken."""
    query = dict(rng.choice(queries))
    junk = string.printable + "∞é\u0000中💥\ud800"
    values = [
        "",
        "nan",
        "inf",
        "-inf",
        "1e999",
        "-1",
        "0x10",
        "true",
        "[]",
        "{}",
        "9" * 5000,
        "1_0",
    ]
    for _ in range(rng.randint(1, 6)):
        name = rng.choice(
            [*query, *known_paths(), *old_names(), "lang", "preset", "live", "__class__", ""]
        )
        match rng.randint(0, 4):
            case 0:
                query.pop(name, None)
            case 1:
                query[name] = rng.choice(values)
            case 2:
                query[name] = "".join(rng.choices(junk, k=rng.randint(0, 30)))
            case 3:
                query["".join(rng.choices(junk, k=5))] = "1"
            case _:
                query[name] = rng.choice([*query.values(), "0"])
    return query


def test_ten_thousand_mutilated_links_are_read_without_an_exception() -> None:
    rng = random.Random(20)
    words = [Words(language) for language in LANGUAGES]
    queries = [state.to_query() for state in states()]
    bad = 0
    for _ in range(MUTILATED):
        reading = ExploreSettings.from_query(mutilated(rng, queries))
        assert ExploreSettings.from_query(reading.settings.to_query()) == Reading(
            reading.settings, []
        )
        for error in reading.refusals:
            bad += 1
            assert all("`" in refusal_sentence(error, one, by_link=True) for one in words)
    assert bad > MUTILATED / 2  # the links were bad indeed


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("kind", PARTS["optimizer"])
def test_a_preset_sets_every_number_of_the_optimizer(preset: str, kind: str) -> None:
    state = ExploreSettings().with_value("optimizer.kind", kind).with_value("preset", preset)
    assert state.experiment.optimizer == PRESETS[preset][kind]


def test_decay_and_patience_choose_the_schedule_they_belong_to() -> None:
    decaying = ExploreSettings().with_value("decay", 0.01)
    assert decaying.experiment.get("schedule.decay") == 0.01
    patient = decaying.with_value("patience", 5)
    assert patient.experiment.get("schedule.patience") == 5
    assert patient.with_value("patience", 0).experiment.schedule.kind == "constant"
    assert decaying.with_value("decay", 0).experiment.schedule.kind == "constant"


@pytest.mark.parametrize("kind", PARTS["optimizer"])
def test_an_optimizer_comes_back_as_it_was_last_set_under_its_preset(kind: str) -> None:
    other = "adam" if kind != "adam" else "sgd"
    set_so = (
        ExploreSettings()
        .with_value("optimizer.kind", kind)
        .with_value("optimizer.learning_rate", 0.3)
    )
    away = set_so.with_value("optimizer.kind", other)
    assert away.with_value("optimizer.kind", kind, [ExploreSettings(), set_so]) == set_so
    keras_3 = away.with_value("preset", "keras-3")
    back = keras_3.with_value("optimizer.kind", kind, [ExploreSettings(), set_so, away])
    assert back.experiment.optimizer == PRESETS["keras-3"][kind]


@pytest.mark.parametrize("kind", PARTS["schedule"])
def test_a_schedule_comes_back_as_it_was_last_set_and_the_warm_up_stays(kind: str) -> None:
    usual = PARTS["schedule"][kind]().to_dict()
    set_so = ExploreSettings().with_value("schedule.kind", kind)
    for name, value in usual.items():
        if isinstance(value, float):
            set_so = set_so.with_value(f"schedule.{name}", value / 2)
    other = "cosine" if kind != "cosine" else "constant"
    away = set_so.with_value("schedule.kind", other).with_value("schedule.warmup_epochs", 3)
    back = away.with_value("schedule.kind", kind, [ExploreSettings(), set_so])
    assert back == set_so.with_value("schedule.warmup_epochs", 3)
