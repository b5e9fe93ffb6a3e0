"""The controls of the page of studies: the settings in, changed settings out."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.analysis.studies import STUDIES
from core.analysis.studies.study import SEEDS
from core.experiment.field_types import Integer
from core.experiment.limits import DECAY_MAX, LEARNING_RATE_MAX, LEARNING_RATE_MIN
from core.experiment.optimizers import PRESETS
from core.experiment.refusals import FieldError
from dashboard.components.slider.slider import slider
from dashboard.settings.link import Link, hear
from dashboard.settings.refusals import MARKDOWN, UNMARKED, Marks, cannot_be, refused
from dashboard.settings.widgets import shows
from dashboard.studies.asked import (
    BANDS,
    BOTH,
    NAMES,
    OWN,
    PAPER,
    VIEWS,
    Asked,
    from_query,
)
from dashboard.text import Words

LINK: Link[Asked] = Link("studies", from_query)
SMALLEST_DECAY = 1e-6  # left end of the slider; less can be typed


def asked() -> Asked:
    return LINK.held() or Asked()


def change(name: str, value: Any) -> None:
    """One control was moved."""
    LINK.hold(asked().with_value(name, value))


def choose_study(words: Words) -> None:
    """The tutorial's seven experiments by their numbers, and one's own."""
    numbers = {name: number for number, name in enumerate(STUDIES, 1)}

    def numbered(name: str) -> str:
        called = words(f"studies.study_{name}")
        number = numbers.get(name)
        return words("studies.numbered", number=number, name=called) if number else called

    st.pills(
        options=[*STUDIES, OWN],
        format_func=numbered,
        required=True,
        label_visibility="collapsed",
        **held("study", words, help=False),
    )


def version(words: Words) -> None:
    st.radio(
        options=[*PRESETS, BOTH],
        format_func=lambda name: words(f"studies.choose_{name}"),
        **held("preset", words),
    )


def view(words: Words) -> None:
    """Panels, overlay or results, and what the bands are."""
    st.segmented_control(
        options=list(VIEWS),
        format_func=lambda name: words(f"studies.view_{name}"),
        required=True,
        **held("view", words),
    )
    st.radio(
        options=list(BANDS),
        format_func=lambda name: words(f"studies.band_{name}"),
        **held("band", words),
    )


def seeds(words: Words) -> None:
    st.slider(min_value=SEEDS.low, max_value=SEEDS.high, step=1, **held("seeds", words))


def paper(words: Words) -> None:
    """Rate, updates and four decays on paper."""
    on_paper = asked().paper
    number_slider("paper_rate", on_paper.rate, words, "log", LEARNING_RATE_MIN, LEARNING_RATE_MAX)
    updates = PAPER["paper_updates"]
    assert isinstance(updates, Integer)
    number_slider("paper_updates", on_paper.updates, words, "linear", updates.low, 1000)
    for number, decay in enumerate(on_paper.decays, 1):
        number_slider(
            f"paper_decay_{number}", decay, words, "zero-log", SMALLEST_DECAY, DECAY_MAX, number
        )


def number_slider(
    name: str,
    value: float,
    words: Words,
    scale: Any,
    minimum: float,
    maximum: float,
    number: int | None = None,
) -> None:
    """A slider with a typed value beside it; `number` tells one of several of a kind."""
    key = name if number is None else name.rpartition("_")[0]
    slider(
        label(name, words),
        value,
        key=f"studies-{name}",
        help=words(f"studies.{key}_help"),
        scale=scale,
        minimum=minimum,
        maximum=maximum,
        on_change=lambda moved: change_number(name, moved),
        error=refusal_of(name, words),
    )


def change_number(name: str, moved: float | str) -> None:
    """A slider was moved, or a value typed that it does not know."""
    hear(LINK, name, PAPER[name], moved, lambda value: change(name, value))


def refusal_of(name: str, words: Words) -> str | None:
    """What the control of that name was refused last."""
    for error, by_link in LINK.refusals():
        if not by_link and error.path == name:
            return said(error, words, by_link, UNMARKED)
    return None


def refusals(words: Words) -> list[str]:
    """What was refused last and no control of its own tells, one sentence each."""
    told = [(e, link) for e, link in LINK.refusals() if link or e.path not in PAPER]
    return [said(error, words, link) for error, link in told]


def said(error: FieldError, words: Words, by_link: bool, marks: Marks = MARKDOWN) -> str:
    return refused(error, words, by_link, labels(words), marks)


def unplanned(error: FieldError, words: Words) -> str:
    """Why nothing can be made of what is asked."""
    return cannot_be(error, words, labels(words)) or str(error)


def labels(words: Words) -> dict[str, str]:
    """What the settings of this page are called, by their names in a link."""
    return {name: label(name, words) for name in NAMES}


def label(name: str, words: Words) -> str:
    """What a setting of this page is called."""
    kind, _, number = name.rpartition("_")
    if number.isdigit():
        return words(f"studies.{kind}", number=number)
    return words(f"studies.{'version' if name == 'preset' else name}")


def held(name: str, words: Words, help: bool = True) -> dict[str, Any]:
    """Label, help, key and callback of a widget that shows a setting."""
    return {
        "label": label(name, words),
        **shows(f"studies-{name}", getattr(asked(), name), lambda value: change(name, value)),
        **({"help": words(f"studies.{name}_help")} if help else {}),
    }
