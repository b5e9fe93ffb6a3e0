"""What a visitor can set on the page of studies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Self

from core.analysis.studies import STUDIES
from core.analysis.studies.study import SEEDS
from core.analysis.studies.tutorial import DECAYS, HELD_RATE, KERAS_2, ON_PAPER_UPDATES
from core.experiment import Experiment
from core.experiment.field_types import Choice, Integer, Number, Rule
from core.experiment.limits import DECAY_MAX, LEARNING_RATE_MAX, LEARNING_RATE_MIN
from core.experiment.optimizers import PRESETS
from core.experiment.refusals import FieldError
from dashboard.settings.axis import AXES_MAX, DEFAULT_AXES, VariedField
from dashboard.settings.chart import Chart, chart_setting
from dashboard.settings.experiment import InLink
from dashboard.settings.page import (
    Given,
    PlaceInLink,
    Query,
    Settings,
    cut,
    field_in_link,
    language_setting,
    setting,
)

OWN = "own"  # the study of one's own
BOTH = "both"  # versions of Keras side by side
ORDERS = tuple(sign + name for name in ("line", "difference", "pairs") for sign in ("", "-"))
DIFFERENCES = ("accuracy", "loss")  # of whose ends a difference is worth a picture
CELLS_MAX = 10_000  # no study has so many; of a place that this one does not have, the first holds
BANDS = SPREAD, INTERVAL = ("spread", "interval")
VIEWS = ("panels", "overlay", "difference", "results", "settings")
PANELS, OVERLAY, DIFFERENCE, RESULTS, SETTINGS = VIEWS
ON_PAPER, DATA = "decay-on-paper", "data"
COLUMNS = ("value", "final", "best", "epochs_to_80", "reached", "swing", "rises", "outcomes")
SORTS = tuple(sign + name for name in COLUMNS for sign in ("", "-"))

UPDATES = Integer(10, 10_000)
RATE = Number(LEARNING_RATE_MIN, LEARNING_RATE_MAX)
DECAY = Number(0.0, DECAY_MAX)
AXES = ("vary", "and_vary")[:AXES_MAX]


def versions(preset: str) -> tuple[str, ...]:
    """The versions of Keras that a link asks for by one word."""
    return tuple(PRESETS) if preset == BOTH else (preset,)


def is_own(given: Given) -> bool:
    return bool(given["study"] == OWN)


def on_paper(default: Any, rule: Any, name: str) -> Any:
    """A field of the study that is on paper alone."""

    def applies(given: Given) -> bool:
        return bool(given["study"] == ON_PAPER)

    return setting(default, rule, name=f"paper.{name}", old=(f"paper_{name}",), applies=applies)


@dataclass(frozen=True)
class Axes:
    """What a study of one's own varies, as a link carries it."""

    repeats: ClassVar[bool] = False

    def knows(self, name: str) -> bool:
        return name in AXES

    def today(self, name: str) -> str:
        return name

    def read(self, query: Query, usual: Any, given: Given, refusals: list[FieldError]) -> Any:
        """The axes that can be read; the usual ones without any."""
        return axes_of(query, given["base"], refusals) or usual

    def write(self, value: tuple[VariedField, ...], settings: Any) -> Query:
        return dict(zip(AXES, (axis.to_text() for axis in value), strict=False))


def axes_of(
    query: Mapping[str, Any], base: Experiment, refusals: list[FieldError]
) -> tuple[VariedField, ...]:
    """The axes of a link that can be read."""
    axes: list[VariedField] = []
    for name in AXES:
        if name not in query:
            continue
        try:
            axes.append(VariedField.from_text(cut(query[name]), base))
        except FieldError as error:
            refusals.append(error.at("Link", name))
    return tuple(axes)


class Paper(NamedTuple):
    """Decay on paper: the rate at first, for how many updates, and four decays."""

    rate: float = HELD_RATE
    updates: int = ON_PAPER_UPDATES
    decays: tuple[float, ...] = DECAYS


@dataclass(frozen=True)
class StudiesSettings(Settings):
    """Everything a visitor can set on the page of studies.

    `axes` and `base` are of the study of one's own: what it varies, and the experiment that it
    varies it on.
    """

    study: str = setting("learning-rate", Choice((*STUDIES, OWN)))
    preset: str = setting(KERAS_2, Choice((*PRESETS, BOTH)))
    seeds: int = setting(10, SEEDS)
    view: str = setting(
        PANELS,
        Choice(VIEWS),
        usual=lambda given: RESULTS if is_own(given) else PANELS,
        looks=True,
    )
    show: str = setting("accuracy", Choice(DIFFERENCES), brief=True, looks=True)
    reference: int = field_in_link(PlaceInLink("reference", lambda given: CELLS_MAX), default=0)
    band: str = setting(SPREAD, Choice(BANDS), looks=True)
    sort: str = setting("value", Choice(SORTS), looks=True)
    paper_rate: float = on_paper(HELD_RATE, RATE, "rate")
    paper_updates: int = on_paper(ON_PAPER_UPDATES, UPDATES, "updates")
    paper_decay_1: float = on_paper(DECAYS[0], DECAY, "decay_1")
    paper_decay_2: float = on_paper(DECAYS[1], DECAY, "decay_2")
    paper_decay_3: float = on_paper(DECAYS[2], DECAY, "decay_3")
    paper_decay_4: float = on_paper(DECAYS[3], DECAY, "decay_4")
    base: Experiment = field_in_link(InLink(brief=True), applies=is_own, default_factory=Experiment)
    axes: tuple[VariedField, ...] = field_in_link(Axes(), applies=is_own, default=DEFAULT_AXES)
    order: str = setting("line", Choice(ORDERS), name="difference.sort", brief=True, looks=True)
    chart: Chart = chart_setting(loss="linear", accuracy="whole")  # as the tutorial draws them
    language: str = language_setting()

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions of Keras that are shown."""
        return versions(self.preset)

    def reference_among(self, values: int) -> int:
        """The place of the value that others are compared to, where there are so many."""
        return self.reference if self.reference < values else 0

    @property
    def paper(self) -> Paper:
        decays = (self.paper_decay_1, self.paper_decay_2, self.paper_decay_3, self.paper_decay_4)
        return Paper(self.paper_rate, self.paper_updates, decays)

    def rule(self, name: str) -> Rule:
        """What a field of one parameter must be."""
        return Integer(0, CELLS_MAX - 1) if name == "reference" else super().rule(name)

    def with_value(self, name: str, value: Any) -> Self:
        """One setting changed; a study of one's own brings its view."""
        if name == "study" and value != self.study:
            leaves = self.study == OWN and self.view == RESULTS
            view = RESULTS if value == OWN else PANELS if leaves else self.view
            return self.replaced(study=value, view=view, sort="value", reference=0)
        return self.replaced(**{name: value})

    def restored(self, before: Self) -> Self:
        """What was set before, looked at as now; a study of one's own came with its view."""
        now = super().restored(before)
        came = self.study != before.study and OWN in (self.study, before.study)
        return now.replaced(view=before.view) if came else now
