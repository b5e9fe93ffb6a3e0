"""What stands between the controls of an experiment and the page that has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from core.experiment.field_types import Rule
from core.experiment.refusals import FieldError
from dashboard.settings.link import hear
from dashboard.settings.refusals import UNMARKED, refused
from dashboard.settings.state import State, known_fields, name_of
from dashboard.text import Words


@dataclass(frozen=True)
class Form:
    """Whose settings some controls show, and who hears what a visitor sets.

    `change` takes a path and a value, and refuses by itself what cannot be; `refuse` takes what
    could not even be read, and `forgive` forgets it. `place` tells the forms of one page apart.
    """

    words: Words
    state: State
    change: Callable[[str, Any], None]
    refuse: Callable[..., None]
    forgive: Callable[[], None]
    refusals: Sequence[tuple[FieldError, bool]] = ()  # what was refused last, and whether by a link
    place: str = ""

    def change_typed(self, path: str, typed: Any, rule: Rule | None = None) -> None:
        """A value was typed: read it by its rule, then change it; a bad one is said and kept out.

        Numbers and flags, which widgets have read already, are passed on.
        """
        name = name_of(path)
        if isinstance(typed, str):
            rule = rule or known_fields()[name]
            hear(self, name, rule, typed, lambda value: self.change(path, value))
        else:
            self.change(path, typed)

    def refusal_of(self, name: str) -> str | None:
        """What the control of that field was refused last."""
        for error, link in self.refusals:
            if not link and name_of(error.path) == name:
                return refused(error, self.words, link, marks=UNMARKED)
        return None

    def key(self, path: str) -> str:
        """Of the widget that shows a field."""
        return "-".join(filter(None, ("control", self.place, name_of(path))))
