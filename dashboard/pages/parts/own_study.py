"""The controls of a study of one's own: which fields it varies, how far, and on which base."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import streamlit as st

from core.experiment import Experiment
from core.experiment.experiment import ALL
from core.experiment.field_types import Rule, read
from core.experiment.records import flat, varying
from core.experiment.refusals import FieldError
from dashboard import session
from dashboard.components.controls.widgets import holds_text, shows, told_beside
from dashboard.failure import act_safely
from dashboard.lines.names import field_name, value_name
from dashboard.pages.parts.study_controls import LINK, settings
from dashboard.settings.axis import (
    AXES_MAX,
    COUNT,
    LISTED,
    SPACINGS,
    VariedField,
    bringing,
    fields,
    go_together,
    is_layers,
    is_number,
    rule_of,
)
from dashboard.settings.link import Touch, hear_touch
from dashboard.settings.refusals import UNMARKED, refusal_sentence
from dashboard.settings.studies import AXES
from dashboard.settings.study_plan import room, size
from dashboard.text import Words
from dashboard.text.numbers import exact

FIRST, SECOND = range(AXES_MAX)
FIRST_FREE = (
    "optimizer.learning_rate",
    "optimizer.momentum",
    "schedule.decay",
    "batch_size",
)  # for a second field


def own(words: Words) -> None:
    """One field or two, and the base."""
    axes = settings().axes
    for place in range(len(axes)):
        axis_controls(place, words)
    if len(axes) < AXES_MAX:
        press("second_field", words, add_second)
    else:
        press("one_field", words, lambda: hold_axes(settings().axes[:1]))
    base_controls(words)


def axis_controls(place: int, words: Words) -> None:
    """The field, how its values are given, and the values."""
    axis, base = settings().axes[place], settings().base
    key = f"studies-field-{place}"
    st.selectbox(
        words("studies.first_field" if place == FIRST else "studies.other_field"),
        [path for path in fields(base) if is_free(path, place)],
        format_func=lambda path: field_name(path, words),
        filter_mode=None,
        **shows(key, axis.path, lambda path: change_field(place, path)),
    )
    told_below(key, words)
    if error := LINK.refused_of_link(AXES[place]):
        told_beside(refusal_sentence(error, words, True, "studies", UNMARKED))
    if is_number(axis.path, base):
        st.segmented_control(
            words("studies.spacing"),
            list(SPACINGS),
            format_func=lambda name: words(f"studies.spacing_{name}"),
            required=True,
            **shows(
                f"studies-spacing-{place}", axis.spacing, lambda kind: change_spacing(place, kind)
            ),
        )
    if axis.spacing == LISTED:
        values_control(place, axis, words)
    else:
        range_controls(place, axis, words)


def values_control(place: int, axis: VariedField, words: Words) -> None:
    layers = is_layers(axis.path, settings().base)
    help = words("studies.values_layers_help" if layers else "studies.values_help")
    box(place, "values", axis.values, words, lambda text: change(place, values=text), help=help)


def range_controls(place: int, axis: VariedField, words: Words) -> None:
    with st.container(horizontal=True, key=f"range-{place}"):
        for end in ("first", "last"):
            rule = rule_of(axis.path, settings().base)
            box(place, end, exact(getattr(axis, end)), words, changer(place, end, rule))
        box(place, "count", str(axis.count), words, changer(place, "count", COUNT))


def box(
    place: int, name: str, text: str, words: Words, act: Callable[[str], None], **more: Any
) -> None:
    """A box for one part of an axis; an emptied one leaves what holds."""
    key = f"studies-{name}-{place}"

    def changed(text: str) -> None:
        touched = Touch(key, settings().axes[place].path, text, AXES[place])
        with hear_touch(touched):
            act(text) if text.strip() else LINK.forgive()

    label = words(f"studies.{name}")
    st.text_input(label, **holds_text(LINK, key, text, changed), **more)
    told_below(key, words)
    if name in ("values", "count") and (told := too_many(place, words)):
        told_beside(told)


def too_many(place: int, words: Words) -> str:
    """How many values of an axis would do, where there are too many of them; empty elsewhere."""
    less = room(settings())
    if less is None or not 0 < (most := less.axes[place]) < size(settings()).counts[place]:
        return ""
    return words(
        "studies.too_many_values" if most > 1 else "studies.too_many_values_one", most=most
    )


def told_below(key: str, words: Words) -> None:
    """What the control of that key was refused last."""
    if error := LINK.refused_at(key):
        told_beside(refusal_sentence(error, words, False, "studies", UNMARKED))


def base_controls(words: Words) -> None:
    """What the base has other than the tutorial's run, and where another comes from."""
    st.markdown(f"## {words('studies.base')}")
    st.caption(base_said(settings().base, words))
    with st.container(horizontal=True):
        if session.state().experiment != settings().base:
            press("base_from_explore", words, lambda: hold_base(session.state().experiment))
        if settings().base != Experiment():
            press("base_from_tutorial", words, lambda: hold_base(Experiment()))


def base_said(base: Experiment, words: Words) -> str:
    """The base in one line: "The tutorial's run, but with data Moons, epochs 100."."""
    values = flat(base.to_dict()) | ({"batch_size": ALL} if base.whole_batch else {})
    paths = [path for path in varying([Experiment(), base]) if path in values]
    if base.seed != Experiment().seed:
        paths.append("seed")
    if not paths:
        return words("studies.base_tutorial")
    said = [f"{field_name(p, words)} {value_name(p, values[p], words)}" for p in paths]
    return words("studies.base_changed", changes=words("studies.comma").join(said))


def is_free(path: str, place: int) -> bool:
    """Whether a field may be chosen: it can be varied together with that of the other axis."""
    base = settings().base
    others = [axis for n, axis in enumerate(settings().axes) if n != place]
    return all(go_together(other, VariedField.usual(path, base), base) for other in others)


def add_second() -> None:
    base = settings().base
    path = next(p for p in (*FIRST_FREE, *fields(base)) if p in fields(base) and is_free(p, SECOND))
    hold_axes((*settings().axes, VariedField.usual(path, base)))


def change_field(place: int, path: str) -> None:
    replace_axis(place, VariedField.usual(path, settings().base))


def change_spacing(place: int, spacing: str) -> None:
    """Another way to give the values: the same ones as far as it can say them."""
    axis = settings().axes[place]
    values = values_of(axis, bringing([axis.path], settings().base))
    if spacing == LISTED:
        replace_axis(place, VariedField(axis.path, LISTED, ", ".join(map(exact, values))))
        return
    low, high = min(values), max(values)
    if spacing == "log" and not low > 0:
        low = min((v for v in values if v > 0), default=high / 100 or 1e-3)
    count = len(values) if len(values) > 1 else 5
    high = high if high > low else 10 * low or 1.0
    replace_axis(place, VariedField(axis.path, spacing, "", float(low), float(high), count))


def values_of(axis: VariedField, base: Experiment) -> tuple[Any, ...]:
    """The values of an axis; of one that says none, those that are worth trying first."""
    try:
        return axis.axis(base).values
    except FieldError:
        return VariedField.usual(axis.path, base).axis(base).values


def changer(place: int, name: str, rule: Rule) -> Callable[[str], None]:
    """Who hears what is typed for an end of a range, or for how many values it has."""

    def changed(text: str) -> None:
        try:
            value = read("Page", settings().axes[place].path, rule, text)
        except FieldError as error:
            LINK.refuse(error)
        else:
            change(place, **{name: value})

    return changed


def change(place: int, **values: Any) -> None:
    replace_axis(place, dataclasses.replace(settings().axes[place], **values))


def replace_axis(place: int, axis: VariedField) -> None:
    """Another axis in a place. What it cannot be is said and changes nothing."""
    axes = list(settings().axes)
    axes[place] = axis
    try:
        axis.axis(bringing([axis.path], settings().base))
    except FieldError as error:
        LINK.refuse(error)
    else:
        hold_axes(tuple(axes))


def hold_axes(axes: tuple[VariedField, ...]) -> None:
    LINK.change(lambda now: now.replaced(axes=axes, sort="value"))


def hold_base(base: Experiment) -> None:
    """Another base; an axis whose field it does not have gives way to the usual one."""
    kept = tuple(axis for axis in settings().axes if axis.path in fields(base))
    axes = kept or (VariedField.usual("optimizer.learning_rate", base),)
    LINK.change(lambda now: now.replaced(base=base, axes=axes, sort="value"))


def press(name: str, words: Words, act: Any) -> None:
    st.button(
        words(f"studies.{name}"),
        help=words(f"studies.{name}_help"),
        key=f"studies-{name}",
        on_click=lambda: act_safely(act),
    )
