"""The live chart: a Plotly chart that is drawn once and then fed by a socket."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.components.live.assets import PLOTLY, asset_url
from dashboard.components.live.component import component
from dashboard.components.live.routes import SOCKET
from dashboard.settings.link import stay
from dashboard.text import Words

Json = Mapping[str, Any]

HEIGHT = 560  # px of the chart alone; the words above it take their own

show = component(
    "live_chart",
    "live/chart",
    html='<div style="min-height: 20rem"></div>',  # until the script is here: less of a jump
)


def live_chart(
    job: str | None,
    figure: Json,
    binds: Sequence[Json],
    notes: Sequence[Json] = (),
    *,
    language: str = "en",
    height: int = HEIGHT,
    key: str = "live",
    on_finished: Callable[[], None] | None = None,
    on_picked: Callable[[int], None] | None = None,
    milestones: Sequence[Sequence[int]] = (),
) -> str | None:
    """Show a job while it goes on; the job, once, in the run of the script that its end caused.

    Its end causes one only where `on_finished` is given, or where the job is no longer kept.

    `on_picked` is told the place of a point that a visitor clicks, in a trace whose `meta` gives
    the place of its `first` one.

    `milestones` are groups of runs; the script runs again whenever another one has ended in full.

    `figure` is Plotly JSON whose traces have style but no points: `binds`, one a trace, say which
    records go there (`{"field": "loss", "runs": [0], "minus": [], "factor": 0, "ghost": False}`),
    `notes` what is written in when a run diverges or a rate reaches 0. Font, text, grid and
    background come from the page's theme. The chart stays the same through reruns that keep
    `key`: zoom, legend and hover survive new records, new jobs and new words.
    """
    result = show(
        key=key,
        data={
            "key": key,
            "job": job,
            "figure": figure,
            "binds": binds,
            "notes": notes,
            "language": language,
            "height": height,
            "words": Words(language).section("live"),
            "socket": SOCKET,
            "plotly": asset_url(PLOTLY),
            "tells": on_finished is not None,
            "milestones": milestones,
        },
        on_finished_change=on_finished or (lambda: None),
        on_reached_change=stay,
        on_picked_change=lambda: on_picked and on_picked(int(st.session_state[key]["picked"])),
    )
    finished: str | None = result.finished
    return finished
