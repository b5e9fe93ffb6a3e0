"""What a pin was before its last change, to be drawn faintly behind what it is; pure functions."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from dashboard.lines.pin_panels import NO_GHOSTS, Ghosts
from dashboard.lines.plan import Plan
from dashboard.settings.pin import Pin


@dataclass(frozen=True)
class Shown:
    """A job on the page: what was pinned for it, and what of the job before is its ghost."""

    job: str
    pins: tuple[Pin, ...]
    plan: Plan
    ghosts: Ghosts = field(default_factory=dict)


def shown_next(job: str, pins: tuple[Pin, ...], plan: Plan, before: Shown | None) -> Shown:
    """What is shown now, after what was before; a ghost stays as long as its job does."""
    pins = tuple(dataclasses.replace(pin, name="") for pin in pins)
    if before is None or before.plan.seeds != plan.seeds or len(before.pins) != len(pins):
        return Shown(job, pins, plan)
    if before.job == job and before.pins == pins:
        return before
    moved = [place for place, pin in enumerate(pins) if pin != before.pins[place]]
    if before.job == job or len(moved) != 1 or pins[moved[0]].study:
        return Shown(job, pins, plan)  # moved about, or more than a slider
    was = before.plan.of_pin(moved[0])
    return Shown(job, pins, plan, {moved[0]: was[0]} if len(was) == 1 else NO_GHOSTS)
