"""A strip of words and buttons that remembers in the browser that it was closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dashboard.components.live.component import component

COOKIE, SEEN = "lrl-first-steps", "closed"

show = component(
    "first_visit",
    "first_visit/first_visit",
    html='<div style="min-height: 5.5rem"></div>',  # until the script is here: nothing jumps
)


def first_visit(
    data: Mapping[str, Any],
    *,
    on_set: Callable[[], object],
    on_closed: Callable[[], object],
) -> None:
    """Show the strip; `on_set` is told of its button, `on_closed` that it was closed for good.

    `data` has its sentences by name, `set` of its button or None; `points_at` is the name
    of the slider to be touched, `terms` what the glossary marks.
    """
    show(
        key="first-visit-strip",
        data={**data, "cookie": f"{COOKIE}={SEEN}"},
        on_set_change=on_set,
        on_closed_change=on_closed,
    )
