"""What may stand on the command line."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from core.analysis.studies import STUDIES
from core.analysis.studies.study import SEEDS
from core.analysis.studies.tutorial import KERAS_2
from core.engine.columns import EXTRA
from core.experiment.field_types import Choice, Rule, read
from core.experiment.numbers import items
from core.experiment.optimizers import PRESETS
from core.experiment.refusals import FieldError, Typed, because

SEEDS_DEFAULT, CLAIM_SEEDS = 1, 10
ENGINE_DEFAULT = "compiled"
OPTIONS: dict[str, Rule] = {
    "seeds": SEEDS,
    "engine": Choice(("compiled", "keras")),
    "preset": Choice(tuple(PRESETS)),
}
STUDY_NOTE = """\
VALUES are a list or, of a field that holds a number, a range:
  optimizer.learning_rate=0.1,0.01    these values
  model.hidden="50; 64,32; none"      lists of layers, parted by semicolons
  optimizer.learning_rate=1e-4:1:9    LOW:HIGH:N, in equal ratios where both ends are above 0
  optimizer.momentum=0:0.9:4          in equal steps where one is not
data and decay-on-paper train nothing: they take no --seeds, --engine, --epoch-zero or --columns.
--preset goes with NAME alone."""


class UsageError(ValueError):
    """A command line that cannot be read; the sentence says why."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, and leaves it to the caller to end the program."""

    def error(self, message: str) -> NoReturn:
        words = " ".join(message.split())
        raise UsageError(f"Command: {words}; `python -m core --help` lists what may stand there.")


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """The command line, checked; `typed` holds what was given as it was typed.

    Raises `UsageError` and `FieldError`.
    """
    top = parser()
    given = top.parse_args(arguments)
    given.typed = dict(vars(given))
    if given.command == "study" and not (given.name or given.vary):
        top.error("the following arguments are required: NAME or --vary PATH=VALUES")
    for name, rule in OPTIONS.items():
        text = getattr(given, name, None)
        if text is not None:
            setattr(given, name, read("Command", f"--{name}", rule, text))
    if getattr(given, "columns", None) is not None:
        given.columns = read_columns(given.columns)
    return given


def read_columns(text: str) -> tuple[str, ...]:
    """The columns that are asked for, with commas between their names. Raises `FieldError`.

    >>> read_columns("sharpness, gradient_norm")
    ('sharpness', 'gradient_norm')
    """
    names = tuple(dict.fromkeys(items(text)))
    if not names or not set(names) <= set(EXTRA):
        reason = because("names_among", known=tuple(EXTRA))
        raise FieldError("Command", "--columns", reason, Typed(text))
    return names


def parser() -> Parser:
    top = Parser(prog="python -m core", description="Learning Rate Lab.", allow_abbrev=False)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add_run(commands)
    add_study(commands)
    add_claims(commands)
    add_bench(commands)
    add_stored(commands)
    add_backup(commands)
    return top


def add_run(commands: Any) -> None:
    text = "train an experiment and write its records as CSV"
    run = commands.add_parser("run", help=text, description=text, allow_abbrev=False)
    run.add_argument(
        "experiment", nargs="?", help="a JSON file, or - for standard input; else the tutorial's"
    )
    add_set(run)
    add_training(run)
    add_records(run)
    run.add_argument(
        "--out",
        metavar="FILE",
        help="where the records go: as CSV where its name ends in .csv or has no ending, as Parquet"
        " where it ends in .parquet; else as CSV to standard output. A file that ends in .json or"
        " .jsonl holds what --json prints",
    )
    run.add_argument(
        "--model",
        metavar="FILE",
        help="where the trained network goes, as a .keras file; of one seed, and as the compiled"
        " engine trains it, whichever --engine is given",
    )
    run.add_argument(
        "--json",
        action="store_true",
        help="print for each seed an object on a line: the experiment, its outcome, its last"
        " figures and what is to be said of it; records go to --out alone",
    )


def add_study(commands: Any) -> None:
    text = "train one of the tutorial's experiments, or what comes of varying one or two fields"
    study = commands.add_parser(
        "study",
        help=text,
        description=text,
        epilog=STUDY_NOTE,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    study.add_argument("name", nargs="?", metavar="NAME", help=", ".join(STUDIES))
    study.add_argument(
        "--vary",
        action="append",
        default=[],
        metavar="PATH=VALUES",
        help="in place of NAME: the values that a field takes; given twice, every combination",
    )
    study.add_argument(
        "--base",
        metavar="FILE",
        help="a JSON file, or - for standard input: what is varied; else the tutorial's experiment",
    )
    add_set(study)
    add_training(study)
    add_records(study)
    add_preset(study)
    study.add_argument(
        "--out",
        metavar="DIR",
        help="a folder for records.csv and experiments.json and, of what was trained, runs.csv,"
        " table.csv and records.parquet; else the records go to standard output as CSV",
    )


def add_claims(commands: Any) -> None:
    text = "check each of the tutorial's findings over several seeds"
    claims = commands.add_parser("claims", help=text, description=text, allow_abbrev=False)
    add_seeds(claims, CLAIM_SEEDS)
    add_preset(claims)
    claims.add_argument("--json", action="store_true", help="as JSON")


def add_training(command: argparse.ArgumentParser) -> None:
    add_seeds(command, SEEDS_DEFAULT)
    command.add_argument(
        "--engine", metavar="ENGINE", help=f"compiled or keras (default {ENGINE_DEFAULT})"
    )


def add_bench(commands: Any) -> None:
    text = "measure the engines against each other, in one run, as JSON"
    bench = commands.add_parser("bench", help=text, description=text, allow_abbrev=False)
    bench.add_argument(
        "--against",
        metavar="PATH",
        help="instead: this checkout's compiled engine against that of another checkout, in turns",
    )
    bench.add_argument(
        "--quick", action="store_true", help="show that all works; what is measured means little"
    )


def add_stored(commands: Any) -> None:
    text = "list the finished runs that are kept, under the engine's fingerprint that trained them"
    stored = commands.add_parser("stored", help=text, description=text, allow_abbrev=False)
    stored.add_argument(
        "--out",
        metavar="DIR",
        help="instead: a folder for each engine and fingerprint, with records.csv and runs.csv",
    )


def add_backup(commands: Any) -> None:
    text = "copy all finished runs that are kept to a file, also while a server runs"
    backup = commands.add_parser("backup", help=text, description=text, allow_abbrev=False)
    backup.add_argument("file", metavar="FILE", help="a file that is not there yet")
    backup.add_argument("--replace", action="store_true", help="also over one that is")


def add_set(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="PATH=VALUE",
        help="change a field, such as optimizer.learning_rate=0.1; may be repeated",
    )


def add_records(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--epoch-zero",
        action="store_true",
        help="begin each run with row 0, which is measured before the first update",
    )
    command.add_argument(
        "--columns",
        metavar="NAMES",
        help="columns to be added to the records, each measured every epoch, which takes its time: "
        + ", ".join(EXTRA),
    )


def add_seeds(command: argparse.ArgumentParser, default: int) -> None:
    text = f"how many seeds, {SEEDS.low} to {SEEDS.high} (default {default})"
    command.add_argument("--seeds", metavar="N", help=text)


def add_preset(command: argparse.ArgumentParser) -> None:
    text = f"as which Keras version has it: {', '.join(PRESETS)} (default {KERAS_2})"
    command.add_argument("--preset", metavar="VERSION", help=text)
