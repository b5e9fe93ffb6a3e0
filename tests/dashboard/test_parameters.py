"""Parameters of a link: what others hang on is passed over, what is said twice is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.service import Laboratory
from dashboard.claims.settings import ClaimsSettings
from dashboard.settings.compare import CompareSettings
from dashboard.settings.experiment import known_paths, old_names
from dashboard.settings.explore import ExploreSettings
from dashboard.settings.page import Settings
from dashboard.settings.refusals import refusal_sentence
from dashboard.settings.strangers import STRANGERS, is_strange
from dashboard.settings.studies import StudiesSettings
from dashboard.text import LANGUAGES, Words
from tests.dashboard.page_app import PageApp

HUNG_ON = {
    "fbclid": "IwAR0",
    "gclid": "Cj0",
    "utm_source": "news",
    "UTM_Campaign": "x",
    "msclkid": "1",
    "_ga": "2.1",
    "from": "groupmessage",
    "isappinstalled": "0",
    "embed": "true",
    "embed_options": "show_toolbar",
    "gad_campaignid": "2",
    "sharer_shareid": "a",
    "mibextid": "b",
    "__cft__[0]": "c",
}
READERS = [
    ExploreSettings.from_query,
    StudiesSettings.from_query,
    CompareSettings.from_query,
    ClaimsSettings.from_query,
]


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__self__.__name__)
def test_what_others_hang_on_a_link_is_passed_over(read: Callable[..., Any]) -> None:
    assert read(HUNG_ON) == read({})
    _, refusals = read({**HUNG_ON, "haste": "1"})
    assert [(error.path, error.code, error.got) for error in refusals] == [
        ("haste", "unknown_parameter", "1")
    ]


def test_nothing_of_ours_is_passed_over() -> None:
    pages = (ExploreSettings, StudiesSettings, CompareSettings, ClaimsSettings)
    assert not [name for name in STRANGERS if any(page.knows(name) for page in pages)]
    assert not [name for name in (*known_paths(), *old_names()) if is_strange(name)]
    assert all(name == name.lower() for name in STRANGERS)


@pytest.mark.parametrize("page", ["explore", "studies", "compare"])
def test_the_address_is_cleaned_of_it(lent: Laboratory, page: str) -> None:
    hung_on = {name: value for name, value in HUNG_ON.items() if not name.startswith("embed")}
    opened = PageApp(page, lent, **hung_on)
    assert opened.warnings == []
    assert not hung_on.keys() & {*opened.app.query_params}


@pytest.mark.parametrize(
    ("page", "section", "query"),
    [
        (ExploreSettings, "fields", {"seed": ["1", "2"]}),
        (
            StudiesSettings,
            "studies",
            {"vary": ["optimizer.momentum:list:0", "optimizer.momentum:list:0.9"]},
        ),
        (CompareSettings, "compare", {"seeds": ["2", "3"], "pin": ["run", "run"]}),
    ],
)
def test_of_what_a_link_says_twice_the_last_counts_and_that_is_said(
    page: type[Settings], section: str, query: dict[str, list[str]]
) -> None:
    settings, [error] = page.from_query(
        {"study": "own", **query} if page is StudiesSettings else query
    )
    name, texts = next(iter(query.items()))
    assert settings.to_query()[name] == texts[-1]
    for language in LANGUAGES:
        told = refusal_sentence(error, Words(language), by_link=True, section=section)
        assert texts[-1] in told
        assert "None" not in told


@pytest.mark.parametrize(
    ("page", "today", "old", "good", "better"),
    [
        (ExploreSettings, "optimizer.learning_rate", "learning_rate", "0.1", "0.2"),
        (ExploreSettings, "optimizer.kind", "optimizer", "adam", "lion"),
        (ExploreSettings, "data.seed", "data_seed", "3", "4"),
        (ExploreSettings, "model.hidden", "hidden", "64", "32,8"),
        (StudiesSettings, "paper.rate", "paper_rate", "0.1", "0.2"),
    ],
)
def test_a_field_under_both_of_its_names_stands_twice_and_is_told_by_the_last(
    page: type[Settings], today: str, old: str, good: str, better: str
) -> None:
    more = {"study": "decay-on-paper"} if page is StudiesSettings else {}
    for first, last in ((today, old), (old, today)):
        settings, [error] = page.from_query({**more, first: good, last: better})
        assert (error.code, error.path, error.got) == ("repeated", last, better)
        assert settings.to_query()[today] == better
        assert page.from_query({**more, first: good, last: good}).refusals == []
        settings, [error] = page.from_query({**more, first: "![wrong]", last: better})
        assert (error.code, error.path, error.got) == ("repeated", last, better)
        settings, [error] = page.from_query({**more, first: good, last: "![wrong]"})
        assert (error.code != "repeated", error.path, error.got) == (True, last, "![wrong]")


@pytest.mark.parametrize(
    ("pin", "name"),
    [
        ("learning_rate~0.1~optimizer.learning_rate~0.2", "optimizer.learning_rate"),
        ("epochs~10~epochs~20", "epochs"),
        ("name~A~name~B", "name"),
        ("study~own~vary~momentum:list:0~vary~momentum:list:0.9", "vary"),
    ],
)
def test_what_stands_twice_in_a_pin_is_told_too(pin: str, name: str) -> None:
    [error] = CompareSettings.from_query({"pin": [pin]}).refusals
    assert (error.code, error.path) == ("repeated", name)
    for language in LANGUAGES:
        told = refusal_sentence(error, Words(language), by_link=True, section="compare")
        assert "None" not in told


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ({"patience": "5"}, "plateau"),
        ({"schedule.decay": "0.1"}, "time_decay"),
        ({"decay": "0.1", "patience": "0"}, "time_decay"),
    ],
)
def test_a_number_of_a_schedule_chooses_it_where_a_link_names_none(
    query: dict[str, str], kind: str
) -> None:
    assert ExploreSettings.from_query(query).settings.experiment.schedule.kind == kind


def test_a_schedule_that_a_link_names_is_not_chosen_anew() -> None:
    settings, [error] = ExploreSettings.from_query({"schedule": "constant", "patience": "5"})
    assert settings.experiment.schedule.kind == "constant"
    assert error.path == "patience"
