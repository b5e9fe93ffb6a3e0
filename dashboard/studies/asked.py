"""What a visitor asks of the page of studies, to and from the address bar."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.analysis.studies import STUDIES
from core.analysis.studies.study import SEEDS
from core.analysis.studies.tutorial import DECAYS, HELD_RATE, KERAS_2, ON_PAPER_UPDATES
from core.experiment import PARTS, Experiment
from core.experiment.experiment import ALL
from core.experiment.field_types import Choice, Integer, Number, Rule
from core.experiment.limits import (
    DECAY_MAX,
    LEARNING_RATE_MAX,
    LEARNING_RATE_MIN,
    LINK_CHARACTERS_MAX,
)
from core.experiment.optimizers import PRESETS
from core.experiment.records import flat
from core.experiment.refusals import FieldError, Typed, because
from dashboard.settings import state as settings
from dashboard.settings.parameters import read_all
from dashboard.settings.state import name_of, written
from dashboard.studies.axis import AXES_MAX, DEFAULT_AXES, AskedAxis

OWN = "own"  # the study of one's own
BOTH = "both"  # versions of Keras side by side
SPREAD, INTERVAL = BANDS = ("spread", "interval")
PANELS, OVERLAY, RESULTS = VIEWS = ("panels", "overlay", "results")
ON_PAPER, DATA = "decay-on-paper", "data"
COLUMNS = ("value", "final", "best", "epochs_to_80", "reached", "swing", "rises", "outcomes")

UPDATES = Integer(10, 10_000)
RATE = Number(LEARNING_RATE_MIN, LEARNING_RATE_MAX)
DECAY = Number(0.0, DECAY_MAX)
CHOICES: dict[str, Rule] = {
    "study": Choice((*STUDIES, OWN)),
    "preset": Choice((*PRESETS, BOTH)),
    "seeds": SEEDS,
    "view": Choice(VIEWS),
    "band": Choice(BANDS),
    "sort": Choice((*COLUMNS, *(f"-{name}" for name in COLUMNS))),
}
PAPER: dict[str, Rule] = {
    "paper_rate": RATE,
    "paper_updates": UPDATES,
    **{f"paper_decay_{n}": DECAY for n in range(1, len(DECAYS) + 1)},
}
AXES = ("vary", "and_vary")[:AXES_MAX]
NAMES = (*CHOICES, *PAPER, *AXES)  # all that a link may carry besides a base experiment


@dataclass(frozen=True)
class Paper:
    """Decay on paper: the rate at first, for how many updates, and four decays."""

    rate: float = HELD_RATE
    updates: int = ON_PAPER_UPDATES
    decays: tuple[float, ...] = DECAYS

    def to_query(self) -> dict[str, str]:
        return dict(zip(PAPER, map(str, (self.rate, self.updates, *self.decays)), strict=True))

    def with_value(self, name: str, value: Any) -> Paper:
        """One of them changed, by its name in a link."""
        if name.startswith("paper_decay_"):
            place = int(name[-1]) - 1
            return dataclasses.replace(
                self, decays=(*self.decays[:place], value, *self.decays[place + 1 :])
            )
        return dataclasses.replace(self, **{name.removeprefix("paper_"): value})


@dataclass(frozen=True)
class Asked:
    """Everything a visitor can set on the page of studies.

    `axes` and `base` are of the study of one's own: what it varies, and the experiment that it
    varies it on.
    """

    study: str = "learning-rate"
    preset: str = KERAS_2
    seeds: int = 10
    view: str = PANELS
    band: str = SPREAD
    sort: str = "value"
    paper: Paper = field(default_factory=Paper)
    axes: tuple[AskedAxis, ...] = DEFAULT_AXES
    base: Experiment = field(default_factory=Experiment)
    language: str = "en"

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions of Keras that are shown."""
        return tuple(PRESETS) if self.preset == BOTH else (self.preset,)

    def with_value(self, name: str, value: Any) -> Asked:
        """One setting changed, by its name in a link; a study of one's own brings its view."""
        if name in PAPER:
            return dataclasses.replace(self, paper=self.paper.with_value(name, value))
        if name == "study" and value != self.study:
            leaves = self.study == OWN and self.view == RESULTS
            view = RESULTS if value == OWN else PANELS if leaves else self.view
            return dataclasses.replace(self, study=value, view=view, sort="value")
        return dataclasses.replace(self, **{name: value})

    def to_query(self) -> dict[str, str]:
        """As the parameters of a link: what the study shown does not use is left out."""
        query = {name: str(getattr(self, name)) for name in CHOICES}
        if self.study == ON_PAPER:
            query |= self.paper.to_query()
        if self.study == OWN:
            texts = [axis.to_text() for axis in self.axes]
            query |= dict(zip(AXES, texts, strict=False)) | base_query(self.base)
        return {**query, "lang": self.language}


def base_query(base: Experiment) -> dict[str, str]:
    """What of an experiment is not as in the tutorial, by the names of a link."""
    kinds = {
        name: str(base.get(f"{name}.kind"))
        for name in PARTS
        if base.get(f"{name}.kind") != Experiment().get(f"{name}.kind")
    }
    usual = flat(settings.from_query(kinds).state.experiment.to_dict())
    fields = flat(base.to_dict()).items()
    given = kinds | {name_of(p): written(v) for p, v in fields if v != usual[p]}
    return given | ({"batch_size": ALL} if base.whole_batch else {})


def from_query(query: Mapping[str, str], language: str = "en") -> tuple[Asked, list[FieldError]]:
    """Read a link's parameters: what applies, and what was refused. Never raises."""
    base, refusals = settings.from_query(query, language, extra=NAMES)
    rules = {**CHOICES, **PAPER}
    given = read_all({name: query[name] for name in rules if name in query}, rules, refusals)
    asked = Asked(language=base.language).with_value("study", given.get("study", Asked.study))
    used = {*CHOICES, *(PAPER if asked.study == ON_PAPER else ())}
    if asked.study == OWN:
        axes = axes_of(query, base.experiment, refusals)
        asked = dataclasses.replace(asked, base=base.experiment, axes=axes)
        used |= {*AXES, *settings.known_fields()}
    for name in query:
        if name not in used and name in (*NAMES, *settings.known_fields()):
            refusals.append(FieldError("Link", name, because("left_out"), Typed(query[name])))
    for name in (*CHOICES, *PAPER):
        if name in given and name in used:
            asked = asked.with_value(name, given[name])
    return asked, refusals


def axes_of(
    query: Mapping[str, str], base: Experiment, refusals: list[FieldError]
) -> tuple[AskedAxis, ...]:
    """The axes of a link that can be read; the usual ones without any."""
    axes: list[AskedAxis] = []
    for name in AXES:
        if name not in query:
            continue
        try:
            axes.append(AskedAxis.from_text(query[name][:LINK_CHARACTERS_MAX], base))
        except FieldError as error:
            refusals.append(error.at("Link", name))
    return tuple(axes) or DEFAULT_AXES
