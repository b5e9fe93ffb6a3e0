"""What a visitor tried: what the browser is told of the current run, and what its clicks do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from core.experiment import PARTS, Experiment
from core.experiment.field_types import Choice
from core.experiment.fields import rules
from core.experiment.limits import LINK_CHARACTERS_MAX
from core.experiment.optimizers import PRESETS
from dashboard import session
from dashboard.components.history.history import history_list
from dashboard.failure import act_safely
from dashboard.pages.parts import comparison as current
from dashboard.pages.parts.pins import has_room, with_pins
from dashboard.settings.experiment import TELLS, differing, known_paths, name_of
from dashboard.settings.explore import ExploreSettings
from dashboard.settings.page import parameter
from dashboard.settings.pin import RULES, Pin
from dashboard.text import Words

USUAL = ("preset", "engine", "optimizer.learning_rate")  # told wherever not as in the tutorial


def history(
    state: ExploreSettings,
    job: str | None,
    words: Words,
    *,
    chart: str,
    on_return: Callable[[Mapping[str, str]], object],
) -> None:
    """The list, which takes up the run of `job` when the chart of that key says it has ended.

    `on_return` is given the query of what a visitor goes back to.
    """
    experiment = state.experiment
    with st.container(key="history-place"):
        history_list(
            {
                "current": {
                    "job": job,
                    "key": f"{experiment.key} {state.engine}",
                    "query": urlencode(query_of(state)),
                    "own": list(differing(experiment, version=state.preset)),
                },
                "chart": chart,
                "can_pin": has_room([Pin(experiment)]),
                "known": vocabulary(words.language),
                "words": words.section("history"),
            },
            on_return=lambda told: act_safely(lambda: on_return(query_in(told))),
            on_pin=lambda told: act_safely(lambda: pin(told)),
        )


def query_of(state: ExploreSettings) -> dict[str, Any]:
    """The settings that make a run what it is: no language, no way to look."""
    query = ExploreSettings(state.preset, state.experiment, engine=state.engine).to_query()
    return {name: value for name, value in query.items() if name != "lang"}


def query_in(told: Any) -> dict[str, str]:
    """The query in what a browser says; an empty one in what is no text."""
    return dict(parse_qsl(str(told)[:LINK_CHARACTERS_MAX], keep_blank_values=True))


def pin(told: Any) -> None:
    """Pin what an entry of the list was; what its link gets wrong is said, as of any link."""
    given = told if isinstance(told, dict) else {}
    read, refused = ExploreSettings.from_query(query_in(given.get("query", "")), session.language())
    if refused:
        session.LINK.tell_of_link(refused)
    try:
        name = RULES["name"].accept(given.get("name", ""))
    except ValueError:
        name = ""
    one = Pin(read.experiment, read.preset, name=name)
    current.change(lambda now: with_pins(now, [one], 1))


@lru_cache
def vocabulary(language: str) -> dict[str, Any]:
    """What fields and their choices are called, by their paths, as JSON can hold it."""
    words = Words(language)
    choices = {"preset": tuple(PRESETS), **{f"{part}.kind": tuple(PARTS[part]) for part in PARTS}}
    owners = [("", Experiment), *((f"{p}.", cls) for p in PARTS for cls in PARTS[p].values())]
    for start, owner in owners:
        for name, rule in rules(owner).items():
            if isinstance(rule, Choice):
                choices[f"{start}{name}"] = rule.options
    labels = {path: words(f"fields.{name_of(path)}") for path in (*known_paths(), "preset")}
    names = {path: choice_names(path, options, words) for path, options in choices.items()}
    names["engine"] = {"keras": words("history.engine_keras")}
    usual = {path: parameter(ExploreSettings().get(path)) for path in USUAL}
    return {"labels": labels, "names": names, "tells": TELLS, "usual": usual}


def choice_names(path: str, options: tuple[str, ...], words: Words) -> dict[str, str]:
    """The choices that are called otherwise than they are written."""
    keys = {option: f"fields.{name_of(path)}_{option}" for option in options}
    if path == "schedule.kind":
        keys = {option: f"history.{option}" for option in options}
    return {option: words(key) for option, key in keys.items() if words.has(key)}
