"""A list of the runs that a visitor has tried, kept in the visitor's own browser.

Python says which experiment is current and hears of nothing but clicks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dashboard.components.live.component import component

KEY = "history"

show = component(
    "history",
    "history/history",
    html='<div style="min-height: 2.75rem"></div>',  # until the script is here: nothing jumps
)


def history_list(
    data: Mapping[str, Any],
    *,
    on_return: Callable[[Any], object],
    on_pin: Callable[[Any], object],
) -> None:
    """Show the list; it takes up a run of `data`'s current job when its chart says it has ended.

    `on_return` is told the text of a link's query when a visitor goes back to an entry, `on_pin`
    `{"query", "name"}` when one is pinned. Both come from the browser and may say anything.
    """
    show(
        key=KEY,
        data=data,
        on_return_change=lambda: on_return(st.session_state[KEY]["return"]),
        on_pin_change=lambda: on_pin(st.session_state[KEY]["pin"]),
    )
