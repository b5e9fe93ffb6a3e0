"""The controls of one experiment: what a visitor sets of optimizer, schedule, data and network."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import Any

from core.experiment import Experiment
from core.experiment.data import Digits
from core.experiment.field_types import Choice, Flag, Number
from core.experiment.fields import rules
from core.experiment.limits import LEARNING_RATE_MAX, LEARNING_RATE_MIN, MOMENTUM_MAX
from core.experiment.optimizers import PRESETS
from core.experiment.schedules import SCHEDULES
from dashboard.components.controls.aside import aside
from dashboard.components.controls.form import Form
from dashboard.components.controls.widgets import (
    fold,
    note_line,
    number_slider,
    segments,
    select,
    steps,
    text_box,
    toggle,
    told_beside,
)
from dashboard.settings.experiment import name_of
from dashboard.settings.explore import CHOOSE, ExploreSettings

DECAY_MIN, DECAY_MAX = 1e-6, 1.0  # of the slider; more can be typed
PATIENCE_MAX = 50  # of the slider; more can be typed
SHARE_MAX = 5.0  # of the slider for noise; more can stand in a link
ON_TOP = {"learning_rate", "momentum", "decay", "patience"}  # fields with a slider of their own
# What a schedule goes by, beside decay and patience: these stand where it is chosen.
SHARES: dict[str, Any] = {"scale": "linear", "minimum": 0.05, "maximum": 1.0, "step": 0.05}
NUMBERS = {
    "step": ("factor", "every_epochs"),
    "exponential": ("decay_rate", "every_epochs"),
    "cosine": ("final_fraction",),
}
KINDS_OF_DATA = ("blobs", "moons", "circles", "spirals", "digits")


def experiment(form: Form) -> Experiment:
    return explore(form).experiment


def explore(form: Form) -> ExploreSettings:
    """The settings of a form that shows one run: of the page itself, or of a pin."""
    if not isinstance(form.settings, ExploreSettings):
        raise TypeError(f"Form: `settings` must be those of one run, got {form.settings!r}.")
    return form.settings


def five_controls(form: Form) -> None:
    """Optimizer, rate, momentum, and what becomes of the rate: decay or patience."""
    select(form, "optimizer.kind")
    aside(form, "optimizer.kind")
    number_slider(
        form,
        "optimizer.learning_rate",
        scale="log",
        minimum=LEARNING_RATE_MIN,
        maximum=LEARNING_RATE_MAX,
    )
    if "momentum" in rules(type(experiment(form).optimizer)):
        number_slider(
            form, "optimizer.momentum", scale="near-one", minimum=0.0, maximum=MOMENTUM_MAX
        )
    segments(
        form,
        "schedule.kind",
        list(SCHEDULES),
        label=form.words("fields.the_rate"),
        format_func=lambda kind: form.words(f"fields.rate_{kind}"),
    )
    schedule_numbers(form)
    schedule_sliders(form)
    aside(form, "schedule.kind")  # below the sliders, which a hand may be moving


def schedule_numbers(form: Form) -> None:
    """The numbers of a schedule that has neither decay nor patience."""
    place = "-".join(filter(None, (form.place, "rate")))
    form = dataclasses.replace(form, place=place)
    for name in at_hand(form):
        scale = {**SHARES, "minimum": 0.0} if name == "final_fraction" else SHARES
        if name == "every_epochs":
            scale = {"scale": "linear", "minimum": 1, "maximum": experiment(form).epochs}
        number_slider(form, f"schedule.{name}", **scale)


def at_hand(form: Form) -> tuple[str, ...]:
    """The fields of the schedule in force that stand below the choice of it."""
    return NUMBERS.get(experiment(form).schedule.kind, ())


def schedule_sliders(form: Form) -> None:
    """Decay and patience; that of a schedule that does not hold is dim, and chosen by a touch."""
    off = {"off_label": form.words("fields.off")}
    scales: dict[str, dict[str, Any]] = {
        "decay": {"scale": "zero-log", "minimum": DECAY_MIN, "maximum": DECAY_MAX},
        "patience": {"scale": "linear", "minimum": 1, "maximum": PATIENCE_MAX, **off},
    }
    for name, scale in scales.items():
        holds = experiment(form).schedule.kind == CHOOSE[name]
        value = form.get(name) if holds else last(form, name)
        number_slider(form, name, value, dim=not holds, **scale)


def last(form: Form, name: str) -> float:
    """What a slider had when its schedule held last; 0 where that never was."""
    schedule = explore(form).last("schedule.kind", CHOOSE[name], form.before)
    return getattr(schedule, name) if schedule else 0


def optimizer_details(form: Form) -> None:
    """Whose values an optimizer has, and those that have no slider."""
    select(form, "preset", list(PRESETS))
    aside(form, "preset")
    part_controls(form, "optimizer", leave_out=ON_TOP)


def schedule_controls(form: Form) -> None:
    """The schedule's own numbers, and the warm-up in front of it."""
    part_controls(form, "schedule", leave_out=ON_TOP | {"warmup_epochs", *at_hand(form)})
    control(form, "schedule.warmup_epochs")


def network_controls(form: Form) -> None:
    """The network's numbers; for the digits, which are images, also its kind."""
    if isinstance(experiment(form).data, Digits):
        select(form, "model.kind")
        aside(form, "model.kind")
    part_controls(form, "model")


def data_controls(form: Form) -> None:
    """The data set and its numbers."""
    select(form, "data.kind", list(KINDS_OF_DATA))
    aside(form, "data.kind")
    first = ["noise"] if "noise" in rules(type(experiment(form).data)) else []
    for name in first:
        control(form, f"data.{name}")
    part_controls(form, "data", leave_out=set(first))


def training_controls(form: Form) -> None:
    for path in ("loss", "epochs", "batch_size", "seed"):
        control(form, path)
    segments(form, "engine")


def part_controls(form: Form, part: str, leave_out: set[str] | None = None) -> None:
    """A control for each field of one part of the experiment."""
    for name in rules(type(getattr(experiment(form), part))):
        if name not in (leave_out or set()):
            control(form, f"{part}.{name}")


def control(form: Form, path: str) -> None:
    """The control that suits a field's rule."""
    match form.settings.rule(path):
        case Choice():
            select(form, path)
        case Flag():
            toggle(form, path)
        case Number(low, high) if name_of(path) in ("noise", "train_fraction"):
            most = min(high, SHARE_MAX) if form.get(path) <= SHARE_MAX else high
            steps(form, path, low, most, 0.05)
        case _:  # whole ones too: Streamlit's own box for numbers reads 1e2 as 1
            text_box(form, path)


GROUPS = {
    "schedule": schedule_controls,
    "optimizer": optimizer_details,
    "data": data_controls,
    "network": network_controls,
    "training": training_controls,
}


# Of fields that are not in a group of their part's name.
IN_GROUP = {
    "preset": "optimizer",
    "model": "network",
    **dict.fromkeys(("loss", "epochs", "batch_size", "seed", "engine"), "training"),
}


def groups(form: Form) -> None:
    """Everything else in groups, one of which is open at a time.

    What a field in a closed group is refused, and what is to be noted of it, stands below the
    group's name.
    """
    keys = [f"group-{name}" for name in GROUPS]
    for key, (name, draw) in zip(keys, GROUPS.items(), strict=True):
        label = form.words(f"explore.{name}_group")
        if not fold(label, key, partial(draw, form), keys):
            for sentence in form.refused_of(partial(is_in_group, form, name)):
                told_beside(sentence)
            for note in form.notes():
                if is_in_group(form, name, note.path):
                    note_line(form.noted(note))


def is_in_group(form: Form, name: str, path: str) -> bool:
    return group_of(form, path) == name


def group_of(form: Form, path: str) -> str:
    """The group that holds the control of a field; empty of one that is always in sight."""
    in_sight = name_of(path) in ON_TOP.union(at_hand(form))
    if in_sight or path in ("optimizer.kind", "schedule.kind"):
        return ""
    part = path.partition(".")[0]
    return part if part in GROUPS else IN_GROUP.get(part, "")
