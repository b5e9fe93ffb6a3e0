"""A slider: a slider on a scale that suits a hyperparameter, and a field for the exact value.

The number follows while the slider is moved; Python hears of it when it is let go.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from dashboard.components.live.component import component
from dashboard.text import Words

Scale = Literal["linear", "log", "zero-log", "near-one"]

show = component(
    "slider",
    "slider/slider",
    html='<div style="min-height: 3.75rem"></div>',  # until the script is here: nothing jumps
)


@dataclass(frozen=True)
class Told:
    """What Python gave a slider last, what it got back, and how often it overruled the visitor."""

    given: float
    returned: float
    revision: int = 0


def slider(
    label: str,
    value: float,
    *,
    key: str,
    minimum: float,
    maximum: float,
    scale: Scale = "linear",
    step: float = 1.0,
    help: str = "",
    off_label: str | None = None,
    error: str | None = None,
    dim: bool = False,
    on_change: Callable[[float | str], None] | None = None,
    words: Words,
) -> float:
    """Show a value and let it be changed; what it is now.

    Scales: "linear" in steps; "log" and "zero-log", which has 0 left of the minimum, about twenty
    steps a decade; "near-one" ever finer towards 1. With an `off_label` the left end of a linear
    scale is 0 and shown by that word. A `value` that differs from the last one given goes before
    what the visitor has set; the same one again leaves it alone.

    `on_change` is called before the script runs, with the number that was set, or with the text
    that was typed where the slider finds none within its bounds: the value stays as it was, and
    `error`, a sentence, is shown below the slider for as long as it is given. A `dim` slider shows
    what does not hold just now; it can be moved as any other.
    """
    entry = _entry(key)
    memory = f"{key}.told"
    before = st.session_state.get(memory, Told(value, value))
    overruled = value not in (before.given, before.returned, entry.get("value"))
    revision = before.revision + overruled
    current = entry.get("revision") == revision
    returned = float(entry.get("value", value)) if current else value
    st.session_state[memory] = Told(value, returned, revision)

    def changed() -> None:
        if on_change is not None:
            latest = _entry(key)
            on_change(latest["typed"] if "typed" in latest else latest["value"])

    show(
        key=key,
        data={
            "label": label,
            "value": value,
            "revision": revision,
            "minimum": minimum,
            "maximum": maximum,
            "scale": scale,
            "step": step,
            "help": help,
            "off": off_label,
            "error": error,
            "answers": entry.get("turn"),  # or an unchanged slider would not be drawn anew
            "dim": dim,
            "words": words.section("sliders"),
        },
        on_entry_change=changed,
    )
    return returned


def _entry(key: str) -> dict[str, Any]:
    """What the visitor did last: a value or a typed text, and the revision it was done to."""
    return dict((st.session_state.get(key) or {}).get("entry") or {})
