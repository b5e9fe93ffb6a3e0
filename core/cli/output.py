"""Where results go: a file, a folder, standard output."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from core.analysis.studies.cost import duration
from core.experiment.records import Run, to_csv
from core.experiment.refusals import FieldError, because
from core.export import to_parquet

PARQUET = ".parquet"  # the ending of a file's name
JSON = (".json", ".jsonl")
ENDINGS = (".csv", PARQUET, *JSON)  # of a file of records; one without an ending holds CSV


def check_file(out: str | None, option: str = "--out") -> Path | None:
    """The file to be written, if it can be; asked before the training. Raises `FieldError`."""
    if out is None:
        return None
    if out.endswith(os.sep) or not can_be_written(Path(out)):
        raise FieldError("Command", option, because("writable_file"), out)
    return Path(out)


def check_records_file(out: str | None) -> Path | None:
    """The same for records, which must be what the file's name says. Raises `FieldError`."""
    file = check_file(out)
    if file and file.suffix and file.suffix.lower() not in ENDINGS:
        raise FieldError("Command", "--out", because("ending", ending=ENDINGS), out)
    return file


def is_json(file: Path | None) -> bool:
    """Whether a file's name says that it holds JSON."""
    return file is not None and file.suffix.lower() in JSON


def can_be_written(file: Path) -> bool:
    try:
        file.stat()
    except FileNotFoundError:
        return file.parent.is_dir() and os.access(file.parent, os.W_OK)
    except (OSError, ValueError):  # too long a name, or no name of a file
        return False
    return not file.is_dir() and os.access(file, os.W_OK)


def make_folder(out: str | None, names: Sequence[str]) -> Path | None:
    """The folder to be filled with files of these names, made where it is not there.

    Raises `FieldError`.
    """
    if out is None:
        return None
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError):
        raise FieldError("Command", "--out", because("folder"), out) from None
    if not all(can_be_written(folder / name) for name in names):
        raise FieldError("Command", "--out", because("writable_folder"), out)
    return folder


def write(text: str, file: Path | None) -> None:
    """To the file, or to standard output."""
    if file is None:
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        file.write_bytes(text.encode("utf-8"))  # ends of lines as they are, on every system


def write_records(
    file: Path | None, runs: Sequence[Run], names: Sequence[str], epoch_zero: bool = False
) -> None:
    """As Parquet where the file's name says so, else as CSV."""
    if file is not None and file.suffix.lower() == PARQUET:
        file.write_bytes(to_parquet(runs, names, epoch_zero))
    else:
        write(to_csv(runs, names, epoch_zero), file)


def say(sentence: str) -> None:
    """For people: to standard error."""
    print(sentence, file=sys.stderr)


def tell(runs: Sequence[Run], names: Sequence[str], seconds: float) -> None:
    """How the runs ended, in a line, and another for each that diverged or failed."""
    counts = Counter(run.outcome.kind for run in runs)
    ends = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    noun = "run" if len(runs) == 1 else "runs"
    say(f"{len(runs)} {noun} in {duration(seconds)}: {ends}.")
    for run, name in zip(runs, names, strict=True):
        who = f"{name}, seed {run.experiment.seed}"
        if run.outcome.kind == "diverged":
            say(f"{who}: diverged at epoch {run.outcome.epoch}.")
        elif run.outcome.why:
            say(f"{who}: {run.outcome.kind} after epoch {run.outcome.epoch}. {run.outcome.why}")
