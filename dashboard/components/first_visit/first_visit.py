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
) -> bool:
    """Show the strip; whether a visitor wants to go on to the claims.

    `data` has its sentences by name, None for a button that is not there; `points_at` is the name
    of the slider to be touched, `terms` what the glossary marks.
    """
    result = show(
        key="first-visit-strip",
        data={**data, "cookie": f"{COOKIE}={SEEN}"},
        on_set_change=lambda: on_set(),
        on_closed_change=lambda: on_closed(),
        on_claims_change=lambda: None,
    )
    return bool(result.claims)
