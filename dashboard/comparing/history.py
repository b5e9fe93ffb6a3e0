"""The steps of a visitor, so that the last one can be taken back; no Streamlit."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import NamedTuple

from dashboard.comparing.comparison import Comparison
from dashboard.comparing.pin import Pin

STEPS_MAX = 50


@dataclass(frozen=True)
class History:
    """What was pinned before each step, the latest last; how it was looked at is not kept."""

    steps: tuple[Comparison, ...] = ()

    def after(self, before: Comparison, now: Comparison) -> History:
        """With one step more, if it changed what is pinned or how it is set."""
        if pinned(before) == pinned(now):
            return self
        return History((*self.steps, before)[-STEPS_MAX:])

    def back(self, now: Comparison) -> Back:
        """Before the last step. What the browser's own way back undid already is passed over."""
        steps = self.steps
        while steps and pinned(steps[-1]) == pinned(now):
            steps = steps[:-1]
        if not steps:
            return Back(now, History())
        pins, seeds, reference = pinned(steps[-1])
        restored = dataclasses.replace(now, pins=pins, seeds=seeds, reference=reference)
        return Back(restored, History(steps[:-1]))


class Back(NamedTuple):
    """A comparison as it was, and the steps before it."""

    comparison: Comparison
    history: History


def pinned(of: Comparison) -> tuple[tuple[Pin, ...], int, int]:
    """The part of a comparison that a step back restores."""
    return of.pins, of.seeds, of.reference
