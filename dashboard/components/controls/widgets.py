"""Controls for a page's fields; what one was refused stands below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import streamlit as st

from core.experiment.field_types import Choice, Integer, Integers, Rule
from dashboard.components.controls.form import Form
from dashboard.components.slider.slider import slider
from dashboard.failure import act_safely
from dashboard.settings.experiment import link_text, name_of
from dashboard.settings.link import Link, stay
from dashboard.text import Words
from dashboard.text.numbers import exact

HIDDEN: dict[str, Any] = {"label_visibility": "collapsed"}


def select(
    form: Form, name: str, options: Sequence[Any] = (), shown: Any = None, **more: Any
) -> None:
    """A choice from a list that opens; in the words of the page where it has any."""
    st.selectbox(filter_mode=None, **choosing(form, name, options, shown) | more)
    below(form, name)


def segments(
    form: Form, name: str, options: Sequence[Any] = (), shown: Any = None, **more: Any
) -> None:
    """A choice among a few that stand beside each other."""
    st.segmented_control(required=True, **choosing(form, name, options, shown) | more)
    below(form, name)


def radio(form: Form, name: str, options: Sequence[Any] = ()) -> None:
    """A choice among a few that stand below each other."""
    st.radio(**choosing(form, name, options))
    below(form, name)


def choosing(
    form: Form, name: str, options: Sequence[Any] = (), shown: Any = None
) -> dict[str, Any]:
    """Options, their words, and what else a widget is given that chooses one of them."""
    return {
        "options": options or choices(form, name),
        "format_func": lambda value: form.option(name, value),
        **form.widget(name, shown),
    }


def pills(form: Form, name: str, label: Callable[[str], str]) -> None:
    """A choice among many that stand beside each other."""
    st.pills(
        options=choices(form, name), format_func=label, required=True, **form.widget(name), **HIDDEN
    )
    below(form, name)


def toggle(form: Form, name: str) -> None:
    st.toggle(**form.widget(name))
    below(form, name)


def steps(form: Form, name: str, low: float, high: float, step: float = 1, **more: Any) -> None:
    """A slider in equal steps, as Streamlit draws it."""
    st.slider(min_value=low, max_value=high, step=step, **form.widget(name), **more)
    below(form, name)


def number_slider(
    form: Form, name: str, value: float | None = None, told: str = "", **scale: Any
) -> None:
    """A slider on a scale of its own, with a typed value beside it.

    `told` is what is wrong with its value where the field itself refuses nothing.
    """
    slider(
        form.label(name),
        form.get(name) if value is None else value,
        key=form.key(name),
        help=form.help(name) or "",
        on_change=lambda moved: act_safely(lambda: form.change(name, moved)),
        error=form.refusal(name) or told,
        words=form.words,
        **scale,
    )
    noted_beside(form, name)


def text_box(form: Form, name: str) -> None:
    """A value that is typed: 0.9, 1e-7, 200, "64,32"."""
    value = form.get(name)
    text = link_text(value) if isinstance(form.settings.rule(name), Integers) else exact(value)
    widget = holds_text(form.link, form.key(name), text, lambda given: form.change(name, given))
    st.text_input(**form.named(name), **widget)
    below(form, name)


def shows(key: str, value: Any, change: Callable[[Any], object]) -> dict[str, Any]:
    """Key and callback of a widget that shows a value and hands on what it is set to."""
    st.session_state[key] = value
    return {"key": key, "on_change": lambda: act_safely(lambda: change(st.session_state[key]))}


def holds_text(
    link: Link[Any], key: str, text: str, change: Callable[[str], object]
) -> dict[str, Any]:
    """Key and callback of a box that shows a setting as text and hands on what is typed there.

    Text that was refused stays in the box until it is put right, or another setting is.
    """
    if link.refused_at(key) is None or key not in st.session_state:
        st.session_state[key] = text
    return {"key": key, "on_change": lambda: act_safely(lambda: change(st.session_state[key]))}


def below(form: Form, name: str) -> None:
    """What a control was refused last, and what is to be noted of its field."""
    if told := form.refusal(name):
        told_beside(told)
    noted_beside(form, name)


def told_beside(sentence: str) -> None:
    """A refusal, where it was caused."""
    st.html(f'<p class="lrl-refused" role="alert">{escape(sentence)}</p>')


def noted_beside(form: Form, name: str) -> None:
    """What is to be noted of a field, where it is set."""
    for note in form.notes():
        if name_of(note.path) == name_of(name):
            note_line(form.noted(note))


def note_line(sentence: str) -> None:
    st.html(f'<p class="lrl-note">{escape(sentence)}</p>')


def choices(form: Form, name: str) -> Sequence[str]:
    rule: Rule = form.settings.rule(name)
    assert isinstance(rule, Choice)
    return rule.options


def seeds(form: Form, most: int | None = None) -> None:
    """How many seeds, which every page that compares asks alike.

    `most` is given where that many are more than the page can do, and says how many it can.
    """
    rule = form.settings.rule("seeds")
    assert isinstance(rule, Integer)
    told = "" if most is None else most_seeds(most, form.words)
    number_slider(form, "seeds", told=told, minimum=rule.low, maximum=rule.high)


def most_seeds(most: int, words: Words) -> str:
    if most < 1:
        return words("common.too_large_anyhow")
    return words("common.too_large_seeds" if most > 1 else "common.too_large_seed", most=most)


def fold(label: str, key: str, draw: Callable[[], object], together: Sequence[str] = ()) -> bool:
    """A group that is closed at first, and draws what is in it while it is open; whether it is.

    A page answers a slider the sooner, the less it draws that nobody sees. Of the groups whose keys
    stand `together` one is open at a time.
    """

    def changed() -> None:
        stay()
        if st.session_state[key]:
            for other in together:
                st.session_state[other] = other == key

    with st.expander(label, key=key, on_change=changed) as group:
        if group.open:
            draw()
    return bool(group.open)


def undo_button(link: Link[Any], words: Words, key: str) -> None:
    """Takes a visitor's last step back."""
    st.button(
        words("common.undo"),
        key=key,
        icon=":material/undo:",
        help=words("common.undo_help"),
        type="tertiary",
        disabled=not link.steps(),
        on_click=lambda: act_safely(link.undo),
    )


def reset_button(link: Link[Any], words: Words, key: str) -> None:
    """All settings of the page as they are at first; can be undone."""
    st.button(
        words("common.reset"),
        key=key,
        help=words("common.reset_help"),
        type="tertiary",
        on_click=lambda: act_safely(link.reset),
    )
