"""One pin: a run, or a study, that a visitor set aside to compare.

A link carries a pin as names and values with "~" between them, and of the experiment only what
differs from the tutorial's: "optimizer.momentum~0.9", "name~Fast~optimizer.kind~adam",
"study~decay~epochs~50", "study~own~vary~optimizer.momentum:list:0, 0.9".
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from core.analysis.studies import STUDIES, Cell, study
from core.experiment import Experiment
from core.experiment.field_types import Choice, English, Rule, read
from core.experiment.refusals import FieldError, Reason, Typed, because
from dashboard.settings.axis import DEFAULT_AXES, VariedField, on_base
from dashboard.settings.chart import PARAMETERS
from dashboard.settings.experiment import differing, path_of
from dashboard.settings.explore import ExploreSettings
from dashboard.settings.page import refusal
from dashboard.settings.studies import AXES, OWN, axes_of
from dashboard.settings.study_plan import plan_version

RUN = "run"  # the text of a pin that is the tutorial's run
SEPARATOR = "~"  # needs no escape in a link
NAME_CHARACTERS_MAX = 40
TEXT_CHARACTERS_MAX = 3_000  # every field of an experiment takes about 400, a list of values more
CELLS_MAX = 100  # of one pin; of a larger map single cells can be pinned
TRAINED = tuple(name for name in STUDIES if study(name).shows == "training")
# Names that the link of a page may carry, but not a pin.
PAGE_ONLY = {"engine", "live", "lang", *PARAMETERS}


@dataclass(frozen=True)
class Name(English):
    """What a visitor calls a pin; empty: it goes by what distinguishes it."""

    most: int = NAME_CHARACTERS_MAX

    @property
    def reason(self) -> Reason:
        return because("line", most=self.most)

    def accept(self, value: Any) -> str:
        if not (isinstance(value, str) and len(value) <= self.most and value.isprintable()):
            raise ValueError
        return value.strip()

    def read(self, text: str) -> str:
        return self.accept(text)


# Of what a pin has beside its experiment and its axes.
RULES: dict[str, Rule] = {"name": Name(), "study": Choice((*TRAINED, OWN))}


@dataclass(frozen=True)
class Pin:
    """A run, or with `study` one of the tutorial's experiments on the base of `experiment`.

    The study "own" varies `axes`.

    >>> Pin(Experiment().replace({"optimizer.momentum": 0.9})).to_text()
    'optimizer.momentum~0.9'
    >>> [cell.label for cell in Pin(study="momentum").cells()]
    ['momentum=0.0', 'momentum=0.5', 'momentum=0.9', 'momentum=0.99']
    """

    experiment: Experiment = field(default_factory=Experiment)
    preset: str = "keras-2.3"
    study: str = ""
    name: str = ""
    axes: tuple[VariedField, ...] = ()

    @property
    def state(self) -> ExploreSettings:
        """The settings of the run, as the controls of an experiment know them."""
        return ExploreSettings(self.preset, self.experiment)

    def with_value(self, path: str, value: Any, before: Sequence[ExploreSettings] = ()) -> Pin:
        """The pin after one of its controls was moved; kinds come back as they were `before`.

        Raises `FieldError`.
        """
        if path == "preset" and self.study:  # the study takes its optimizers from the preset
            return dataclasses.replace(self, preset=value)
        state = self.state.with_value(path, value, before)
        return dataclasses.replace(self, experiment=state.experiment, preset=state.preset)

    def cells(self) -> tuple[Cell, ...]:
        """What is trained for it: one cell of a run, each cell of a study. Raises `FieldError`.

        Only a study of one's own can be refused: for its size, or for what it varies.
        """
        if self.study == OWN:
            check_few(self.axes, self.experiment)
            whole_batch = self.experiment.whole_batch
            return plan_version(OWN, self.preset, self.axes, self.experiment, whole_batch).cells
        if self.study:
            return study(self.study, self.preset, self.experiment).cells
        return (Cell((), self.experiment),)

    def to_text(self) -> str:
        """The pin as a link carries it."""
        own = {"name": self.name, "study": self.study}
        own |= dict(zip(AXES, (axis.to_text() for axis in self.axes), strict=False))
        named = {name: value for name, value in own.items() if value} | self.differing()
        return SEPARATOR.join(escape_word(word) for item in named.items() for word in item) or RUN

    def differing(self) -> dict[str, str]:
        """The fields that differ from the tutorial's run, or from the defaults of their kind."""
        usual = ExploreSettings()
        version = {"preset": self.preset} if self.preset != usual.preset else {}
        return differing(self.experiment, usual.experiment, self.preset) | version


def check_few(axes: tuple[VariedField, ...], base: Experiment) -> None:
    """Refuse a grid of more cells than a pin may have. Raises `FieldError`."""
    cells = math.prod(len(axis.values) for axis in on_base(axes, base)[1])
    if cells > CELLS_MAX:
        reason = because("too_many_values", most=CELLS_MAX, count=cells)
        raise FieldError("Pin", "study", reason, cells)


class PinReading(NamedTuple):
    """What the text of a pin says: the pin that applies, and what was refused of it."""

    pin: Pin
    refusals: list[FieldError]


def from_text(text: str) -> PinReading:
    """Read a pin as a link carries it; what it gets wrong is refused and the rest applies.

    Never raises.

    >>> reading = from_text("momentum~0.9~epochs~many")
    >>> reading.pin.experiment.optimizer.momentum, [str(error) for error in reading.refusals]
    (0.9, ['Link: `epochs` must be a whole number from 1 to 2000, got "many".'])
    """
    if len(text) > TEXT_CHARACTERS_MAX:
        reason = because("long_pin", most=TEXT_CHARACTERS_MAX, count=len(text))
        return PinReading(Pin(), [FieldError("Link", "pin", reason, text)])
    refusals: list[FieldError] = []
    query: dict[str, list[str]] = {}
    for place, value in pairs(text, refusals):
        query.setdefault(place, []).append(value)
    name, study = (accept_field(one, take_last(one, query, refusals), refusals) for one in RULES)
    axes = {
        axis: take_last(axis, query, refusals) for axis in AXES if axis in query and study == OWN
    }
    if study in TRAINED:
        refuse_idle(study, query, refusals)
    reading = ExploreSettings.from_query(query)
    refusals += reading.refusals
    pin = Pin(reading.settings.experiment, reading.settings.preset, study, name)
    return PinReading(with_axes(pin, axes, refusals) if study == OWN else pin, refusals)


def with_axes(pin: Pin, texts: dict[str, str], refusals: list[FieldError]) -> Pin:
    """A study of one's own with its axes, the usual one without any that can be read.

    The run alone where they make no study.
    """
    varied = dataclasses.replace(pin, axes=axes_of(texts, pin.experiment, refusals) or DEFAULT_AXES)
    try:
        varied.cells()
    except FieldError as error:
        refusals.append(error)
        return dataclasses.replace(pin, study="")
    return varied


def pairs(text: str, refusals: list[FieldError]) -> Iterator[tuple[str, str]]:
    """The names and values of a text."""
    words = [unescape_word(word) for word in text.split(SEPARATOR)]
    if words in ([RUN], [""]):
        return
    for name, value in zip(words[::2], words[1::2], strict=False):
        if name in PAGE_ONLY:
            reason = because("unknown_parameter")
            refusals.append(FieldError("Link", name, reason, Typed(value)))
        else:
            yield name, value
    if len(words) % 2:
        refusals.append(FieldError("Link", words[-1], because("no_value"), ""))


def take_last(name: str, query: dict[str, list[str]], refusals: list[FieldError]) -> str:
    """Take a field out of a query: the last that is said of it."""
    texts = query.pop(name, [""])
    if len(texts) > 1:
        refusals.append(refusal("repeated", name, texts[-1]))
    return texts[-1]


def accept_field(name: str, text: str, refusals: list[FieldError]) -> str:
    """The value of a field of the pin itself; empty where there is none, or none that is good."""
    try:
        return str(read("Link", name, RULES[name], text)) if text else ""
    except FieldError as error:
        refusals.append(error)
        return ""


def refuse_idle(name: str, query: dict[str, list[str]], refusals: list[FieldError]) -> None:
    """Take out of a study's fields those that the study itself varies or holds."""
    parts = {"optimizer"} | ({"schedule"} if name in ("decay", "patience") else set())
    for idle in [key for key in query if path_of(key).partition(".")[0] in parts]:
        got = Typed(query.pop(idle)[-1])
        refusals.append(FieldError("Link", idle, because("idle"), got))


def escape_word(word: str) -> str:
    return word.replace("%", "%25").replace(SEPARATOR, "%7E")


def unescape_word(word: str) -> str:
    return word.replace("%7E", SEPARATOR).replace("%25", "%")
