"""Room for what comes later: a chart's place has its height before the chart's script is there."""

from __future__ import annotations

import streamlit as st

NARROW = "(max-width: 639.9px)"  # as in the style of the pages
# Where a figure does not say how high it is on a phone; as in the chart's own style.
SHARE_OF_PHONE = "46svh"


def keep_room(key: str, height: int, narrow: int | None = None) -> None:
    """Keep the height of a chart, and of the words above it, free at the place of that key.

    How high the words are is the page's, `--lrl-said`. A style sheet takes no place on the page.
    """
    on_phone = f"{narrow}px" if narrow else f"min({height}px, {SHARE_OF_PHONE})"
    st.html(
        f"<style>.st-key-{key} {{ min-height: calc(var(--lrl-said, 0px) + {height}px) }}\n"
        f"@media {NARROW} {{ .st-key-{key} "
        f"{{ min-height: calc(var(--lrl-said, 0px) + {on_phone}) }} }}</style>"
    )
