"""The controls above the chart: the way to look, the seeds, and the way back."""

from __future__ import annotations

import streamlit as st

from dashboard.components.controls import widgets
from dashboard.components.controls.form import Form
from dashboard.lines.look import Look
from dashboard.pages.parts import comparison as current
from dashboard.pages.parts.training_controls import stop_or_go_on
from dashboard.settings.compare import SHOWN, TABS

SLOT = "compare-job"  # the place of the page's job in the session


def tabs(form: Form) -> None:
    """The strip of tabs. What they show is drawn below, so that the chart stays the same one."""
    labels = {form.option("tab", tab): tab for tab in TABS}
    st.session_state["compare-tab"] = form.option("tab", form.get("tab"))
    st.tabs(
        list(labels),
        key="compare-tab",
        on_change=lambda: form.change("tab", labels[st.session_state["compare-tab"]]),
    )


def tools(look: Look, form: Form) -> None:
    """What can be set about the way to look, and the way back."""
    words = look.words
    with st.container(key="compare-tools", horizontal=True, vertical_alignment="center"):
        if look.now.tab in ("side-by-side", "overlay", "difference"):
            figure_of_merit(look, form)
        if look.now.tab == "difference":
            reference(look, form)
        with st.container(key="compare-seeds-place", width=220):
            plan = look.plan
            widgets.seeds(form, plan.most_seeds() if plan.refusal() else None)
        if look.now.tab == "settings":
            widgets.toggle(form, "all")
        with st.container(key="compare-undo", horizontal=True, vertical_alignment="center"):
            stop_or_go_on(SLOT, words)
            widgets.undo_button(current.LINK, words, "undo")
            widgets.reset_button(current.LINK, words, "compare-reset")


def figure_of_merit(look: Look, form: Form) -> None:
    widgets.segments(
        form,
        "show",
        SHOWN[:2] if look.now.tab == "difference" else SHOWN,
        look.show,
        format_func=lambda show: look.words(f"explore.{show}"),
        **widgets.HIDDEN,
    )


def reference(look: Look, form: Form) -> None:
    names = look.pins
    widgets.select(form, "reference", range(len(names)), format_func=names.__getitem__, width=240)
