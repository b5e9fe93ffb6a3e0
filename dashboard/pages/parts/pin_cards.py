"""The pins as cards under the chart: name and colour, a menu, and the sliders that change a run."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from dashboard.components.controls.experiment import five_controls
from dashboard.components.controls.widgets import segments
from dashboard.lines.curves import CURVES_MAX
from dashboard.lines.labels import cell_name
from dashboard.lines.look import Look
from dashboard.lines.pin_grid import columns
from dashboard.navigation import lead_to
from dashboard.pages.parts import comparison as current
from dashboard.settings.compare import CompareSettings
from dashboard.settings.pin import NAME_CHARACTERS_MAX, Pin
from dashboard.text import Words


def cards(look: Look) -> None:
    """A card a pin, in rows that stand as the panels of the chart do."""
    names = look.pins
    across = columns(len(names))
    with st.container(key="pins" if look.height else "pins-listed"):
        for first in range(0, len(names), across):
            row = st.columns(across, gap="medium")
            for place, column in zip(range(first, len(names)), row, strict=False):
                with column, st.container(key=f"pin-{place}"):
                    card(look, place, names[place])


def card(look: Look, place: int, name: str) -> None:
    """One pin; its sliders only where its own panel is in sight."""
    now, words = look.now, look.words
    pin = now.pins[place]
    head = f"pin-head-{place}"
    with st.container(key=head, horizontal=True, vertical_alignment="center", gap="small"):
        st.html(heading(look, place, name))
        with (
            st.popover(words("compare.edit"), type="tertiary", width="content"),
            st.container(key=f"pin-menu-{place}"),
        ):
            menu(now, place, words)
    if now.tab != "side-by-side":
        return
    if pin.study:
        study_controls(pin, place, words)
    else:
        five_controls(current.pin_form(place))


def menu(now: CompareSettings, place: int, words: Words) -> None:
    """What can be done with a pin."""
    last = len(now.pins) - 1
    rename(now.pins[place], place, words)
    step(words, "duplicate", place, lambda now: now.duplicated(place))
    if place > 0:
        step(words, "earlier", place, lambda now: now.moved(place, place - 1))
    if place < last:
        step(words, "later", place, lambda now: now.moved(place, place + 1))
    if now.pins[place].study:
        step(words, "apart", place, lambda now: now.taken_apart(place))
    else:
        query = now.pins[place].state.replaced(language=now.language).to_query()
        lead_to("explore", words, words("compare.open_explore"), query)
    step(words, "remove", place, lambda now: now.removed(place))


def step(words: Words, name: str, place: int, change: current.Step) -> None:
    st.button(
        words(f"compare.{name}"),
        key=f"{name}-{place}",
        type="tertiary",
        on_click=lambda: current.change_pin(place, change),
    )


def rename(pin: Pin, place: int, words: Words) -> None:
    # A name set from here would not reach the field while its menu is closed, and the field would
    # set the old one again; so another name is another field.
    key = f"name-{place}-{pin.name}"
    st.text_input(
        words("compare.name"),
        pin.name,
        key=key,
        max_chars=NAME_CHARACTERS_MAX,
        help=words("compare.name_help"),
        on_change=lambda: current.change_pin(
            place, lambda now: now.renamed(place, st.session_state[key])
        ),
    )


def study_controls(pin: Pin, place: int, words: Words) -> None:
    """A study varies its own settings; what can be chosen is the version of Keras."""
    segments(
        current.pin_form(place),
        "preset",
        label=words("compare.version"),
        format_func=lambda preset: words(f"compare.{preset}"),
    )


def heading(look: Look, place: int, name: str) -> str:
    """The pin's name beside its colour, and below a study's name its cells with theirs.

    Side by side, a run has the colours of train and test, and no colour of its own.
    """
    is_study = bool(look.now.pins[place].study)
    curves = [curve for curve in look.curves if curve.lines[0].pin == place]
    if not is_study:
        alone = curves if look.now.tab != "side-by-side" else []
        return name_html(name, [curve.colour for curve in alone])
    lines = look.plan.of_pin(place)
    if len(lines) > CURVES_MAX:
        ends = [curves[n].colour for n in (0, len(curves) // 2, -1)] if curves else []
        values = look.words("compare.values", count=len(lines))
        return f'{name_html(name, ends)}<p class="pin-cells">{values}</p>'
    hues = {curve.lines[0].place: dot(curve.colour) for curve in curves}
    cells = "".join(
        f"<span>{hues.get(line.place, '')}{html.escape(cell_name(line, look.words))}</span>"
        for line in lines
    )
    return f'{name_html(name, [])}<p class="pin-cells">{cells}</p>'


def name_html(name: str, colours: Sequence[str]) -> str:
    marks = "".join(map(dot, colours))
    return f'<p class="pin-name">{marks}{html.escape(name)}</p>'


def dot(colour: str) -> str:
    return f'<i class="pin-dot" style="background:{colour}"></i>'
