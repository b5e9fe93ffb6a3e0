"""A page's settings in force: taken from the address bar, changed, taken back, written there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

import streamlit as st

from core.experiment.refusals import FieldError
from dashboard.settings.experiment import name_of
from dashboard.settings.page import Settings, texts_of

S = TypeVar("S", bound=Settings)
STAYS = "link-stays"
PRESENT = "present"  # of every page's link: it is shown to a room, as the session knows
PRESENTS = "presents"
STEPS_MAX = 50  # that can be taken back


# What is said of a link as a whole, or of a field that means nothing: no value can put it right.
OF_NO_VALUE = {"unknown_parameter", "repeated", "left_out", "idle"}


class Touch(NamedTuple):
    """A control that a visitor touched: its key, its field, and what was typed there.

    `parameter` carries the field in the page's link; of several pins that of `pin`, counted from 1.
    """

    control: str = ""
    field: str = ""
    text: str = ""
    parameter: str = ""
    pin: int = 0


NOTHING = Touch()
TOUCHED: ContextVar[Touch] = ContextVar("touched", default=NOTHING)  # while a callback hears of it


@contextmanager
def hear_touch(touch: Touch) -> Iterator[None]:
    """What is refused meanwhile is said beside that control."""
    before = TOUCHED.set(touch)
    try:
        yield
    finally:
        TOUCHED.reset(before)


class Refused(NamedTuple):
    """What was refused, and the key of the control that was touched; empty of a link.

    `parameter` and `pin` are those of a `Touch`; what has none goes with a visitor's next step, all
    else when its field is put right.
    """

    error: FieldError
    by_link: bool
    control: str = ""
    parameter: str = ""
    pin: int = 0
    is_new: bool = True  # nobody has done anything since

    def is_told_at(self, touch: Touch) -> bool:
        """Whether it is that control which says so."""
        if self.control:
            return self.control == touch.control
        return (self.parameter, self.pin) == (touch.parameter, touch.pin)

    def said_in(self, query: Mapping[str, Any]) -> Any:
        """What the page's link says of the field."""
        said = query.get(self.parameter)
        return (len(said), said[self.pin - 1 : self.pin]) if said and self.pin else said


def pin_of(error: FieldError) -> int:
    """The number of the pin that was refused something, counted from 1; 0 of a page."""
    return int(getattr(error, "pin", 0))


def stay() -> None:
    """In this run of the script the address bar is not read: a control was used, not a link.

    What a browser says of its address with a control may be older than what was written last.
    Every callback that keeps the page where it is calls this, by `change`, by `refuse` or itself.
    """
    st.session_state[STAYS] = True


def stays() -> bool:
    return bool(st.session_state.get(STAYS))


def settle() -> None:
    """The run of the script ends."""
    st.session_state.pop(STAYS, None)


@dataclass(frozen=True)
class Link(Generic[S]):
    """The settings of one page, held in the visitor's session by `key` and nowhere else."""

    key: str
    page: type[S]

    def held(self) -> S | None:
        """The settings in force; None before the page was opened."""
        settings: S | None = st.session_state.get(self.key)
        return settings

    def change(self, step: Callable[[S], S], language: str = "en") -> None:
        """One step of a visitor. What cannot be is said and changes nothing."""
        before = self.held() or self.page.from_query({}, language).settings
        try:
            now = step(before)
        except FieldError as error:
            self.refuse(error)
            return
        standing = self._standing(before, now)
        self.hold(now)
        self._tell(standing)
        if not now.is_set_as(before):
            self._keep((*self.steps(), before)[-STEPS_MAX:])

    def hold(self, settings: S) -> None:
        """Put new settings in force; nothing of them was refused."""
        stay()
        st.session_state[self.key] = settings
        self._tell([])

    def steps(self) -> tuple[S, ...]:
        """What was set before each step, the latest last."""
        steps: tuple[S, ...] = st.session_state.get(f"{self.key}-steps", ())
        return steps

    def undo(self) -> None:
        """Back to what was set before the last step; looked at as it is now.

        What the browser's own way back undid already is passed over.
        """
        now, steps = self.held(), self.steps()
        while now and steps and steps[-1].is_set_as(now):
            steps = steps[:-1]
        if now and steps:
            standing = self._standing(now, steps[-1])
            self.hold(now.restored(steps[-1]))
            self._tell(standing)
        self._keep(steps[:-1])

    def reset(self) -> None:
        """All as on a new page; the ways to look stay, and it can be taken back."""
        self.change(lambda now: now.restored(self.page.from_query({}, now.language).settings))
        self._tell([])

    def follow(self, query: Mapping[str, Any], language: str) -> None:
        """Another link's settings as a step of a visitor; what it gets wrong is told as of any."""
        read, refused = self.page.from_query(query, language)
        self.change(lambda now: now.restored(read), language)
        self.tell_of_link(refused)

    def tell_of_link(self, refused: Sequence[FieldError]) -> None:
        """Say what a link was refused that is not in the address bar."""
        stay()
        self._tell(self._of_link(refused))

    def take(self, language: str) -> S:
        """The settings of the link, if it is not the link that this session wrote itself.

        They speak the language in force, whichever page it was chosen on.
        """
        query = self.query()
        held = self.held()
        ours = query == st.session_state.get(f"{self.key}-link") or stays()
        if held is None or (query and not ours):
            read, refused = self.page.from_query(query, language)
            if held is None or not refused:
                held = st.session_state[self.key] = read
                self._tell(self._of_link(refused))
        if held.language != language:
            held = held.replaced(language=language)
            st.session_state[self.key] = held
        return held

    def write(self) -> None:
        """Let the address bar hold the settings; the browser's back button undoes a change."""
        settings = self.held()
        if settings is None:
            return
        query = settings.to_query()
        shown = {PRESENT: "true"} if st.session_state.get(PRESENTS) else {}
        if self.query() != query or st.query_params.get(PRESENT) != shown.get(PRESENT):
            st.query_params.from_dict(query | shown)
        st.session_state[f"{self.key}-link"] = query

    def query(self) -> dict[str, Any]:
        """The parameters of the address bar."""
        names = [name for name in st.query_params if name != PRESENT]
        return texts_of(self.page, names, st.query_params.get_all)

    def refuse(self, error: FieldError) -> None:
        """Say what a control was refused, beside it; the settings stay as they are."""
        stay()
        touch = TOUCHED.get()
        of_its_own = touch.text and name_of(error.path) == name_of(touch.field)
        told = error.quoting(touch.text) if of_its_own else error
        refused = Refused(told, False, touch.control, touch.parameter, touch.pin)
        self._tell([*self._elsewhere(), refused])

    def forgive(self) -> None:
        """Say no more of what was refused: the field was emptied, and shows what holds."""
        stay()
        self._tell(self._elsewhere())

    def refusals(self) -> list[Refused]:
        """What was refused and is not put right yet."""
        told: list[Refused] = st.session_state.get(f"{self.key}-refusals", [])
        return told

    def refused_at(self, control: str) -> FieldError | None:
        """What the control of that key was refused last."""
        return next((one.error for one in self.refusals() if one.control == control), None)

    def touch(self, control: str, field: str, text: str, pin: int = 0) -> Touch:
        """The control of that key, which sets a field of the page, or of a pin counted from 1."""
        parameter = self.page.parameter("pin" if pin else field)
        return Touch(control, field, text, parameter, pin)

    def refused_of_link(self, name: str, pin: int = 0) -> FieldError | None:
        """What a link was refused of that field of the page, or of a pin counted from 1."""
        told = (one.error for one in self.refusals() if one.by_link and pin_of(one.error) == pin)
        called = self._called(name, pin)
        return next((error for error in told if self._called(error.path, pin) == called), None)

    def _called(self, name: str, pin: int) -> str:
        """One name for what links of today and of old, and the page itself, call a field."""
        return (not pin and self.page.parameter(name)) or name_of(name)

    def _of_link(self, errors: Sequence[FieldError]) -> list[Refused]:
        """What a link was refused, and which of its parameters say so."""
        told: list[Refused] = []
        for error in errors:
            pin = pin_of(error)
            parameter = self.page.parameter("pin" if pin else error.path)
            has_field = error.code not in OF_NO_VALUE
            told.append(Refused(error, True, "", parameter if has_field else "", pin))
        return told

    def _elsewhere(self) -> list[Refused]:
        """What was refused of other fields than that of the control which is touched."""
        touch = TOUCHED.get()
        fields = (one for one in self.refusals() if one.parameter)
        return [one._replace(is_new=False) for one in fields if not one.is_told_at(touch)]

    def _standing(self, before: S, now: S) -> list[Refused]:
        """What stays refused after a step that left its fields as they were."""
        kept = self._elsewhere()
        was, is_now = (one.to_query() if kept else {} for one in (before, now))
        return [one for one in kept if one.said_in(was) == one.said_in(is_now)]

    def _tell(self, refused: list[Refused]) -> None:
        st.session_state[f"{self.key}-refusals"] = refused

    def _keep(self, steps: tuple[S, ...]) -> None:
        st.session_state[f"{self.key}-steps"] = steps
