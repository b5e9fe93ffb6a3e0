"""The controls of one experiment: the state in, a changed state out.

Every control shows what lies on a form and tells it what the visitor sets; none keeps a value of
its own. What a field may be comes from its rule in the experiment.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.experiment.data import Digits
from core.experiment.field_types import Choice, Flag, Integer, Integers, Number, Rule
from core.experiment.fields import rules
from core.experiment.limits import (
    EPOCHS_MAX,
    LEARNING_RATE_MAX,
    LEARNING_RATE_MIN,
    MOMENTUM_MAX,
)
from core.experiment.network import NETWORKS
from core.experiment.optimizers import OPTIMIZERS, PRESETS
from core.experiment.schedules import Plateau, TimeDecay
from dashboard.components.slider.slider import slider
from dashboard.settings.form import Form
from dashboard.settings.state import name_of, rule_of, written
from dashboard.settings.widgets import folded, holds_text
from dashboard.text.numbers import exact

PATIENCE_MAX = 50  # of the slider; more can be typed
ON_TOP = {"learning_rate", "momentum", "decay", "patience"}  # fields with a slider of their own


def optimizer_controls(form: Form) -> None:
    """All about the optimizer, the five controls of the laboratory on top."""
    five_controls(form)
    if isinstance(form.state.experiment.schedule, Plateau):
        folded(
            form.words("explore.more_patience"),
            "more_patience",
            lambda: part_controls(form, "schedule", leave_out=ON_TOP | {"warmup_epochs"}),
        )
    folded(form.words("explore.more_optimizer"), "more_optimizer", lambda: optimizer_details(form))


def optimizer_details(form: Form) -> None:
    """Whose values an optimizer has, and those that have no slider."""
    select(form, "preset", form.state.preset, list(PRESETS))
    part_controls(form, "optimizer", leave_out=ON_TOP)


def five_controls(form: Form) -> None:
    """Optimizer, rate, momentum, decay, patience."""
    experiment = form.state.experiment
    select(form, "optimizer.kind", experiment.optimizer.kind, list(OPTIMIZERS))
    number_slider(
        form,
        "optimizer.learning_rate",
        experiment.optimizer.learning_rate,
        scale="log",
        minimum=LEARNING_RATE_MIN,
        maximum=LEARNING_RATE_MAX,
    )
    if "momentum" in rules(type(experiment.optimizer)):
        number_slider(
            form,
            "optimizer.momentum",
            experiment.optimizer.momentum,
            scale="near-one",
            minimum=0.0,
            maximum=MOMENTUM_MAX,
        )
    schedule_slider(form)


def schedule_slider(form: Form) -> None:
    """Decay and patience: each chooses the schedule that it belongs to."""
    schedule = form.state.experiment.schedule
    number_slider(
        form,
        "decay",
        schedule.decay if isinstance(schedule, TimeDecay) else 0.0,
        scale="zero-log",
        minimum=1e-6,
        maximum=1.0,
    )
    number_slider(
        form,
        "patience",
        schedule.patience if isinstance(schedule, Plateau) else 0,
        scale="linear",
        minimum=1,
        maximum=PATIENCE_MAX,
        off_label=form.words("fields.off"),
        rule=Integer(0, EPOCHS_MAX),  # 0 is off
    )


def schedule_controls(form: Form) -> None:
    """The schedule by name, its own numbers, and the warm-up in front of it."""
    schedule = form.state.experiment.schedule
    kinds = ["constant", "time_decay", "step", "exponential", "cosine", "plateau"]
    select(form, "schedule.kind", schedule.kind, kinds)
    if not isinstance(schedule, Plateau):
        part_controls(form, "schedule", leave_out=ON_TOP | {"warmup_epochs"})
    control(form, "schedule.warmup_epochs")


def network_controls(form: Form) -> None:
    """The network's numbers; for the digits, which are images, also its kind."""
    experiment = form.state.experiment
    if isinstance(experiment.data, Digits):
        select(form, "model.kind", experiment.model.kind, list(NETWORKS))
    part_controls(form, "model")


def data_controls(form: Form) -> None:
    """The data set and its numbers."""
    kinds = ["blobs", "moons", "circles", "spirals", "digits"]
    select(form, "data.kind", form.state.experiment.data.kind, kinds)
    first = ["noise"] if "noise" in rules(type(form.state.experiment.data)) else []
    for name in first:
        control(form, f"data.{name}")
    part_controls(form, "data", leave_out=set(first))


def training_controls(form: Form) -> None:
    for path in ("loss", "epochs", "batch_size", "seed"):
        control(form, path)


def part_controls(form: Form, part: str, leave_out: set[str] | None = None) -> None:
    """A control for each field of one part of the experiment."""
    for name in rules(type(getattr(form.state.experiment, part))):
        if name not in (leave_out or set()):
            control(form, f"{part}.{name}")


def control(form: Form, path: str) -> None:
    """The control that suits a field's rule."""
    experiment = form.state.experiment
    value, rule = experiment.get(path), rule_of(path, experiment)
    match rule:
        case Choice(options):
            select(form, path, value, list(options))
        case Flag():
            hold(form, path, value)
            st.toggle(**labelled(form, path))
        case Number(low, high) if name_of(path) in ("noise", "train_fraction"):
            hold(form, path, value)
            low, high = (low, min(high, 5.0)) if value <= 5.0 else (low, high)
            st.slider(min_value=low, max_value=high, step=0.05, **labelled(form, path))
        case Integers():
            text_box(form, path, written(value), rule)
        case _:  # whole ones too: Streamlit's own box for numbers reads 1e2 as 1
            text_box(form, path, exact(value), rule)


def text_box(form: Form, path: str, text: str, rule: Rule) -> None:
    """A value that is typed: 0.9, 1e-7, 200, "64,32"."""
    widget = holds_text(form.key(path), text, lambda typed: form.change_typed(path, typed, rule))
    st.text_input(**named(form, path), **widget)


def select(form: Form, path: str, value: str, options: list[str]) -> None:
    """A choice by name, in the words of the page where it has any."""
    name = name_of(path)

    def label(option: str) -> str:
        key = f"fields.{name}_{option}"
        return form.words(key) if form.words.has(key) else option

    hold(form, path, value)
    st.selectbox(
        options=options,
        format_func=label,
        filter_mode=None,
        **labelled(form, path),
    )


def number_slider(
    form: Form, path: str, value: float, rule: Rule | None = None, **scale: Any
) -> None:
    """A slider with a typed value beside it."""
    name = name_of(path)
    slider(
        form.words(f"fields.{name}"),
        value,
        key=form.key(path),
        help=form.words(f"fields.{name}_help"),
        on_change=lambda moved: form.change_typed(path, moved, rule),
        error=form.refusal_of(name),
        **scale,
    )


def hold(form: Form, path: str, value: Any) -> None:
    """Let a widget show what the state holds."""
    st.session_state[form.key(path)] = value


def labelled(form: Form, path: str) -> dict[str, Any]:
    """Label, help, key and callback of a widget."""
    key = form.key(path)
    return {
        **named(form, path),
        "key": key,
        "on_change": lambda: form.change(path, st.session_state[key]),
    }


def named(form: Form, path: str) -> dict[str, str]:
    """Label and help of a widget."""
    name = name_of(path)
    return {"label": form.words(f"fields.{name}"), "help": form.words(f"fields.{name}_help")}
