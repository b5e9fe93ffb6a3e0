"""`python -m core stored`: what is kept of former trainings, under what trained it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from core.cli import output
from core.cli.commands import DONE, FAILED, RECORDS, RUNS, Train, names
from core.experiment.records import COLUMNS, Run, no_records, write_csv
from core.experiment.refusals import FieldError, because
from core.export import runs_csv, table
from core.service.store import LIST_SECONDS, STORE_VARIABLE, Store, StoredRun, open_store

HEADER = ("engine", "version", "experiment", "outcome", "stored", "description")


def do_stored(given: Namespace, train: Train) -> int:
    """List the runs of this user's store, or write them to a folder. Raises `FieldError`."""
    store = open_store(deadline=LIST_SECONDS)
    if store is None:
        raise no_store()
    with store:
        return show(store, given.out)


def no_store() -> FieldError:
    return FieldError("Command", STORE_VARIABLE, because("some_store"), "none")


def show(store: Store, out: str | None) -> int:
    """The list to standard output; with a folder, the records of each version in one of its own."""
    kept = store.list_runs()
    if trouble := store.trouble:
        output.say(trouble)
        if not kept:
            return FAILED
    if out is None:
        output.write(listing(kept), None)
        return DONE
    output.make_folder(out, ())
    by_version = sorted(kept, key=lambda one: (one.engine, one.version))  # the oldest first in each
    for (engine, version), runs in groupby(by_version, lambda one: (one.engine, one.version)):
        folder = output.make_folder(f"{out}/{engine}-{version}", (RECORDS, RUNS))
        assert folder is not None
        write_version(store, list(runs), folder)
    output.say(f"{len(kept)} stored runs are in {out}.")
    return DONE


def listing(kept: Sequence[StoredRun]) -> str:
    """A line a run: what trained it, its experiment's key, how it ended, when, its description."""
    times = (datetime.fromtimestamp(one.stored, UTC).isoformat("T", "seconds") for one in kept)
    rows = (
        (one.engine, one.version, one.key, one.outcome, time, one.description)
        for one, time in zip(kept, times, strict=True)
    )
    return table(HEADER, rows)


def write_version(store: Store, kept: Sequence[StoredRun], folder: Path) -> None:
    """Records and outcomes of one version, a run at a time, as they may be larger than memory."""
    kept = [one for one in kept if one.experiment]
    labels = names([one.experiment for one in kept if one.experiment])
    more = dict.fromkeys(name for one in kept for name in one.columns if name not in COLUMNS)
    ended: list[tuple[str, Run]] = []

    def read() -> Iterator[tuple[str, Run]]:
        for label, one in zip(labels, kept, strict=True):
            if run := store.read(one):  # else it went meanwhile, to make room for others
                ended.append((label, replace(run, records=no_records(run.columns))))
                yield label, run

    with (folder / RECORDS).open("w", encoding="utf-8", newline="") as file:
        write_csv(file, read(), tuple(more))
    output.write(runs_csv([run for _, run in ended], [name for name, _ in ended]), folder / RUNS)
