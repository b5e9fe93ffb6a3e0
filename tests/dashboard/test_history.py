"""What a visitor tried: the entries as the browser keeps them, and what their clicks do."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from core.analysis.sentences import WORDS as VERDICTS
from core.experiment import Experiment
from core.service import Laboratory
from dashboard.pages.parts.history import query_of, vocabulary
from dashboard.settings.experiment import differing
from dashboard.settings.explore import ExploreSettings
from dashboard.text import LANGUAGES, Words
from tests.dashboard.page_app import PageApp
from tests.dashboard.scripts import answer

PROGRAM = """
import * as history from "./dashboard/components/history/entries.js";
const [name, ...given] = JSON.parse(process.argv[1]);
const answer = typeof history[name] === "function" ? history[name](...given) : history[name];
console.log(JSON.stringify(answer ?? null));
"""
STILL = {"live": "false"}
RATE = "optimizer.learning_rate"


def asked(name: str, *given: Any) -> Any:
    """What a function of the browser's script makes of these."""
    return answer(PROGRAM, [name, *given])


def entry(state: ExploreSettings | None = None, **more: Any) -> dict[str, Any]:
    """An entry as the browser makes it of a run that has ended."""
    state = state or ExploreSettings()
    made = {
        "key": f"{state.experiment.key} {state.engine}",
        "query": urlencode(query_of(state)),
        "own": list(differing(state.experiment, version=state.preset)),
        "outcome": "finished",
        "epochs": 200,
        "final": 0.828,
        "cause": "good",
        "time": 1_700_000_000_000,
        "name": "",
    }
    return {**made, **more}


def set_to(**values: Any) -> ExploreSettings:
    state = ExploreSettings()
    for path, value in values.items():
        state = state.with_value(path.replace("__", "."), value)
    return state


def kept(*entries: Any, version: int = 1) -> str:
    return json.dumps({"version": version, "entries": entries})


def test_what_was_kept_is_read_again() -> None:
    entries = [entry(), entry(set_to(optimizer__momentum=0.9), name="Fast", cause=None)]
    assert asked("read", asked("written", entries)) == entries


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "7", "{", "{}", '{"version": 1}', '{"version": 1, "entries": 3}'],
)
def test_what_is_no_history_is_dropped_in_silence(text: str) -> None:
    assert asked("read", text) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": 3},
        {"query": None},
        {"query": "x" * 20_001},
        {"own": "optimizer.kind"},
        {"own": [1]},
        {"outcome": "stopped"},
        {"epochs": "many"},
        {"final": "82 %"},
        {"cause": {}},
        {"time": None},
        {"name": "x" * 41},
        {"name": ["<b>"]},
    ],
)
def test_an_entry_that_is_none_is_dropped_and_the_others_stay(wrong: dict[str, Any]) -> None:
    good = entry()
    assert asked("read", kept({**entry(set_to(seed=1)), **wrong}, good, None, 5)) == [good]


def test_nothing_foreign_within_an_entry_is_kept() -> None:
    assert asked("read", kept({**entry(), "visitor": "somebody"})) == [entry()]


def test_a_history_of_another_version_is_dropped() -> None:
    assert asked("read", kept(entry(), version=2)) == []


def test_two_hundred_entries_are_kept_and_the_oldest_go() -> None:
    entries = [entry(key=str(number)) for number in range(250)]
    found = asked("read", kept(*entries))
    assert [one["key"] for one in found] == [str(number) for number in range(50, 250)]


def test_the_same_experiment_again_moves_to_the_end_and_keeps_its_name() -> None:
    first, second = entry(name="First"), entry(set_to(seed=1))
    again = {**first, "name": "", "time": first["time"] + 1}
    found = asked("added", [first, second], again)
    assert found == [second, {**again, "name": "First"}]


def told(
    state: ExploreSettings, before: ExploreSettings | None = None, language: str = "en"
) -> dict[str, bool]:
    """What an entry says of its settings, and whether each is new against the entry before."""
    words = {**vocabulary(language), "yes": "on", "no": "off"}
    found = asked("pieces", entry(state), before and entry(before), words)
    return {piece["text"]: piece["fresh"] for piece in found}


@pytest.mark.parametrize(
    ("now", "pieces"),
    [
        (ExploreSettings(), []),
        (set_to(optimizer__momentum=0.9), ["momentum 0.9"]),
        (set_to(decay=0.001), ["decay 0.001"]),
        (set_to(patience=10), ["patience 10"]),
        (set_to(schedule__kind="cosine"), ["the rate falls along a cosine"]),
        (set_to(optimizer__kind="adam"), ["Adam", "learning rate 0.001"]),
        (set_to(optimizer__nesterov=True), ["nesterov on"]),
        (set_to(model__hidden=(64, 32)), ["hidden layers 64,32"]),
        (set_to(optimizer__learning_rate=1e-5), ["learning rate 1e-5"]),
        (set_to(data__kind="moons", seed=3), ["moons", "seed 3"]),
        (set_to(preset="keras-3", optimizer__momentum=0.9), ["Keras 3", "momentum 0.9"]),
        (set_to(engine="keras"), ["by plain Keras"]),
    ],
)
def test_an_entry_says_what_is_not_as_in_the_tutorial(
    now: ExploreSettings, pieces: list[str]
) -> None:
    assert sorted(map(str.lower, told(now))) == sorted(map(str.lower, pieces))


@pytest.mark.parametrize(
    ("before", "now", "new"),
    [
        (None, set_to(optimizer__momentum=0.9), []),
        (ExploreSettings(), set_to(optimizer__momentum=0.9), ["momentum 0.9"]),
        (set_to(decay=0.001), set_to(patience=10), ["patience 10"]),
        (set_to(decay=0.001), set_to(decay=0.001, seed=2), ["seed 2"]),
        (set_to(seed=2), ExploreSettings(), []),
        (ExploreSettings(), set_to(optimizer__kind="adam"), ["Adam", "learning rate 0.001"]),
        (set_to(engine="keras"), set_to(engine="keras", seed=2), ["seed 2"]),
    ],
)
def test_what_is_new_against_the_entry_before_stands_out(
    before: ExploreSettings | None, now: ExploreSettings, new: list[str]
) -> None:
    found = told(now, before)
    assert sorted(text for text, fresh in found.items() if fresh) == sorted(new)


def test_fields_and_choices_are_told_in_the_language_in_force() -> None:
    now = set_to(optimizer__kind="adam", data__kind="moons")
    assert {"Adam", "双月", "学习率 0.001"} == set(told(now, ExploreSettings(), "zh"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cause_of_a_run_that_ended_has_a_word(language: str) -> None:
    causes = {"diverged", "too_large", "nothing", "too_small", "still_improving", "settled"}
    causes |= {"good", "lost", "overfits", "too_short", "never_warmed"}
    assert causes <= VERDICTS.keys()
    assert all(Words(language).has(f"history.cause_{cause}") for cause in causes)


def test_the_file_has_settings_result_and_link_of_every_entry() -> None:
    state = set_to(optimizer__momentum=0.9)
    [one] = json.loads(asked("file", [entry(state, name="Fast")], "http://a.test/"))["history"]
    assert one["settings"]["optimizer.momentum"] == "0.9"
    assert (one["name"], one["final_test_accuracy"], one["cause"]) == ("Fast", 0.828, "good")
    page, _, query = one["link"].partition("?")
    assert page == "http://a.test/"
    assert (
        ExploreSettings.from_query(dict(parse_qsl(query))).settings.experiment == state.experiment
    )


def test_the_browser_is_told_the_current_run_and_its_job_only_where_it_is_that_runs(
    lent: Laboratory,
) -> None:
    page = PageApp("explore", lent, epochs="20")
    data = page.component("history")
    assert data is not None
    current = data["current"]
    assert current["job"] == page.job
    assert current["key"] == f"{Experiment(epochs=20).key} compiled"
    assert current["own"] == ["epochs"]
    assert "lang" not in current["query"]
    page.leave()
    page = PageApp("explore", lent, epochs="20", engine="keras")
    current = (page.component("history") or {})["current"]
    assert (current["job"], current["key"]) == (page.job, f"{Experiment(epochs=20).key} keras")
    assert "engine=keras" in current["query"]
    page.leave()
    page = PageApp("explore", lent, **STILL, epochs="20")
    assert (page.component("history") or {})["current"]["job"] is None


def test_a_link_of_the_list_reads_back_to_the_run_that_it_was() -> None:
    state = set_to(preset="keras-3", optimizer__kind="rmsprop", patience=7, batch_size="all")
    reading = ExploreSettings.from_query(dict(parse_qsl(urlencode(query_of(state)))))
    assert reading.refusals == []
    assert reading.settings.experiment == state.experiment
    assert reading.settings.preset == "keras-3"
