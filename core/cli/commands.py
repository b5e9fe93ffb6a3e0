"""What each command does; every one returns its exit status."""

from __future__ import annotations

import json
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from core.analysis import claims
from core.analysis.attainable import benchmarks
from core.analysis.studies import Study, table, table_csv
from core.analysis.studies.study import Cell
from core.analysis.studies.tutorial import KERAS_2
from core.cli import bench, output
from core.cli.arguments import CLAIM_SEEDS, ENGINE_DEFAULT, SEEDS_DEFAULT
from core.cli.claims import as_text
from core.cli.contest import contest
from core.cli.interruption import INTERRUPTED
from core.cli.source import check_settings, experiment, own_study, quoting, tutorial_study
from core.cli.training import Trained, load_quietly
from core.experiment import Experiment
from core.experiment.records import Run, name, varying
from core.experiment.refusals import FieldError, Reason, Typed, because
from core.export import (
    experiments_json,
    points_csv,
    rates_csv,
    run_json,
    runs_csv,
    verdicts_json,
)
from core.export.keras_file import SUFFIX, write_keras

DONE, FAILED = 0, 1
EXPERIMENTS, RECORDS, PARQUET = "experiments.json", "records.csv", "records.parquet"
RUNS, TABLE = "runs.csv", "table.csv"
FILES = (EXPERIMENTS, RECORDS, PARQUET, RUNS, TABLE)  # of a study that was trained
# Options that a study without training has no use for.
TRAINING = ("seeds", "engine", "epoch_zero", "columns")

Train = Callable[[Sequence[Experiment], str, Sequence[str]], Trained]


def run(given: Namespace, train: Train) -> int:
    first = experiment(given.experiment, given.set)
    count = given.seeds or SEEDS_DEFAULT
    seeds = seeded(first, count, given.set)
    engine, columns = given.engine or ENGINE_DEFAULT, given.columns or ()
    file, model = run_file(given), model_file(given, count)
    labels = names(seeds)
    trained = timed(train, seeds, labels, engine, columns)
    write_run(given, file, trained.runs, labels)
    ended = status(trained, f"{count_epochs(trained.runs)} are written")
    return max(ended, write_model(trained.runs[0], model)) if model else ended


def seeded(first: Experiment, count: int, settings: Sequence[str]) -> list[Experiment]:
    """The experiment for so many seeds, counted on from its own. Raises `FieldError`."""
    try:
        return Cell((), first).seeded(count)
    except FieldError as error:
        raise quoting(error.at("Experiment", error.path), settings) from None


def seeded_study(chosen: Study, count: int, settings: Sequence[str]) -> list[Experiment]:
    """The same of each cell of a study. Raises `FieldError`."""
    try:
        return chosen.experiments(count)
    except FieldError as error:
        raise quoting(error, settings) from None


def run_file(given: Namespace) -> Path | None:
    """The file for the run's records, or for what is to be said of it. Raises `FieldError`."""
    file = output.check_records_file(given.out)
    if output.is_json(file) or (given.json and not file):
        refuse_given(given, ("epoch_zero",), because("no_records_written"))
    return file


def model_file(given: Namespace, count: int) -> Path | None:
    """The file for the trained network. Raises `FieldError`."""
    file = output.check_file(given.model, "--model")
    if file and file.suffix.lower() != SUFFIX:
        raise FieldError("Command", "--model", because("ending", ending=SUFFIX), given.model)
    if file and count > 1:
        raise FieldError("Command", "--model", because("several_seeds"), given.model)
    return file


def write_model(run: Run, file: Path) -> int:
    """Write the network as the compiled engine trains it, which takes a moment more; the status.

    There is none of a run that did not finish, nor where plain Keras finished and this does not.
    """
    if run.outcome.kind != "finished":
        output.say(f"No network is written, since the run has not finished: {file} is as it was.")
        return DONE
    load_quietly("core.engine.sights")
    if write_keras(run.experiment, file):
        output.say(f"The trained network is in {file}.")
        return DONE
    output.say(f"No network is written, since the compiled engine diverges: {file} is as it was.")
    return FAILED


def write_run(given: Namespace, file: Path | None, runs: Sequence[Run], labels: list[str]) -> None:
    """Records to the file, what is to be said of them to standard output; or as its name says."""
    if not output.is_json(file) and (file or not given.json):
        output.write_records(file, runs, labels, given.epoch_zero)
    if given.json or output.is_json(file):
        known = benchmarks(runs[0].experiment.data)  # of all seeds alike
        lines = "".join(f"{run_json(run, known)}\n" for run in runs)
        output.write(lines, file if output.is_json(file) else None)


def do_study(given: Namespace, train: Train) -> int:
    chosen = chosen_study(given)
    if chosen.shows != "training":
        return write_untrained(chosen, given)
    engine, columns = given.engine or ENGINE_DEFAULT, given.columns or ()
    folder = output.make_folder(given.out, FILES)
    seeds = given.seeds or SEEDS_DEFAULT
    experiments, labels = seeded_study(chosen, seeds, given.set), chosen.names(seeds)
    trained = timed(train, experiments, labels, engine, columns)
    if folder:
        write_study(folder, chosen, trained.runs, given.epoch_zero)
    else:
        output.write_records(None, trained.runs, labels, given.epoch_zero)
    return status(trained, f"{count_epochs(trained.runs)} are written")


def chosen_study(given: Namespace) -> Study:
    """The study that is asked for, by its name or by what it varies. Raises `FieldError`."""
    seeds = given.seeds or SEEDS_DEFAULT
    base = experiment(given.base, given.set, "--base")
    if given.vary:
        refuse_given(given, ("name", "preset"), because("left_out_beside", option="--vary"))
        chosen = own_study(base, given.vary, seeds)
    else:
        chosen = tutorial_study(given.name, given.preset, base, seeds)
    check_settings(given.set, base, chosen)
    return chosen


def refuse_given(given: Namespace, options: Sequence[str], reason: Reason) -> None:
    """Raise `FieldError` for the first of some options that is given where it means nothing."""
    for option in options:
        if getattr(given, option):
            name = "NAME" if option == "name" else f"--{option.replace('_', '-')}"
            text = given.typed[option]
            raise FieldError("Command", name, reason, Typed(name if text is True else text))


def write_untrained(chosen: Study, given: Namespace) -> int:
    """A study of data or of rates alone. Raises `FieldError` for options of training."""
    refuse_given(given, TRAINING, because("trains_nothing", study=chosen.name))
    folder = output.make_folder(given.out, (EXPERIMENTS, RECORDS))
    text = rates_csv(chosen) if chosen.shows == "rates" else points_csv(chosen)
    if folder:
        output.write(experiments_json(chosen.experiments(1)), folder / EXPERIMENTS)
    output.write(text, folder / RECORDS if folder else None)
    return DONE


def do_claims(given: Namespace, train: Train) -> int:
    version = given.preset or KERAS_2
    wanted = claims.experiments(claims.CLAIMS, given.seeds or CLAIM_SEEDS, version)
    trained = timed(train, wanted, names(wanted), "compiled")
    evidence = claims.ClaimRuns(trained.runs, version)
    judged = [claims.judge(claim, evidence) for claim in claims.CLAIMS]
    verdicts = [verdict for verdict in judged if verdict]
    text = verdicts_json(verdicts) if given.json else as_text(verdicts, version)
    output.write(text, None)
    return status(trained, f"the verdicts are by {count_ended(trained.runs)}")


def do_bench(given: Namespace, train: Train) -> int:
    """The engines against each other, or against that of another checkout."""
    size = bench.QUICK if given.quick else bench.Amount()
    report = contest(given.against, given.quick) if given.against else bench.measure(size)
    output.write(json.dumps(report, indent=2, ensure_ascii=False) + "\n", None)
    return DONE


def write_study(folder: Path, chosen: Study, runs: Sequence[Run], epoch_zero: bool) -> None:
    """All `FILES`; docs/files.md says what stands in each."""
    labels = chosen.names(len(runs) // len(chosen.cells))
    output.write(experiments_json(run.experiment for run in runs), folder / EXPERIMENTS)
    for file in (RECORDS, PARQUET):
        output.write_records(folder / file, runs, labels, epoch_zero)
    output.write(runs_csv(runs, labels), folder / RUNS)
    output.write(table_csv(table(chosen, runs)), folder / TABLE)


def names(experiments: Sequence[Experiment]) -> list[str]:
    paths = varying(experiments)
    return [name(experiment, paths) for experiment in experiments]


def timed(
    train: Train,
    experiments: Sequence[Experiment],
    labels: Sequence[str],
    engine: str,
    columns: Sequence[str] = (),
) -> Trained:
    """Train, and say on standard error how it went."""
    started = time.monotonic()
    trained = train(experiments, engine, columns)
    output.tell(trained.runs, labels, time.monotonic() - started)
    return trained


def status(trained: Trained, kept: str) -> int:
    """The exit status; where somebody pressed Ctrl-C, it is said what came of it nevertheless."""
    if trained.interrupted:
        output.say(f"Interrupted: {kept}.")
        return INTERRUPTED
    return FAILED if any(run.outcome.kind == "failed" for run in trained.runs) else DONE


def count_epochs(runs: Sequence[Run]) -> str:
    return f"the {sum(len(run.records) for run in runs)} epochs that were finished"


def count_ended(runs: Sequence[Run]) -> str:
    ended = sum(run.outcome.is_final for run in runs)
    return f"the {ended} of {len(runs)} runs that had come to their end"
