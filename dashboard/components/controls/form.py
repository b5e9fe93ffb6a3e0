"""Fields of a page, for the controls that show and change them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.experiment.field_types import accept, read
from core.experiment.notes import Note, notes
from core.experiment.refusals import FieldError
from dashboard.failure import act_safely
from dashboard.settings.experiment import name_of
from dashboard.settings.link import Link, Refused, hear_touch
from dashboard.settings.page import Settings
from dashboard.settings.refusals import UNMARKED, label_of, refusal_sentence
from dashboard.text import Words


@dataclass(frozen=True)
class Form:
    """Whose fields some controls show, and what becomes of what a visitor sets.

    `apply` changes one field, and refuses by the link what cannot be. `section` has the words of
    the page's own fields; `place` tells the forms of one page apart.
    """

    words: Words
    settings: Settings
    link: Link[Any]
    apply: Callable[[str, Any], object]
    section: str = "fields"
    place: str = ""
    pin: int = 0  # whose run these are the settings of, counted from 1; 0 of the page's own
    before: Sequence[Any] = ()  # settings of before, whose values come back with their kinds

    @classmethod
    def of(cls, link: Link[Any], words: Words, section: str) -> Form:
        """The fields of a page itself."""
        settings = link.held() or link.page.from_query({}, words.language).settings

        def apply(name: str, value: Any) -> None:
            link.change(lambda now: now.with_value(name, value), words.language)

        return cls(words, settings, link, apply, section)

    def get(self, name: str) -> Any:
        return self.settings.get(name)

    def change(self, name: str, given: Any) -> None:
        """A control was set to a value, or a text typed there; what cannot be is kept out and said.

        An emptied field leaves what holds.
        """
        text = given if isinstance(given, str) else ""
        with hear_touch(self.link.touch(self.key(name), name, text, self.pin)):
            if isinstance(given, str) and not given.strip():
                self.link.forgive()
                return
            try:
                rule = self.settings.rule(name)
                value = (read if isinstance(given, str) else accept)("Page", name, rule, given)
            except FieldError as error:
                self.link.refuse(error)
            else:
                self.apply(name, value)

    def key(self, name: str) -> str:
        """Of the widget that shows a field."""
        kind = "control" if self.section == "fields" else self.section
        return "-".join(filter(None, (kind, self.place, name_of(name) if "." in name else name)))

    def label(self, name: str) -> str:
        return label_of(name, self.words, self.section) or name

    def help(self, name: str) -> str | None:
        """One sentence on a field, where there is one."""
        for section in (self.section, "fields"):
            if self.words.has(key := f"{section}.{name_of(name)}_help"):
                return self.words(key)
        return None

    def option(self, name: str, value: str) -> str:
        """What one of a field's choices is called."""
        for section in (self.section, "fields"):
            if self.words.has(key := f"{section}.{name_of(name)}_{value}"):
                return self.words(key)
        return value

    def refusal(self, name: str) -> str | None:
        """What the control of a field was refused last, or a link of the field."""
        own = self.link.refused_at(self.key(name))
        error = own or self.link.refused_of_link(name, self.pin)
        return self.refusal_said(error, own is None) if error else None

    def refusal_said(self, error: FieldError, by_link: bool) -> str:
        return refusal_sentence(error, self.words, by_link, self.section, UNMARKED)

    def refused_of(self, is_meant: Callable[[str], bool]) -> list[str]:
        """What was refused of those fields of the page's own, told by their parameters."""
        told: list[Refused] = [one for one in self.link.refusals() if one.pin == self.pin]
        return [
            self.refusal_said(one.error, one.by_link)
            for one in told
            if one.parameter and is_meant(one.parameter)
        ]

    def notes(self) -> tuple[Note, ...]:
        """What is to be noted of the experiment, where the page has one.

        Notes on what changes on the way stand beside the changes.
        """
        experiment = getattr(self.settings, "experiment", None)
        found = notes(experiment) if experiment else ()
        return tuple(one for one in found if "changes." not in one.path)

    def noted(self, note: Note) -> str:
        """A note in the words of the page."""
        return note.fill(self.words(f"notes.{note.code}"))

    def widget(self, name: str, shown: Any = None) -> dict[str, Any]:
        """Label, help, key and callback of a widget that shows a field, or what stands for it."""
        key = self.key(name)
        st.session_state[key] = self.get(name) if shown is None else shown
        change = lambda: act_safely(lambda: self.change(name, st.session_state[key]))  # noqa: E731
        return {**self.named(name), "key": key, "on_change": change}

    def named(self, name: str) -> dict[str, Any]:
        """Label and help of a widget."""
        help = self.help(name)
        return {"label": self.label(name), **({"help": help} if help else {})}
