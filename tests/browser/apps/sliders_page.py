"""A page of sliders, one of each scale, that says what it holds."""

import streamlit as st

from core.experiment.numbers import read_number, read_whole
from dashboard.components.slider.slider import slider
from dashboard.text import Words

TUTORIAL = {"rate": 0.01, "momentum": 0.0, "decay": 0.0, "patience": 0}
held = st.session_state.setdefault("held", dict(TUTORIAL))
heard = st.session_state.setdefault("heard", [])
refused = st.session_state.setdefault("refused", {})


def hear(name):
    def moved(value):
        heard.append(f"{name}={value}")
        refused.clear()
        if isinstance(value, str) and not value.strip():
            return
        if isinstance(value, str):
            try:
                value = (read_whole if name == "patience" else read_number)(value)
            except ValueError:
                refused[name] = f"Must be a number, it was {value}."
                return
        held[name] = value

    return moved


SCALES = {
    "rate": {"label": "Learning rate", "scale": "log", "minimum": 1e-7, "maximum": 10.0},
    "momentum": {"label": "Momentum", "scale": "near-one", "minimum": 0.0, "maximum": 0.999},
    "decay": {"label": "Decay", "scale": "zero-log", "minimum": 1e-6, "maximum": 1.0},
    "patience": {"label": "Patience", "minimum": 1, "maximum": 50, "off_label": "off"},
}

with st.sidebar:
    if st.button("Preset"):
        held.update(TUTORIAL | {"momentum": 0.9})
    returned = {
        name: slider(
            value=held[name],
            key=name,
            help="How far the weights move against the gradient at each update.",
            error=refused.get(name),
            on_change=hear(name),
            words=Words("en"),
            **scale,
        )
        for name, scale in SCALES.items()
    }
st.button("Again")
st.text(f"Heard: {' '.join(heard) or 'nothing'}")
for name, value in returned.items():
    st.text(f"{name} is {value:g}")
