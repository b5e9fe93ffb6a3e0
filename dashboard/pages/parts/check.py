"""The check of a run: the same experiment by the other engine, over it in the same chart."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.experiment import Experiment
from core.service.fit_pool import fit_seconds
from core.service.messages import EngineName
from dashboard import session, training
from dashboard.components.controls.widgets import told_beside
from dashboard.components.glossary.glossary import caption, terms
from dashboard.laboratory import laboratory
from dashboard.settings.link import stay
from dashboard.text import Words

SLOT = "check-job"
NOW, REFUSED, LOOKED = "check-now", "check-refused", "check-looked"
TERMS = ("chaos", "compiled")


def hand_in(experiment: Experiment, engine: EngineName, words: Words) -> str | None:
    """The check of an experiment, begun if a visitor has just asked for it; None without one.

    It belongs to the experiment that it was asked for: of another it is stopped. Where the link
    says that a check is to be seen, one that is stored or under way is joined; none is begun.
    """
    by = training.OTHER[engine]
    wanted = st.session_state.pop(NOW, False) or is_there(experiment, by)
    if wanted and training.train([experiment], SLOT, by) is None:
        st.session_state[REFUSED] = (experiment.key, training.no_room(SLOT, words))
    if not training.is_current([experiment], SLOT, by):
        training.forget(SLOT)
    return training.current(SLOT)


def is_there(experiment: Experiment, by: EngineName) -> bool:
    """Whether a check that the link speaks of is there; asked once for each experiment."""
    asked = (experiment.key, by)
    if not session.state().check or st.session_state.get(LOOKED) == asked:
        return False
    st.session_state[LOOKED] = asked
    return laboratory().has(experiment, by)


def beside(job: str | None, words: Words) -> dict[str, Any] | None:
    """What the chart is told of a check."""
    if job is None:
        return None
    marked = {name: terms(words.language)[name] for name in TERMS}
    return {"job": job, "words": words.section("keras"), "terms": marked}


def press(what: str) -> None:
    """A visitor stops the check, or takes it off the chart."""
    stay()
    if what == "remove":
        show(False)
    {"stop": training.stop, "remove": training.forget}[what](SLOT)


def show(seen: bool) -> None:
    """Let the link say whether a check is to be seen."""
    session.LINK.change(lambda now: now.replaced(check=seen), session.language())


def check(experiment: Experiment, engine: EngineName, words: Words) -> None:
    """What the curve was made by, and the button that has it checked."""
    by, seconds = training.OTHER[engine], about(experiment)
    caption(words(f"keras.trained_by_{engine}", seconds=seconds), words)
    st.button(
        words(f"keras.check_{by}"),
        key="check",
        icon=":material/difference:",
        help=words(f"keras.check_{by}_help", seconds=seconds),
        on_click=begin,
    )
    of, said = st.session_state.get(REFUSED, ("", ""))
    if of == experiment.key:
        told_beside(said)


def begin() -> None:
    """Ask for a check; one that has ended is made again, and what is to be checked is trained."""
    show(True)
    st.session_state["train-now"] = not session.state().live
    st.session_state.pop(REFUSED, None)
    if training.is_done(SLOT):
        training.forget(SLOT)
    st.session_state[NOW] = True


def about(experiment: Experiment) -> str:
    """About how many seconds plain `fit` takes: 2, 15, 130."""
    seconds = fit_seconds(experiment)
    step = 1 if seconds < 10 else 5 if seconds < 100 else 10
    return str(max(1, step * round(seconds / step)))
