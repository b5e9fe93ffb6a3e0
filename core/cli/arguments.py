"""What may stand on the command line."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from core.analysis.studies import STUDIES
from core.analysis.studies.study import SEEDS
from core.analysis.studies.tutorial import KERAS_2
from core.experiment.fields import Choice, Rule, read
from core.experiment.optimizers import PRESETS

SEEDS_DEFAULT, CLAIM_SEEDS = 1, 10
ENGINE_DEFAULT = "compiled"
OPTIONS: dict[str, Rule] = {
    "seeds": SEEDS,
    "engine": Choice(("compiled", "keras")),
    "preset": Choice(tuple(PRESETS)),
}


class UsageError(ValueError):
    """A command line that cannot be read; the sentence says why."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, and leaves it to the caller to end the program."""

    def error(self, message: str) -> NoReturn:
        words = " ".join(message.split())
        raise UsageError(f"Command: {words}; `python -m core --help` lists what may stand there.")


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """The command line, checked. Raises `UsageError` and `FieldError`."""
    given = parser().parse_args(arguments)
    for name, rule in OPTIONS.items():
        text = getattr(given, name, None)
        if text is not None:
            setattr(given, name, read("Command", f"--{name}", rule, text))
    return given


def parser() -> Parser:
    top = Parser(prog="python -m core", description="Learning Rate Lab.", allow_abbrev=False)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add_run(commands)
    add_study(commands)
    add_claims(commands)
    bench = "measure the engines against each other, in one run, as JSON"
    commands.add_parser("bench", help=bench, description=bench, add_help=False)
    return top


def add_run(commands: Any) -> None:
    text = "train an experiment and write its records as CSV"
    run = commands.add_parser("run", help=text, description=text, allow_abbrev=False)
    run.add_argument(
        "experiment", nargs="?", help="a JSON file, or - for standard input; else the tutorial's"
    )
    run.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="PATH=VALUE",
        help="change a field, such as optimizer.learning_rate=0.1; may be repeated",
    )
    add_training(run)
    run.add_argument("--out", metavar="FILE", help="where the CSV goes; else standard output")


def add_study(commands: Any) -> None:
    text = "train one of the tutorial's experiments: " + ", ".join(STUDIES)
    note = "data and decay-on-paper train nothing: they take no --seeds and no --engine"
    study = commands.add_parser(
        "study", help=text, description=text, epilog=note, allow_abbrev=False
    )
    study.add_argument("name", metavar="NAME")
    add_training(study)
    add_preset(study)
    study.add_argument(
        "--out",
        metavar="DIR",
        help="where records.csv, experiments.json and, of what was trained, table.csv go; else CSV"
        " to standard output",
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


def add_seeds(command: argparse.ArgumentParser, default: int) -> None:
    text = f"how many seeds, {SEEDS.low} to {SEEDS.high} (default {default})"
    command.add_argument("--seeds", metavar="N", help=text)


def add_preset(command: argparse.ArgumentParser) -> None:
    text = "as which Keras version has it: " + ", ".join(PRESETS)
    command.add_argument("--preset", default=KERAS_2, metavar="VERSION", help=text)
