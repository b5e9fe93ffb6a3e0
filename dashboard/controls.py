"""The controls of one experiment: the state in, a changed state out.

Every control shows the state and hands what the visitor sets to `visit.change`; none keeps a value
of its own. What a field may be comes from its rule in the experiment.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.fields import Choice, Flag, Integer, Integers, Number, rules
from core.limits import LEARNING_RATE_MAX, LEARNING_RATE_MIN, MOMENTUM_MAX
from core.optimizers import OPTIMIZERS, PRESETS, Sgd
from core.schedules import Plateau, TimeDecay
from dashboard import visit
from dashboard.dials.dial import dial
from dashboard.state import name_of, rule_of, written
from dashboard.text import Words

PATIENCE_MAX = 50  # of the dial; more can be typed
ON_TOP = {"learning_rate", "momentum", "decay", "patience"}  # fields with a dial of their own
UNDER_MORE = {"factor", "monitor", "min_delta", "cooldown", "min_learning_rate"}


def optimizer_controls(words: Words) -> None:
    """The five controls of the laboratory: optimizer, rate, momentum, decay, patience."""
    state = visit.state()
    experiment = state.experiment
    select("optimizer.kind", experiment.optimizer.kind, list(OPTIMIZERS), words)
    number_dial(
        "optimizer.learning_rate",
        experiment.optimizer.learning_rate,
        words,
        scale="log",
        minimum=LEARNING_RATE_MIN,
        maximum=LEARNING_RATE_MAX,
    )
    if isinstance(experiment.optimizer, Sgd):
        number_dial(
            "optimizer.momentum",
            experiment.optimizer.momentum,
            words,
            scale="near-one",
            minimum=0.0,
            maximum=MOMENTUM_MAX,
        )
    schedule_dials(words)
    with st.expander(words("explore.more_optimizer"), key="more_optimizer"):
        select("preset", state.preset, list(PRESETS), words)
        part_controls("optimizer", words, leave_out=ON_TOP)


def schedule_dials(words: Words) -> None:
    """Decay and patience: each chooses the schedule that it belongs to."""
    schedule = visit.state().experiment.schedule
    number_dial(
        "decay",
        schedule.decay if isinstance(schedule, TimeDecay) else 0.0,
        words,
        scale="zero-log",
        minimum=1e-6,
        maximum=1.0,
    )
    number_dial(
        "patience",
        schedule.patience if isinstance(schedule, Plateau) else 0,
        words,
        scale="linear",
        minimum=1,
        maximum=PATIENCE_MAX,
        off_label=words("fields.off"),
    )
    if isinstance(schedule, Plateau):
        with st.expander(words("explore.more_patience"), key="more_patience"):
            part_controls("schedule", words, leave_out=ON_TOP | {"warmup_epochs"})


def schedule_controls(words: Words) -> None:
    """The schedule by name, its own numbers, and the warm-up in front of it."""
    schedule = visit.state().experiment.schedule
    kinds = ["constant", "time_decay", "step", "exponential", "cosine", "plateau"]
    select("schedule.kind", schedule.kind, kinds, words)
    if not isinstance(schedule, Plateau):
        part_controls("schedule", words, leave_out=ON_TOP | {"warmup_epochs"})
    control("schedule.warmup_epochs", words)


def network_controls(words: Words) -> None:
    part_controls("model", words)


def data_controls(words: Words) -> None:
    """The data set and its numbers."""
    kinds = ["blobs", "moons", "circles", "spirals", "digits"]
    select("data.kind", visit.state().experiment.data.kind, kinds, words)
    first = ["noise"] if "noise" in rules(type(visit.state().experiment.data)) else []
    for name in first:
        control(f"data.{name}", words)
    part_controls("data", words, leave_out=set(first))


def training_controls(words: Words) -> None:
    for path in ("epochs", "batch_size", "seed"):
        control(path, words)


def part_controls(part: str, words: Words, leave_out: set[str] | None = None) -> None:
    """A control for each field of one part of the experiment."""
    for name in rules(type(getattr(visit.state().experiment, part))):
        if name not in (leave_out or set()):
            control(f"{part}.{name}", words)


def control(path: str, words: Words) -> None:
    """The control that suits a field's rule."""
    experiment = visit.state().experiment
    value, rule = experiment.get(path), rule_of(path, experiment)
    match rule:
        case Choice(options):
            select(path, value, list(options), words)
        case Flag():
            hold(path, value)
            st.toggle(**labelled(path, words))
        case Integer(low, high):
            hold(path, value)
            st.number_input(min_value=low, max_value=high, step=1, **labelled(path, words))
        case Number(low, high) if name_of(path) in ("noise", "train_fraction"):
            hold(path, value)
            low, high = (low, min(high, 5.0)) if value <= 5.0 else (low, high)
            st.slider(min_value=low, max_value=high, step=0.05, **labelled(path, words))
        case Integers():
            hold(path, written(value))
            st.text_input(**labelled(path, words, read=rule))
        case _:
            small_number(path, value, words)


def small_number(path: str, value: float, words: Words) -> None:
    """A number of any size, typed: 0.9, 1e-7."""
    rule = rule_of(path, visit.state().experiment)
    hold(path, f"{value:g}")
    st.text_input(**labelled(path, words, read=rule))


def select(path: str, value: str, options: list[str], words: Words) -> None:
    """A choice by name, in the words of the page where it has any."""
    name = name_of(path)

    def label(option: str) -> str:
        key = f"fields.{name}_{option}"
        return words(key) if words.has(key) else option

    hold(path, value)
    st.selectbox(
        options=options,
        format_func=label,
        filter_mode=None,
        **labelled(path, words),
    )


def number_dial(path: str, value: float, words: Words, **scale: Any) -> None:
    """A slider with a typed value beside it."""
    name = name_of(path)
    dial(
        words(f"fields.{name}"),
        value,
        key=widget_key(path),
        help=words(f"fields.{name}_help"),
        on_change=lambda moved: visit.change_typed(path, moved),
        error=visit.refusal_of(name),
        **scale,
    )


def hold(path: str, value: Any) -> None:
    """Let a widget show what the state holds."""
    st.session_state[widget_key(path)] = value


def labelled(path: str, words: Words, read: Any = None) -> dict[str, Any]:
    """Label, help, key and callback of a widget; `read` turns typed text into a value first."""
    name, key = name_of(path), widget_key(path)

    def changed() -> None:
        value = st.session_state[key]
        if read is None:
            visit.change(path, value)
        else:
            visit.change_typed(path, value, read)

    return {
        "label": words(f"fields.{name}"),
        "help": words(f"fields.{name}_help"),
        "key": key,
        "on_change": changed,
    }


def widget_key(path: str) -> str:
    return f"control-{name_of(path)}"
