"""An experiment in a link: every field by its path (`optimizer.learning_rate=0.01`).

Links of the first edition called a field by its last word (`learning_rate=0.01`), the data's seed
`data_seed` and a kind by its part (`optimizer=adam`); these are read as well. What a link gets
wrong is refused field by field, and the rest applies.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, ClassVar

from core.experiment import PARTS, Experiment
from core.experiment.experiment import ALL
from core.experiment.field_types import Choice, Integer, Rule, read
from core.experiment.fields import Description, rules
from core.experiment.optimizers import preset
from core.experiment.records import flat
from core.experiment.refusals import FieldError
from core.experiment.schedules import Plateau, TimeDecay
from core.experiment.settings import paths
from dashboard.settings.page import Given, Query, cut, refusal

LIMITS_ON_ALL = 6  # of an experiment as a whole: kind and size of its network, changes, work
RENAMED = {"data.seed": "data_seed"}  # two fields are called `seed`
OF_KERAS_2 = "keras-2.3"
TUTORIAL = Experiment()
# The number that a schedule goes by; where no kind is said, it chooses its schedule.
CHOOSES = {"schedule.decay": TimeDecay.kind, "schedule.patience": Plateau.kind}
TELLS = {kind: path for path, kind in CHOOSES.items()}  # better than the kind's name does


@dataclass(frozen=True)
class InLink:
    """An experiment as a link carries it.

    `version` tells from the fields before whose values its optimizer has where none are given. A
    `brief` one leaves out what is as in the tutorial, or as its kinds usually are.
    """

    version: Callable[[Given], str] = lambda given: OF_KERAS_2
    brief: bool = False
    repeats: ClassVar[bool] = False

    def knows(self, name: str) -> bool:
        return name in known_paths() or name in old_names()

    def today(self, name: str) -> str:
        return path_of(name)

    def read(
        self, query: Query, usual: Experiment, given: Given, refusals: list[FieldError]
    ) -> Experiment:
        return experiment_of(query, self.version(given), refusals)

    def write(self, value: Experiment, settings: Any) -> dict[str, str]:
        return differing(value) if self.brief else parameters(value)


def parameters(experiment: Experiment) -> dict[str, str]:
    """Every field that stands in the experiment's canonical form."""
    fields = {path: link_text(value) for path, value in flat(experiment.canonical()).items()}
    return fields | ({"batch_size": ALL} if experiment.whole_batch else {})


def differing(
    experiment: Experiment, from_one: Experiment = TUTORIAL, version: str = OF_KERAS_2
) -> dict[str, str]:
    """The kinds that another experiment does not have, and what is not as these usually are."""
    kinds = {
        f"{part}.kind": str(experiment.get(f"{part}.kind"))
        for part in PARTS
        if experiment.get(f"{part}.kind") != from_one.get(f"{part}.kind")
    }
    usual = flat(experiment_of(kinds, version, []).to_dict())
    fields = flat(experiment.to_dict()).items()
    found = kinds | {path: link_text(value) for path, value in fields if value != usual[path]}
    return found | ({"batch_size": ALL} if experiment.whole_batch else {})


def experiment_of(query: Query, version: str, refusals: list[FieldError]) -> Experiment:
    """The experiment of the parameters that apply; each one that does not is refused."""
    texts = {path_of(name): (name, text) for name, text in query.items()}
    nested = base_of(texts, version, refusals)
    known, here = rules_of(nested), flat(nested)
    for path, (name, text) in texts.items():
        if path.endswith(".kind"):
            continue
        if path not in known:
            refusals.append(refusal("left_out", name, text))
            continue
        try:
            here[path] = read("Link", name, known[path], cut(text))
        except FieldError as error:
            refusals.append(error)
    return accept_whole(nest(here, nested), refusals, texts)


def base_of(
    texts: Mapping[str, tuple[str, Any]], version: str, refusals: list[FieldError]
) -> dict[str, Any]:
    """The fields of an experiment of these kinds, each as usual."""
    kinds = chosen(texts)
    for part, classes in PARTS.items():
        if f"{part}.kind" in texts:
            name, text = texts[f"{part}.kind"]
            try:
                kinds[part] = read("Link", name, Choice(tuple(classes)), cut(text))
            except FieldError as error:
                refusals.append(error)
    nested = Experiment(optimizer=preset(version, kinds.get("optimizer", "sgd"))).to_dict()
    for part, kind in kinds.items():
        if part != "optimizer":
            nested[part] = PARTS[part][kind]().to_dict()
    return nested


def chosen(texts: Mapping[str, tuple[str, Any]]) -> dict[str, str]:
    """The schedule of a link that names none but its number; of two numbers the first chooses.

    >>> chosen({"schedule.patience": ("patience", "5"), "schedule.decay": ("decay", "0.1")})
    {'schedule': 'plateau'}
    >>> chosen({"schedule.patience": ("patience", "0")})  # off
    {}
    """
    kinds = [CHOOSES[path] for path in texts if path in CHOOSES and not is_off(texts[path][1])]
    return {"schedule": kinds[0]} if kinds else {}


def is_off(text: Any) -> bool:
    return not str(text).strip(" 0.")


def rules_of(nested: Mapping[str, Any]) -> dict[str, Rule]:
    """The rule of every field of an experiment of these kinds, by its path."""
    found = dict(rules(Experiment))
    for part, kinds in PARTS.items():
        of_kind = rules(kinds[nested[part]["kind"]])
        found |= {f"{part}.{name}": rule for name, rule in of_kind.items()}
    return found


def nest(values: Mapping[str, Any], like: Mapping[str, Any]) -> dict[str, Any]:
    """Values by path, in parts again."""
    return {
        name: {field: values[f"{name}.{field}"] for field in one}
        if isinstance(one, dict)
        else values.get(name, one)
        for name, one in like.items()
    }


def accept_whole(
    nested: dict[str, Any], refusals: list[FieldError], texts: Mapping[str, tuple[str, Any]]
) -> Experiment:
    """The experiment of these fields; one that it refuses as a whole takes its default."""
    for _ in range(LIMITS_ON_ALL):
        try:
            return Experiment.from_dict(nested)
        except FieldError as error:
            name, text = texts.get(error.path, (error.path, None))
            told = error.at("Link", name)
            refusals.append(told if text is None else told.quoting(cut(text)))
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


@cache
def known_paths() -> frozenset[str]:
    """The path of every field that an experiment of any kind has."""
    found = set(rules(Experiment))
    for part, kinds in PARTS.items():
        found |= {f"{part}.kind", *(f"{part}.{n}" for cls in kinds.values() for n in rules(cls))}
    return frozenset(found)


@cache
def old_names() -> dict[str, str]:
    """The path of every field by the name that it had in links of the first edition."""
    return {name_of(path): path for path in known_paths()}


def path_of(name: str) -> str:
    """The path of the field that a link calls so; any other name as it is.

    >>> path_of("learning_rate"), path_of("data.seed"), path_of("data_seed"), path_of("optimizer")
    ('optimizer.learning_rate', 'data.seed', 'data.seed', 'optimizer.kind')
    """
    return name if name in known_paths() else old_names().get(name, name)


def name_of(path: str) -> str:
    """How the words of the pages, and old links, call a field: "optimizer", "learning_rate".

    >>> name_of("optimizer.kind"), name_of("changes.1.optimizer.momentum"), name_of("data.seed")
    ('optimizer', 'changes', 'data_seed')
    """
    if path.startswith("changes."):
        return "changes"
    part, _, name = path.rpartition(".")
    return RENAMED.get(path) or (part if name == "kind" else name)


@lru_cache(maxsize=256)
def rule_of(path: str, experiment: Experiment) -> Rule:
    """The rule of a field of this experiment, for the control that sets it."""
    part, _, name = path.rpartition(".")
    if name == "kind":
        return paths(experiment)[path]
    owner: type[Description] = type(getattr(experiment, part)) if part else Experiment
    return rules(owner)[name]


def link_text(value: Any) -> str:
    """A value as a link carries it: 0.01, true, "64,32", "none"; changes as JSON."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple) and value and not isinstance(value[0], int):
        return json.dumps(value, separators=(",", ":"))
    if isinstance(value, list | tuple):
        return ",".join(map(str, value)) or "none"
    return str(value)
