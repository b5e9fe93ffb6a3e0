"""What the numbers of each page are made of: the same settings, plans and tables as the page's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from core.analysis.claims import ClaimVerdict
from core.analysis.statistics import Estimate
from core.analysis.studies import Row, Study, check_size, row, table_csv, table_fields
from core.experiment.records import Run, name, to_csv, varying
from core.export import points, points_table, rates_table, verdicts_csv
from core.export.run_json import run_fields
from core.export.verdicts import verdict_fields
from core.service import Laboratory
from dashboard.claims.job import verdicts_of, whole
from dashboard.claims.settings import ClaimsSettings
from dashboard.lines import pin_table
from dashboard.lines.differences import Compared
from dashboard.lines.look import Look
from dashboard.lines.paper import OnPaper, on_paper
from dashboard.lines.plan import plan
from dashboard.lines.records import lines_csv
from dashboard.lines.study_lines import study_lines
from dashboard.lines.summary import benchmarks, verdict_of
from dashboard.numbers.wanted import Found, Json, Wanted
from dashboard.settings import study_plan
from dashboard.settings.axis import on_base
from dashboard.settings.compare import CompareSettings
from dashboard.settings.explore import ExploreSettings
from dashboard.settings.page import Settings
from dashboard.settings.studies import OWN, StudiesSettings
from dashboard.text import Words


class Page(NamedTuple):
    """A page with numbers: its settings, and its plan."""

    settings: type[Settings]
    want: Callable[[Any, Laboratory], Wanted]  # raises `FieldError`


def explore(state: ExploreSettings, laboratory: Laboratory) -> Wanted:
    """One run, with all that the command line says of it."""
    run = partial(judged_run, laboratory)
    records = {"records": lambda found: to_csv(found.runs)}
    about = {"page": "explore", "engine": state.engine}
    return Wanted(about, [state.experiment], ["run"], records, run=run, engine=state.engine)


def judged_run(laboratory: Laboratory, run: Run) -> Json:
    """A run that has ended and its verdict; where no worker is ready to measure the data, none."""
    known = benchmarks(laboratory, run.experiment.data)
    return run_fields(run, known, verdict_of(run, known))


def studies(asked: StudiesSettings, laboratory: Laboratory) -> Wanted:
    """A study: its runs, its table, and how far each value ends from the one it is compared to."""
    if asked.study == OWN:
        base, axes = on_base(asked.axes, asked.base)
        times = asked.seeds * len(asked.versions)
        check_size(base, {axis.path: axis.values for axis in axes}, times)
    study = study_plan.plan(asked)
    about = {"page": "studies", "study": study.name, "preset": asked.preset}
    if study.shows == "rates":
        return paper(about, on_paper(asked.paper))
    if study.shows == "data":
        return data(about, study, laboratory)
    experiments, names = study_plan.experiments(study, asked.seeds), study.names(asked.seeds)
    tables = {
        "records": lambda found: to_csv(found.runs, names),
        "table": lambda found: table_csv(study_rows(study, found)),
    }
    results = partial(study_results, asked, study)
    return Wanted(about, experiments, names, tables, results)


def study_rows(study: Study, found: Found) -> list[Row]:
    """The rows of the table, each over those of its runs that have ended."""
    seeds = len(found.runs) // len(study.cells)
    numbers = (range(n * seeds, (n + 1) * seeds) for n in range(len(study.cells)))
    groups = zip(study.cells, numbers, strict=True)
    return [row(cell, found.ended(of)) for cell, of in groups]


def study_results(asked: StudiesSettings, study: Study, found: Found) -> Json:
    lines = study_lines(study, asked.seeds)
    reference = asked.reference_among(len(lines.of_pin(0)))
    labels = [line.cell.label for line in lines.lines]
    of = Compared(lines, labels, labels, found.runs, asked.show, reference)
    return {"table": table_fields(study_rows(study, found)), "differences": differences(of)}


def paper(about: Json, lines: Sequence[OnPaper]) -> Wanted:
    """Decay on paper: the rate of every update, which nobody has to train."""
    named = [(f"decay={line.decay}", line.rates) for line in lines]
    listed = [{"run": name, "learning_rate": rates.tolist()} for name, rates in named]
    tables = {"records": lambda _: rates_table(named)}
    return Wanted(about, [], [], tables, lambda _: {"rates": listed})


def data(about: Json, study: Study, laboratory: Laboratory) -> Wanted:
    """The points of a data set, where a page has had them made."""
    split = laboratory.known_rows(study.cells[0].experiment.data)
    if split is None:
        return Wanted(about, [], [], {"records": lambda _: ""}, whole=False)
    tables = {"records": lambda _: points_table(split)}
    return Wanted(about, [], [], tables, lambda _: {"points": points(split)})


def compare(now: CompareSettings, laboratory: Laboratory) -> Wanted:
    """Pins side by side: the runs of all lines, their table, and how far they end apart."""
    look = Look(now, plan(now.pins, now.seeds), Words(now.language))
    if refusal := look.plan.refusal() if now.pins else None:
        raise refusal
    names: dict[int, str] = {}
    for line, called in zip(look.plan.lines, look.lines, strict=True):
        for number in line.numbers:
            names.setdefault(number, called)
    experiments = look.plan.experiments
    tables = {
        "records": lambda found: lines_csv(look.plan, look.lines, found.runs),
        "table": lambda found: pin_table.to_csv(line_results(look, found)),
    }
    ordered = [names[number] for number in range(len(experiments))]
    results = partial(compare_results, look)
    return Wanted({"page": "compare"}, experiments, ordered, tables, results)


def line_results(look: Look, found: Found) -> list[pin_table.Result]:
    """What the lines have come to, each over those of its runs that have ended."""
    named = zip(look.lines, look.plan.lines, strict=True)
    return [pin_table.result(name, line.cell, found.ended(line.numbers)) for name, line in named]


def compare_results(look: Look, found: Found) -> Json:
    named = zip(look.lines, look.plan.lines, strict=True)
    lines = [{"run": name, "numbers": line.numbers} for name, line in named]
    rows = pin_table.to_fields(line_results(look, found))
    apart = differences(look.compared(found.runs)) if len(look.now.pins) > 1 else []
    return {"lines": lines, "table": rows, "differences": apart}


def differences(of: Compared) -> list[Json]:
    """How far lines end from what they are compared to, paired seed by seed."""
    found = [(line, of.counterpart(line)) for line in of.others]
    return [
        {
            "run": of.name(line),
            "against": of.name(other),
            "figure": f"val_{of.show}",
            **estimate_fields(of.apart(line, other)),
        }
        for line, other in found
        if other is not None
    ]


def estimate_fields(of: Estimate) -> Json:
    return {
        "mean": of.mean,
        "low": of.low,
        "high": of.high,
        "deviation": of.deviation,
        "count": of.count,
    }


def claims(asked: ClaimsSettings, laboratory: Laboratory) -> Wanted:
    """The verdicts of each version, as far as the seeds that have ended bear them."""
    experiments = whole(asked.seeds, asked.preset).experiments
    paths = varying(experiments)
    names = [name(experiment, paths) for experiment in experiments]
    tables = {"verdicts": lambda found: verdicts_csv(verdicts(asked, found))}
    results = partial(claim_results, asked)
    return Wanted({"page": "claims"}, experiments, names, tables, results, records=False)


def claim_results(asked: ClaimsSettings, found: Found) -> Json:
    given = verdicts(asked, found)
    return {"verdicts": {version: list(map(verdict_fields, of)) for version, of in given.items()}}


def verdicts(asked: ClaimsSettings, found: Found) -> dict[str, list[ClaimVerdict]]:
    runs = found.ended(range(len(found.runs)))
    return {
        version: list(verdicts_of(runs, asked.seeds, version).values())
        for version in asked.versions
    }


PAGES: Mapping[str, Page] = {
    "explore": Page(ExploreSettings, explore),
    "studies": Page(StudiesSettings, studies),
    "compare": Page(CompareSettings, compare),
    "claims": Page(ClaimsSettings, claims),
}
