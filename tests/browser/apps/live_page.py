"""A page with one live chart, whose job and words a test changes by its buttons."""

import streamlit as st

from dashboard.components.glossary.glossary import terms
from dashboard.components.live.chart import live_chart
from dashboard.lines.check import with_check
from dashboard.lines.figures import explore_figure
from dashboard.text import Words
from tests.browser.apps.gates import GATES

GATE_SECONDS = 60
RATE, TRAIN, TEST = "#009E73", "#0072B2", "#E69F00"
PANELS = {"accuracy": "y", "loss": "y2", "learning_rate": "y3"}
HUES = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#8A6FBF", "#7F7F7F")


def line(name, axis, colour, ghost, shown, dash="solid"):
    return {
        "type": "scatter",
        "mode": "lines",
        "name": f"{name} before" if ghost else name,
        "legendgroup": f"{name}{ghost}",
        "xaxis": "x",
        "yaxis": axis,
        "line": {"color": colour, "width": 2, "dash": dash},
        "opacity": 0.25 if ghost else 1,
        "showlegend": shown,
        "hoverinfo": "skip" if ghost else "all",
    }


def figure(runs, epochs):
    """One run as train and test; several, a hue each."""
    traces, binds = [], []
    for ghost in (True, False):
        for run in range(runs):
            for field, axis in PANELS.items():
                for kind in ("", "val_") if field != "learning_rate" else ("",):
                    colour = (
                        HUES[run] if runs > 1 else RATE if axis == "y3" else TEST if kind else TRAIN
                    )
                    name = f"run {run}" if runs > 1 else "test" if kind else "train"
                    shown = axis == "y" and not ghost and (runs == 1 or not kind)
                    traces.append(
                        line(
                            name,
                            axis,
                            colour,
                            ghost,
                            shown,
                            "dash" if runs > 1 and not kind else "solid",
                        )
                    )
                    binds.append(
                        {
                            "field": kind + field,
                            "runs": [run],
                            "minus": [],
                            "factor": 0,
                            "ghost": ghost,
                        }
                    )
    layout = {
        "yaxis": {
            "title": {"text": "accuracy"},
            "domain": [0.56, 1],
            "range": [0, 1.02],
            "tickformat": ".0%",
        },
        "yaxis2": {"title": {"text": "loss"}, "domain": [0.26, 0.52], "type": "log"},
        "yaxis3": {
            "title": {"text": "rate"},
            "domain": [0, 0.22],
            "type": "log",
            "exponentformat": "e",
        },
        "xaxis": {"title": {"text": "epoch"}, "range": [0, epochs], "anchor": "y3"},
        "hovermode": "x unified",
        "hoversubplots": "axis",
        "margin": {"l": 62, "r": 10, "t": 26, "b": 38},
        "legend": {"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yanchor": "bottom"},
    }
    return {"data": traces, "layout": layout}, binds


NOTES = [
    {
        "when": "diverged",
        "run": 0,
        "xref": "x",
        "yref": "paper",
        "text": "diverged at epoch {epoch}",
    },
    {
        "when": "zero",
        "field": "learning_rate",
        "run": 0,
        "xref": "x",
        "yref": "y3 domain",
        "text": "the rate is 0 from epoch {epoch} on",
    },
]

st.set_page_config(layout="wide")
state = st.session_state
state.setdefault("number", 1)
left, right, far = st.columns(3)
if left.button("Next job"):
    state.number += 1
language = right.selectbox("Language", ("en", "zh"))
runs = int(st.query_params.get("runs", 1))
name = st.query_params.get("name", "job")
drawn, binds = figure(runs, 200)
live, more = (drawn, binds, NOTES), {}
if st.query_params.get("explore"):  # as the page of one run has it, with all that it hears
    live = explore_figure(Words(language), 200, updates=16, seconds=0.01)
    more = {
        "title": "SGD, <b>rate</b> 0.01",
        "options": state.get("options"),
        "on_options": lambda options: state.update(options=options),
        "on_next": lambda path, value: state.update(next=f"{path} {value}"),
    }
    if st.query_params.get("checked") and state.get("checks", state.number) == state.number:
        state.checks = state.number
        words = Words(language)
        live = with_check(live, "Keras")
        more["beside"] = {
            "job": f"{name}-check",
            "words": words.section("keras"),
            "terms": terms(language),
        }
        more["on_beside"] = lambda what: state.update(beside=what)
    if right.button("Options of Python"):
        state.options = {"loss": "linear"}
        st.rerun()
finished = live_chart(
    f"{name}-{state.number}",
    *live,
    language=language,
    key="chart",
    **more,
    on_finished=(lambda: None) if st.query_params.get("tells", "1") == "1" else None,
)
if finished:
    state.ended = [*state.get("ended", []), finished]
if st.query_params.get("gated"):
    state.kind = f"Kind {state.number}"  # as a page sets its widgets to what it now shows
    if state.number > 1:
        GATES[f"{name}-{state.number}"].wait(GATE_SECONDS)
    kinds = [f"Kind {number}" for number in range(1, 4)]
    st.selectbox("Kind", kinds, key="kind", on_change=lambda: state.update(heard=state.kind))
    st.text(f"Heard: {state.get('heard', 'nothing')}")
state.scripts = state.get("scripts", 0) + 1
far.text(f"Ended: {' '.join(state.get('ended', [])) or 'none'}")
far.text(f"Scripts: {state.scripts}")
far.text(f"Options: {sorted((state.get('options') or {}).items())}")
far.text(f"Next: {state.get('next', 'none')}")
far.text(f"Beside: {state.get('beside', 'none')}")
