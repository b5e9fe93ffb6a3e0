"""The controls of one experiment: the state in, a changed state out.

Every control shows what lies on a desk and tells it what the visitor sets; none keeps a value of
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
from dashboard.desk import Desk
from dashboard.numbers import exact
from dashboard.settings import name_of, rule_of, written
from dashboard.sliders.slider import slider
from dashboard.widgets import folded, holds_text

PATIENCE_MAX = 50  # of the slider; more can be typed
ON_TOP = {"learning_rate", "momentum", "decay", "patience"}  # fields with a slider of their own


def optimizer_controls(desk: Desk) -> None:
    """All about the optimizer, the five controls of the laboratory on top."""
    five_controls(desk)
    if isinstance(desk.state.experiment.schedule, Plateau):
        folded(
            desk.words("explore.more_patience"),
            "more_patience",
            lambda: part_controls(desk, "schedule", leave_out=ON_TOP | {"warmup_epochs"}),
        )
    folded(desk.words("explore.more_optimizer"), "more_optimizer", lambda: optimizer_details(desk))


def optimizer_details(desk: Desk) -> None:
    """Whose values an optimizer has, and those that have no slider."""
    select(desk, "preset", desk.state.preset, list(PRESETS))
    part_controls(desk, "optimizer", leave_out=ON_TOP)


def five_controls(desk: Desk) -> None:
    """Optimizer, rate, momentum, decay, patience."""
    experiment = desk.state.experiment
    select(desk, "optimizer.kind", experiment.optimizer.kind, list(OPTIMIZERS))
    number_slider(
        desk,
        "optimizer.learning_rate",
        experiment.optimizer.learning_rate,
        scale="log",
        minimum=LEARNING_RATE_MIN,
        maximum=LEARNING_RATE_MAX,
    )
    if "momentum" in rules(type(experiment.optimizer)):
        number_slider(
            desk,
            "optimizer.momentum",
            experiment.optimizer.momentum,
            scale="near-one",
            minimum=0.0,
            maximum=MOMENTUM_MAX,
        )
    schedule_slider(desk)


def schedule_slider(desk: Desk) -> None:
    """Decay and patience: each chooses the schedule that it belongs to."""
    schedule = desk.state.experiment.schedule
    number_slider(
        desk,
        "decay",
        schedule.decay if isinstance(schedule, TimeDecay) else 0.0,
        scale="zero-log",
        minimum=1e-6,
        maximum=1.0,
    )
    number_slider(
        desk,
        "patience",
        schedule.patience if isinstance(schedule, Plateau) else 0,
        scale="linear",
        minimum=1,
        maximum=PATIENCE_MAX,
        off_label=desk.words("fields.off"),
        rule=Integer(0, EPOCHS_MAX),  # 0 is off
    )


def schedule_controls(desk: Desk) -> None:
    """The schedule by name, its own numbers, and the warm-up in front of it."""
    schedule = desk.state.experiment.schedule
    kinds = ["constant", "time_decay", "step", "exponential", "cosine", "plateau"]
    select(desk, "schedule.kind", schedule.kind, kinds)
    if not isinstance(schedule, Plateau):
        part_controls(desk, "schedule", leave_out=ON_TOP | {"warmup_epochs"})
    control(desk, "schedule.warmup_epochs")


def network_controls(desk: Desk) -> None:
    """The network's numbers; for the digits, which are images, also its kind."""
    experiment = desk.state.experiment
    if isinstance(experiment.data, Digits):
        select(desk, "model.kind", experiment.model.kind, list(NETWORKS))
    part_controls(desk, "model")


def data_controls(desk: Desk) -> None:
    """The data set and its numbers."""
    kinds = ["blobs", "moons", "circles", "spirals", "digits"]
    select(desk, "data.kind", desk.state.experiment.data.kind, kinds)
    first = ["noise"] if "noise" in rules(type(desk.state.experiment.data)) else []
    for name in first:
        control(desk, f"data.{name}")
    part_controls(desk, "data", leave_out=set(first))


def training_controls(desk: Desk) -> None:
    for path in ("loss", "epochs", "batch_size", "seed"):
        control(desk, path)


def part_controls(desk: Desk, part: str, leave_out: set[str] | None = None) -> None:
    """A control for each field of one part of the experiment."""
    for name in rules(type(getattr(desk.state.experiment, part))):
        if name not in (leave_out or set()):
            control(desk, f"{part}.{name}")


def control(desk: Desk, path: str) -> None:
    """The control that suits a field's rule."""
    experiment = desk.state.experiment
    value, rule = experiment.get(path), rule_of(path, experiment)
    match rule:
        case Choice(options):
            select(desk, path, value, list(options))
        case Flag():
            hold(desk, path, value)
            st.toggle(**labelled(desk, path))
        case Number(low, high) if name_of(path) in ("noise", "train_fraction"):
            hold(desk, path, value)
            low, high = (low, min(high, 5.0)) if value <= 5.0 else (low, high)
            st.slider(min_value=low, max_value=high, step=0.05, **labelled(desk, path))
        case Integers():
            text_box(desk, path, written(value), rule)
        case _:  # whole ones too: Streamlit's own box for numbers reads 1e2 as 1
            text_box(desk, path, exact(value), rule)


def text_box(desk: Desk, path: str, text: str, rule: Rule) -> None:
    """A value that is typed: 0.9, 1e-7, 200, "64,32"."""
    widget = holds_text(desk.key(path), text, lambda typed: desk.change_typed(path, typed, rule))
    st.text_input(**named(desk, path), **widget)


def select(desk: Desk, path: str, value: str, options: list[str]) -> None:
    """A choice by name, in the words of the page where it has any."""
    name = name_of(path)

    def label(option: str) -> str:
        key = f"fields.{name}_{option}"
        return desk.words(key) if desk.words.has(key) else option

    hold(desk, path, value)
    st.selectbox(
        options=options,
        format_func=label,
        filter_mode=None,
        **labelled(desk, path),
    )


def number_slider(
    desk: Desk, path: str, value: float, rule: Rule | None = None, **scale: Any
) -> None:
    """A slider with a typed value beside it."""
    name = name_of(path)
    slider(
        desk.words(f"fields.{name}"),
        value,
        key=desk.key(path),
        help=desk.words(f"fields.{name}_help"),
        on_change=lambda moved: desk.change_typed(path, moved, rule),
        error=desk.refusal_of(name),
        **scale,
    )


def hold(desk: Desk, path: str, value: Any) -> None:
    """Let a widget show what the state holds."""
    st.session_state[desk.key(path)] = value


def labelled(desk: Desk, path: str) -> dict[str, Any]:
    """Label, help, key and callback of a widget."""
    key = desk.key(path)
    return {
        **named(desk, path),
        "key": key,
        "on_change": lambda: desk.change(path, st.session_state[key]),
    }


def named(desk: Desk, path: str) -> dict[str, str]:
    """Label and help of a widget."""
    name = name_of(path)
    return {"label": desk.words(f"fields.{name}"), "help": desk.words(f"fields.{name}_help")}
