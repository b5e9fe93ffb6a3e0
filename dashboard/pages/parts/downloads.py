"""What a visitor takes home: records, and of one run its settings and the program."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from core.experiment import Experiment
from core.experiment.records import Run, to_csv
from core.export import keras_script
from core.service import QueueFull
from core.service.messages import EngineName
from dashboard import session, training
from dashboard.components.file_link import file_link
from dashboard.pages.parts.numbers_links import numbers_links
from dashboard.text import Words


def take_home(
    experiment: Experiment,
    job: str | None,
    words: Words,
    engine: EngineName = training.COMPILED,
    checked: str | None = None,
) -> None:
    """A fold with a link for each file; each is made when it is asked for.

    The records are those of the job, and of the one that it is checked by.
    """
    write = partial(with_check, engine=engine, checked=checked) if checked else to_csv
    asked = (job or "", [experiment], session.visitor(), words, write, engine)
    records = partial(records_csv, *asked)
    csv_help = words("keras.csv_both" if checked else "explore.csv_help")
    with st.popover(words("explore.take_home")):
        for kind, name, mime, content in (
            ("csv", "run.csv", "text/csv", records),
            ("json", "experiment.json", "application/json", lambda: pretty(experiment)),
            ("script", "train.py", "text/x-python", lambda: keras_script(experiment)),
        ):
            file_link(
                words(f"explore.{kind}"),
                content,
                name=name,
                mime=mime,
                key=f"explore-{kind}",
                help=csv_help if kind == "csv" else words(f"explore.{kind}_help"),
                width="stretch",
            )
        numbers_links("explore", session.state(), words)
        st.caption(words("explore.link_hint"))


def records_csv(
    job: str,
    wanted: Sequence[Experiment],
    visitor: str,
    words: Words,
    write: Callable[[list[Run]], str] = to_csv,
    engine: EngineName = training.COMPILED,
) -> str:
    """The records of a job's runs, made when a visitor asks for them.

    They are trained again where the job is no longer kept; where there is no room for that, the
    sentence that says so stands in their place.
    """
    try:
        return write(training.kept_or_again(job, wanted, visitor, engine))
    except QueueFull as full:
        return f"{training.limit_sentence(full.reason, words)}\n"


def with_check(runs: list[Run], engine: EngineName, checked: str) -> str:
    """A run and its check as one table, each by the name of its engine."""
    other = [(training.OTHER[engine], run) for run in training.runs_of(checked)]
    named = [*((engine, run) for run in runs), *other]
    return to_csv([run for _, run in named], [name for name, _ in named])


def pretty(experiment: Experiment) -> str:
    return json.dumps(experiment.to_dict(), indent=2) + "\n"
