"""What a visitor takes home from a run: its records, its settings, and the program."""

from __future__ import annotations

import json

import streamlit as st

from core.experiment import Experiment
from core.experiment.records import to_csv
from core.export import keras_script
from dashboard import training
from dashboard.text import Words


def take_home(experiment: Experiment, job: str | None, words: Words) -> None:
    """A button for each file; each is made when it is asked for."""
    st.markdown(f"##### {words('explore.take_home')}")
    with st.container(key="take-home", horizontal=True):
        for kind, name, mime, content in (
            ("csv", "run.csv", "text/csv", lambda: to_csv(training.runs_of(job))),
            ("json", "experiment.json", "application/json", lambda: pretty(experiment)),
            ("script", "train.py", "text/x-python", lambda: keras_script(experiment)),
        ):
            st.download_button(
                words(f"explore.{kind}"),
                content,
                file_name=name,
                mime=mime,
                help=words(f"explore.{kind}_help"),
                on_click="ignore",
            )
    st.caption(words("explore.link_hint"))


def pretty(experiment: Experiment) -> str:
    return json.dumps(experiment.to_dict(), indent=2) + "\n"
