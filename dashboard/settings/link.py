"""A page's settings and the address bar: read from it when it changed, written back to it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import streamlit as st

from core.experiment.field_types import Rule, accept, read
from core.experiment.refusals import FieldError
from dashboard.settings.state import name_of


class Settings(Protocol):
    """All that a visitor can set on one page; a frozen dataclass."""

    @property
    def language(self) -> str: ...

    def to_query(self) -> Mapping[str, Any]:
        """As the parameters of a link: texts, and of what may be repeated lists of texts."""
        ...


S = TypeVar("S", bound=Settings)
STAYS = "link-stays"
REFUSED = "refused-box"  # the box whose text was refused last, and stands there to be put right
# While a callback hears of a typed text: the box that it is in, the name of its field, the text.
BOX: ContextVar[str] = ContextVar("box", default="")
TYPED: ContextVar[tuple[str, str]] = ContextVar("typed", default=("", ""))


def stay() -> None:
    """In this run of the script the address bar is not read: a control was used, not a link.

    What a browser says of its address with a control may be older than what was written last.
    Every callback that keeps the page where it is calls this, by `hold`, by `refuse` or itself.
    """
    st.session_state[STAYS] = True


def settle() -> None:
    """The run of the script ends."""
    st.session_state.pop(STAYS, None)


@dataclass(frozen=True)
class Link(Generic[S]):
    """The settings of one page, held in the visitor's session by `key` and nowhere else.

    `read` makes them of a link's parameters and the language in force, tells besides what it
    refused, and never raises. A parameter in `repeated` is a list of all its values; of any other
    that a link says twice the last counts.
    """

    key: str
    read: Callable[[Mapping[str, Any], str], tuple[S, list[FieldError]]]
    repeated: tuple[str, ...] = ()

    def held(self) -> S | None:
        """The settings in force; None before the page was opened."""
        settings: S | None = st.session_state.get(self.key)
        return settings

    def hold(self, settings: S) -> None:
        """Put new settings in force; nothing of them was refused."""
        stay()
        st.session_state[self.key] = settings
        self._refusals([])

    def take(self, language: str) -> S:
        """The settings of the link, if it is not the link that this session wrote itself.

        They speak the language in force, whichever page it was chosen on.
        """
        query = self.query()
        held = self.held()
        ours = query == st.session_state.get(f"{self.key}-link") or st.session_state.get(STAYS)
        if held is None or (query and not ours):
            read, refused = self.read(query, language)
            if held is None or not refused:
                held = st.session_state[self.key] = read
                self._refusals([(error, True) for error in refused])
            else:  # of the next page: on the way there it was left at this page's address
                st.session_state[f"{self.key}-passing"] = query
        if held.language != language:
            held = dataclasses.replace(held, language=language)
            st.session_state[self.key] = held
        return held

    def write(self) -> None:
        """Let the address bar hold the settings; the browser's back button undoes a change."""
        settings = self.held()
        if settings is None:
            return
        query, here = dict(settings.to_query()), self.query()
        unchanged = query == st.session_state.get(f"{self.key}-link")
        if unchanged and here and here == st.session_state.get(f"{self.key}-passing"):
            return  # another entry in the history would lead the back button in a circle
        if here != query:
            st.query_params.from_dict(query)
        st.session_state[f"{self.key}-link"] = query

    def query(self) -> dict[str, Any]:
        """The parameters of the address bar."""
        lists = {name: st.query_params.get_all(name) for name in self.repeated}
        return {**st.query_params.to_dict(), **{k: values for k, values in lists.items() if values}}

    def refuse(self, *errors: FieldError) -> None:
        """Say what a control was refused; the settings stay as they are."""
        stay()
        name, text = TYPED.get()
        told = [e.quoting(text) if name == name_of(e.path) and text else e for e in errors]
        self._refusals([(error, False) for error in told])
        st.session_state[REFUSED] = BOX.get()

    def forgive(self) -> None:
        """Say no more of what was refused: the field was emptied, and shows what holds."""
        stay()
        self._refusals([])

    def refusals(self) -> list[tuple[FieldError, bool]]:
        """What was refused last, and whether it came by a link."""
        told: list[tuple[FieldError, bool]] = st.session_state.get(f"{self.key}-refusals", [])
        return told

    def _refusals(self, told: list[tuple[FieldError, bool]]) -> None:
        st.session_state[f"{self.key}-refusals"] = told
        st.session_state.pop(REFUSED, None)


class Hearer(Protocol):
    """Who hears what becomes of a control: the link of a page, or the form of some controls."""

    def refuse(self, *errors: FieldError) -> None: ...

    def forgive(self) -> None: ...


def hear(by: Hearer, name: str, rule: Rule, given: Any, change: Callable[[Any], object]) -> None:
    """Change what a control was set to, or what was typed there and can be read.

    What cannot be is said and kept out; an emptied field leaves what holds.
    """
    if isinstance(given, str) and not given.strip():
        by.forgive()
        return
    try:
        value = (read if isinstance(given, str) else accept)("Page", name, rule, given)
    except FieldError as error:
        by.refuse(error)
        return
    typed = TYPED.set((name, given if isinstance(given, str) else ""))
    try:
        change(value)
    finally:
        TYPED.reset(typed)
