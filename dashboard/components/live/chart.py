"""The live chart: a Plotly chart that is drawn once and then fed by a socket."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.components.live.address import SOCKET
from dashboard.components.live.assets import PLOTLY, asset_url
from dashboard.components.live.component import component
from dashboard.failure import act_safely
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
    binds: Sequence[Json | None],
    notes: Sequence[Json] = (),
    *,
    language: str = "en",
    height: int = HEIGHT,
    key: str = "live",
    on_finished: Callable[[], None] | None = None,
    on_picked: Callable[[int], None] | None = None,
    on_next: Callable[[str, Any], None] | None = None,
    options: Mapping[str, str] | None = None,
    on_options: Callable[[dict[str, str]], None] | None = None,
    title: str = "",
    milestones: Sequence[Sequence[int]] = (),
    beside: Json | None = None,
    on_beside: Callable[[str], None] | None = None,
) -> str | None:
    """Show a job while it goes on; the job, once, in the run of the script that its end caused.

    Its end causes one only where `on_finished` is given, or where the job is no longer kept.

    `on_picked` is told the place of a point that a visitor clicks, in a trace whose `meta` gives
    the `places` of all its points.

    `on_next` is told path and value of the next step, when a visitor takes it from the head.

    `options` are what a visitor has chosen of the `options` that the figure says it has, such as
    {"loss": "linear"}; the browser does it by itself, and `on_options` is told of all of them.

    `title` says what is shown, in a line on top of a picture that is saved.

    `milestones` are groups of runs; the script runs again whenever another one has ended in full.

    `beside` is the job of another run that is drawn over this one, by the binds that say
    `"beside": True`, with its `words`; `on_beside` is told "stop" or "remove".

    `figure` is Plotly JSON whose traces have style but no points: `binds`, one a trace, say which
    records go there (`{"field": "loss", "runs": [0], "minus": [], "factor": 0, "ghost": False}`),
    `notes` what is written in when a run diverges or a rate reaches 0. Font, text, grid and
    background come from the page's theme. The chart stays the same through reruns that keep
    `key`: zoom, legend and hover survive new records, new jobs and new words.
    """
    words, hears = Words(language), {"next": on_next, "options": on_options}

    def hear(told: Callable[..., object] | None, read: Callable[[Any], Iterable[Any]]) -> None:
        if told:
            act_safely(lambda: told(*read(st.session_state[key])))

    if narrow := figure.get("narrow", {}).get("height"):
        st.html(place_style(key, height, narrow))
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
            "words": {**words.section("live"), "chart": words.section("chart")},
            "title": title,
            "options": dict(options or {}),
            "hears": [name for name, hear in hears.items() if hear],
            "socket": SOCKET,
            "plotly": asset_url(PLOTLY),
            "tells": on_finished is not None,
            "milestones": milestones,
            "beside": beside,
        },
        on_finished_change=on_finished or (lambda: None),
        on_reached_change=stay,
        on_picked_change=lambda: hear(on_picked, lambda now: [int(now["picked"])]),
        on_next_change=lambda: hear(on_next, lambda now: map(now["next"].get, ("path", "value"))),
        on_options_change=lambda: hear(on_options, lambda now: [dict(now["options"])]),
        on_beside_change=lambda: hear(on_beside, lambda now: [str(now["beside"])]),
    )
    finished: str | None = result.finished
    return finished


def place_style(key: str, height: int, narrow: int) -> str:
    """A style that keeps the chart's place from the first moment on, in px, also on a phone."""
    place = f".st-key-{key} {{ --lrl-kept: %dpx; min-height: var(--lrl-kept); }}"
    on_a_phone = f"@media (max-width: 639.9px) {{ {place % min(height, narrow)} }}"
    return f"<style>{place % height} {on_a_phone}</style>"
