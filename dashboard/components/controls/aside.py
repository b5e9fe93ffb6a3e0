"""Where a step put something else out of force: a sentence that says so, and the way back."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard.components.controls.form import Form
from dashboard.failure import act_safely
from dashboard.lines.names import field_name, value_name
from dashboard.settings.aside import set_aside
from dashboard.settings.explore import CHOOSE, ExploreSettings
from dashboard.text import Words
from dashboard.text.phrases import lower_first, raise_first

SAID_MAX = 3  # fields in the sentence; undo brings all of them back


def aside(form: Form, control: str) -> None:
    """What the last step set aside, below the control that it was made by; gone with the next."""
    if not form.before or not isinstance(form.settings, ExploreSettings):
        return
    by, fields = set_aside(form.before[-1], form.settings)
    if by != control or not fields:
        return
    schedule = form.before[-1].experiment.schedule.kind if by == "schedule.kind" else ""
    said = sentence(fields, form.words, schedule)
    with st.container(key=f"{form.key(control)}-aside", horizontal=True, gap="small"):
        st.html(f'<p class="lrl-note" role="status">{escape(said)}</p>')
        st.button(
            form.words("aside.undo"),
            key=f"{form.key(control)}-undo",
            help=form.words("common.undo_help"),
            type="tertiary",
            on_click=lambda: act_safely(form.link.undo),
        )


def sentence(fields: dict[str, object], words: Words, schedule: str = "") -> str:
    """What was set aside, in one sentence; a schedule by the name of its choice.

    Decay and patience have names of their own: they are controls that stay in sight.

    >>> sentence({"schedule.patience": 10}, Words("en"), "plateau")
    'Patience 10 is set aside.'
    >>> sentence({"schedule.final_fraction": 0.0}, Words("en"), "cosine")
    '“Falls along a cosine” (ends at 0) is set aside.'
    """
    first, *others = [piece(path, value, words) for path, value in list(fields.items())[:SAID_MAX]]
    said = [first, *map(lower_first, others)]
    if len(fields) > SAID_MAX:
        said.append("…")
    what = words("aside.between").join(said)
    if schedule and schedule not in CHOOSE.values():
        name = raise_first(words(f"fields.rate_{schedule}"))
        return words("aside.schedule", name=name, what=lower_first(what))
    return words("aside.one" if len(fields) == 1 else "aside.several", what=what)


def piece(path: str, value: object, words: Words) -> str:
    return words("aside.piece", field=field_name(path, words), value=value_name(path, value, words))
