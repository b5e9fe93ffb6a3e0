"""What the first edition wrote opens, and means the same: links, experiments, CSV, a store.

`data/first_edition/README.md` says how each file was made.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import numpy as np
import pytest

from core.analysis.studies import study, table, table_csv
from core.engine import train
from core.experiment import Experiment
from core.experiment.records import COLUMNS, Outcome, Run, to_csv
from core.export import experiments_json
from core.service.store import Store
from core.service.version import FIRST_VERSION, Version
from dashboard.claims.settings import ClaimsSettings
from dashboard.settings.compare import SEEDS, SEEDS_OF_OLD, CompareSettings
from dashboard.settings.experiment import name_of
from dashboard.settings.explore import ExploreSettings
from dashboard.settings.studies import StudiesSettings
from dashboard.settings.study_plan import plan

FOLDER = Path(__file__).parent / "data" / "first_edition"
ENGINE = Version("compiled", FIRST_VERSION)
STABLE = {
    "data": {"samples": 100},
    "model": {"hidden": [8]},
    "optimizer": {"learning_rate": 0.002, "momentum": 0.5},
    "schedule": {"kind": "time_decay", "decay": 0.02},
    "epochs": 20,
    "batch_size": 16,
}


def kept(name):
    return json.loads((FOLDER / name).read_text())


def rows(file):
    header, *lines = csv.reader(io.StringIO((FOLDER / file).read_text()))
    return header, lines


LINKS = kept("links.json")
IDS = [f"{link['page']}-{number}" for number, link in enumerate(LINKS)]
EXPERIMENTS = kept("experiments.json")


def keyed(cells):
    return [[cell.label, cell.experiment.key] for cell in cells]


def explore(query):
    read, refused = ExploreSettings.from_query(query)
    means = {name: getattr(read, name) for name in ("preset", "live", "language")}
    return read, refused, means | {"experiment": read.experiment.to_json()}


PAPER = ("paper_rate", "paper_updates", *(f"paper_decay_{n}" for n in range(1, 5)))


def by_its_old_name(axis):
    path, _, values = axis.partition(":")
    return f"{name_of(path)}:{values}"


def studied(query):
    read, refused = StudiesSettings.from_query(query)
    names = ("study", "preset", "seeds", "view", "band", "sort", "language")
    means = {name: getattr(read, name) for name in names}
    paper = (read.paper_rate, read.paper_updates, *read.paper.decays)
    means["paper"] = dict(zip(PAPER, map(str, paper), strict=True))
    means["axes"] = [by_its_old_name(axis.to_text()) for axis in read.axes]
    means["base"] = read.base.to_json()
    means["cells"] = keyed(plan(read).cells)
    return read, refused, means


def compared(query):
    read, refused = CompareSettings.from_query(query)
    names = ("seeds", "tab", "show", "reference", "all", "sort", "language")
    means = {name: getattr(read, name) for name in names}
    if not read.pins and "seeds" not in query:  # nothing is compared yet: it begins with more now
        assert means["seeds"] == SEEDS
        means["seeds"] = SEEDS_OF_OLD
    means["pins"] = [
        {"name": pin.name, "study": pin.study, "preset": pin.preset, "cells": keyed(pin.cells())}
        for pin in read.pins
    ]
    return read, refused, means


def claimed(query):
    read, refused = ClaimsSettings.from_query(query)
    assert read.show == "all"
    return read, refused, {name: getattr(read, name) for name in ("seeds", "preset", "language")}


PAGES = {"explore": explore, "studies": studied, "compare": compared, "claims": claimed}


def parameters(text):
    """As the address bar gives them: of a parameter given twice the last, but all pins."""
    given = parse_qs(text, keep_blank_values=True)
    return {name: values if name == "pin" else values[-1] for name, values in given.items()}


@pytest.mark.parametrize("link", LINKS, ids=IDS)
def test_a_link_means_what_it_meant_and_refuses_what_it_refused(link):
    _, refused, means = PAGES[link["page"]](parameters(link["query"]))
    assert means == link["means"]
    assert sorted(error.path for error in refused) == link["refused"]


@pytest.mark.parametrize("link", LINKS, ids=IDS)
def test_the_link_that_a_page_wrote_means_the_same_and_is_refused_nowhere(link):
    read, refused, means = PAGES[link["page"]](parameters(link["written"]))
    assert (means, refused) == (link["means"], [])
    again = urlencode(read.to_query(), doseq=True)
    assert PAGES[link["page"]](parameters(again))[1:] == ([], means)


def test_every_experiment_keeps_its_canonical_json_and_its_key():
    read = [Experiment.from_json(one["canonical"]) for one in EXPERIMENTS]
    assert [one.to_json() for one in read] == [one["canonical"] for one in EXPERIMENTS]
    assert [one.key for one in read] == [one["key"] for one in EXPERIMENTS]


def test_the_experiments_of_a_study_are_what_it_wrote():
    written = (FOLDER / "study" / "experiments.json").read_text()
    assert experiments_json(Experiment.from_dict(one) for one in json.loads(written)) == written
    assert experiments_json(study("momentum").experiments(2)) == written


def test_a_run_trained_again_has_the_columns_and_numbers_of_its_csv():
    stable = Experiment.from_dict(STABLE)
    runs = train([stable, stable.replace({"seed": 1})])
    header, lines = rows("run.csv")
    now, *again = csv.reader(io.StringIO(to_csv(runs)))
    assert now[: len(header)] == header
    assert [line[:2] for line in again] == [line[:2] for line in lines]
    np.testing.assert_allclose(
        np.array([line[2 : len(header)] for line in again], float),
        np.array([line[2:] for line in lines], float),
        rtol=1e-5,
    )


def test_the_records_of_a_study_give_the_table_that_it_wrote():
    """By the columns whose meaning nothing may change; what is new stands after them all."""
    momentum = study("momentum")
    header, lines = rows("study/records.csv")
    figures = np.array([line[2:] for line in lines], float).reshape(8, 200, len(COLUMNS))
    assert header[2:] == list(COLUMNS)
    runs = [
        Run(experiment, records, Outcome("finished", 200))
        for experiment, records in zip(momentum.experiments(2), figures, strict=True)
    ]
    assert [line[:2] for line in lines[::200]] == [
        [name, str(run.experiment.seed)] for name, run in zip(momentum.names(2), runs, strict=True)
    ]
    now = list(csv.reader(io.StringIO(table_csv(table(momentum, runs)))))
    before, cells = rows("study/table.csv")
    assert now[0][: len(before)] == before
    assert [line[0] for line in now[1:]] == [line[0] for line in cells]
    for name in ("runs", "final", "best", "finished", "diverged"):
        at = before.index(name)
        figures = [[float(line[at]) for line in lines] for lines in (now[1:], cells)]
        np.testing.assert_allclose(*figures, rtol=1e-12, err_msg=name)


def test_the_runs_of_a_store_are_found(tmp_path):
    file = shutil.copy(FOLDER / "store.db", tmp_path)
    known = kept("store.json")
    with Store(str(file)) as store:
        found = store.find([Experiment.from_json(one["experiment"]) for one in known], ENGINE)
        assert store.trouble == ""
    assert set(found) == {one["key"] for one in known}
    for one in known:
        run = found[one["key"]]
        assert run.outcome.to_dict() == one["outcome"]
        np.testing.assert_array_equal(run.records, one["records"])
