"""One typed state of the pages, to and from the address bar.

The address bar carries every field of the experiment by its own name (`learning_rate=0.01`), the
data's seed as `data_seed`; what a link gets wrong is refused field by field and the rest applies.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from core.experiment import PARTS, Experiment
from core.experiment.experiment import ALL
from core.experiment.field_types import Choice, Flag, Integer, Rule
from core.experiment.fields import Description, rules
from core.experiment.optimizers import PRESETS, preset
from core.experiment.records import flat
from core.experiment.refusals import FieldError, because
from core.experiment.schedules import Constant, Plateau, TimeDecay
from dashboard.settings.parameters import read_all
from dashboard.text import LANGUAGES

LIMITS_ON_ALL = 6  # of an experiment as a whole: kind and size of its network, changes, work
RENAMED = {"data.seed": "data_seed"}  # two fields are called `seed`


@dataclass(frozen=True)
class State:
    """Everything a visitor can set on the page of one run."""

    experiment: Experiment = field(default_factory=Experiment)
    preset: str = "keras-2.3"
    live: bool = True
    language: str = "en"

    def with_value(self, path: str, value: Any) -> State:
        """The state after one control was moved; what belongs together moves with it.

        Raises `FieldError` when the experiment refuses the value.
        """
        if path in ("preset", "live", "language"):
            changed = dataclasses.replace(self, **{path: value})
            if path == "preset":
                return changed.with_optimizer(self.experiment.optimizer.kind)
            return changed
        if path == "optimizer.kind":
            return self.with_optimizer(value)
        if path == "decay":
            return self.with_schedule(TimeDecay.kind if value else Constant.kind, {"decay": value})
        if path == "patience":
            kind = Plateau.kind if value else Constant.kind
            return self.with_schedule(kind, {"patience": value})
        return self.with_experiment(self.experiment.replace({path: value}))

    def with_experiment(self, experiment: Experiment) -> State:
        return dataclasses.replace(self, experiment=experiment)

    def with_optimizer(self, kind: str) -> State:
        """Another optimizer, or the same one anew, with all the values of the preset."""
        optimizer = preset(self.preset, kind)
        return self.with_experiment(self.experiment.replace({"optimizer": optimizer}))

    def with_schedule(self, kind: str, numbers: Mapping[str, Any]) -> State:
        """A schedule by kind; other numbers of the same kind, and the warm-up, stay as they are."""
        warm = self.experiment.schedule.warmup_epochs
        changes: dict[str, Any] = {"schedule.kind": kind, "schedule.warmup_epochs": warm}
        if kind != Constant.kind:
            changes |= {f"schedule.{name}": value for name, value in numbers.items()}
        return self.with_experiment(self.experiment.replace(changes))

    def to_query(self) -> dict[str, str]:
        """The whole state as the parameters of a link."""
        fields = {name_of(p): written(v) for p, v in flat(self.experiment.canonical()).items()}
        fields |= {"batch_size": ALL} if self.experiment.whole_batch else {}
        live = {} if self.live else {"live": "false"}
        return {**fields, "preset": self.preset, **live, "lang": self.language}


class Reading(NamedTuple):
    """What a link says: the state that applies, and what of the link was refused."""

    state: State
    refusals: list[FieldError]


def from_query(
    query: Mapping[str, str], language: str = "en", extra: tuple[str, ...] = ()
) -> Reading:
    """Read a link's parameters; names in `extra` belong to others. Never raises."""
    refusals: list[FieldError] = []
    page = {"preset": Choice(tuple(PRESETS)), "live": Flag(), "lang": Choice(tuple(LANGUAGES))}
    ours = {name: text for name, text in query.items() if name not in extra}
    given = read_all(ours, fields_of(query) | page, refusals)
    own = {"preset": given.pop("preset", "keras-2.3"), "live": given.pop("live", True)}
    own["language"] = given.pop("lang", language)
    more: list[FieldError] = []
    experiment = assembled(given, own["preset"], more)
    refusals += [
        error.quoting(query[error.path]) if error.path in query else error for error in more
    ]
    return Reading(State(experiment=experiment, **own), refusals)


def assembled(given: Mapping[str, Any], preset_name: str, refusals: list[FieldError]) -> Experiment:
    """The experiment of the fields that apply; each one that does not is added to `refusals`."""
    kind = given.get("optimizer", "sgd")
    nested = Experiment(optimizer=preset(preset_name, kind)).to_dict()
    for part in ("data", "model", "schedule"):
        if part in given:
            nested[part] = PARTS[part][given[part]]().to_dict()
    for name, value in given.items():
        path = path_of(name, nested)
        part, _, field_name = path.rpartition(".")
        if field_name == "kind":
            continue
        if not path:
            refusals.append(FieldError("Link", name, because("left_out"), value))
        elif part:
            nested[part][field_name] = value
        else:
            nested[field_name] = value
    return accepted(nested, refusals)


def accepted(nested: dict[str, Any], refusals: list[FieldError]) -> Experiment:
    """The experiment of these fields; one that it refuses as a whole takes its default."""
    for _ in range(LIMITS_ON_ALL):
        try:
            return Experiment.from_dict(nested)
        except FieldError as error:
            name = error.path if error.path.startswith("changes.") else name_of(error.path)
            refusals.append(error.at("Link", name))
            put_right(nested, error)
    return Experiment.from_dict(nested)


def put_right(nested: dict[str, Any], error: FieldError) -> None:
    """Give a refused field what stands in for it: of changes none, of a network a dense one."""
    part, _, name = error.path.partition(".")
    if part == "changes":
        nested[part] = []
    elif not name:
        nested[part] = nearest(error, Experiment().to_dict()[part])
    else:
        default = PARTS[part][nested[part]["kind"]]().to_dict()
        if name == "kind":
            default = next(iter(PARTS[part].values()))().to_dict()
            kept = {field: value for field, value in nested[part].items() if field in default}
            nested[part] = {**default, **kept}
        nested[part][name] = nearest(error, default[name])


def nearest(error: FieldError, default: Any) -> Any:
    """What stands in for a refused value: of a count the end of the range it missed."""
    if isinstance(error.rule, Integer) and isinstance(error.got, int):
        return min(max(error.got, error.rule.low), error.rule.high)
    return default


@lru_cache
def known_fields() -> dict[str, Rule]:
    """The rule of every name a link may carry for an experiment."""
    fields: dict[str, Rule] = {}
    for part, kinds in PARTS.items():
        fields[part] = Choice(tuple(kinds))
        for cls in kinds.values():
            fields.update({name_of(f"{part}.{n}"): rule for n, rule in rules(cls).items()})
    return {**fields, **rules(Experiment)}


def fields_of(query: Mapping[str, str]) -> dict[str, Rule]:
    """The rule of every name, of the kinds that a link chooses where it chooses any.

    Kinds may bound a field of the same name differently.
    """
    fields = dict(known_fields())
    for part, kinds in PARTS.items():
        if cls := kinds.get(query.get(part, "").strip()):
            fields.update({name_of(f"{part}.{n}"): rule for n, rule in rules(cls).items()})
    return fields


def name_of(path: str) -> str:
    """How a link and the words call a field: "optimizer", "learning_rate", "data_seed".

    >>> name_of("optimizer.kind"), name_of("changes.1.optimizer.momentum")
    ('optimizer', 'changes')
    """
    if path.startswith("changes."):
        return "changes"
    part, _, name = path.rpartition(".")
    return RENAMED.get(path) or (part if name == "kind" else name)


def path_of(name: str, nested: Mapping[str, Any]) -> str:
    """Where an experiment holds the field of that name; empty where it has none."""
    return {name_of(path): path for path in flat(dict(nested))}.get(name, "")


def rule_of(path: str, experiment: Experiment) -> Rule:
    """The rule of a field of this experiment, for the control that sets it."""
    part, _, name = path.rpartition(".")
    owner: type[Description] = type(getattr(experiment, part)) if part else Experiment
    return rules(owner)[name]


def written(value: Any) -> str:
    """A value as a link carries it: 0.01, true, "64,32", "none"; changes as JSON."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple) and value and not isinstance(value[0], int):
        return json.dumps(value, separators=(",", ":"))
    if isinstance(value, list | tuple):
        return ",".join(map(str, value)) or "none"
    return str(value)
