"""What a page's link asks numbers of, what is known of it, and that as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.experiment import Experiment
from core.experiment.records import Outcome, Run, no_records
from core.export.parquet import COUNTS
from core.export.run_json import final, plain
from core.service.known import Known
from core.service.messages import EngineName

Json = dict[str, Any]
MISSING = "Nobody has trained it."


@dataclass(frozen=True)
class Found:
    """The runs of some experiments as far as they have come; of what nobody trained, empty ones."""

    runs: Sequence[Run]
    states: Sequence[str]  # of each "ended", "training" or "missing"

    @classmethod
    def of(cls, experiments: Sequence[Experiment], known: Mapping[str, Known]) -> Found:
        found = [known.get(experiment.key) for experiment in experiments]
        each = zip(experiments, found, strict=True)
        return cls(
            [one.run if one else empty_run(experiment) for experiment, one in each],
            [state_of(one) for one in found],
        )

    @property
    def is_whole(self) -> bool:
        return set(self.states) <= {"ended"}

    @property
    def counts(self) -> Json:
        """How many runs there are, and how many of them are in each state."""
        states = ("ended", "training", "missing")
        return {"runs": len(self.runs), **{state: self.states.count(state) for state in states}}

    def ended(self, numbers: Sequence[int]) -> list[Run]:
        """Those of some runs that have ended."""
        return [self.runs[number] for number in numbers if self.states[number] == "ended"]


def empty_run(experiment: Experiment) -> Run:
    return Run(experiment, no_records(), Outcome("interrupted", 0, MISSING))


def state_of(known: Known | None) -> str:
    if known is None:
        return "missing"
    return "training" if known.under_way else "ended"


Table = Callable[[Found], str]


def nothing(found: Found) -> Json:
    return {}


@dataclass(frozen=True)
class Wanted:
    """What the numbers of a page are made of.

    `names` are those of the experiments in the records; a run that several lines share has the name
    of the first. `results` makes what a page has beside its runs, `tables` the files as CSV by
    name, the first of them the usual one. `whole` is false of data that are not there yet.
    """

    about: Json
    experiments: Sequence[Experiment]
    names: Sequence[str]
    tables: Mapping[str, Table]
    results: Callable[[Found], Json] = nothing
    run: Callable[[Run], Json] | None = None  # what is said of one that has ended
    records: bool = True
    whole: bool = True
    engine: EngineName = "compiled"  # by which the runs are wanted

    def json(self, found: Found) -> Iterator[str]:
        """Piece by piece, a run at a time: others have their turn between them."""
        head = {**self.about, "counts": found.counts, **self.results(found)}
        yield json_text(plain(head))[:-1] + ',"runs":['
        for number, one in enumerate(found.runs):
            fields = {"run": self.names[number], "seed": one.experiment.seed}
            fields |= {"state": found.states[number], **self.fields(one, found.states[number])}
            yield ("," if number else "") + json_text(fields)
        yield "]}\n"

    def fields(self, run: Run, state: str) -> Json:
        """A run as the command line tells it, and its records."""
        if state == "ended" and self.run:
            said = plain(self.run(run))
        else:
            said = plain(brief(run, state == "ended"))
        return {**said, "records": columns(run)} if self.records else said


def brief(run: Run, ended: bool) -> Json:
    """A run without what is to be said of it."""
    return {
        "experiment": json.loads(run.experiment.to_json()),
        "outcome": run.outcome.to_dict() if ended else None,
        "final": final(run) if ended else None,
    }


def columns(run: Run) -> Json:
    """The records by column, (epochs,) each; what is no finite number is null."""
    finite = bool(np.isfinite(run.records).all())
    values = run.records.T.tolist() if finite else plain(run.records.T)
    named = dict(zip(run.columns, values, strict=True))
    return named | {name: list(map(int, named[name])) for name in COUNTS}


def json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
