"""One command, from its words to its exit status."""

from __future__ import annotations

import os
import sys

from core.cli import backup, commands, stored
from core.cli.arguments import UsageError, parse
from core.cli.bench import ChildEnded
from core.cli.commands import Train
from core.cli.interruption import INTERRUPTED, UNWRITTEN
from core.cli.training import train
from core.experiment.refusals import FieldError
from core.service import QueueFull

WRONG_INPUT = 2
BROKEN_PIPE = 141  # 128 + SIGPIPE, as a shell reports a program that was cut off by `head`


def main(arguments: list[str] | None = None, train: Train = train) -> int:
    """Run one command; its exit status."""
    try:
        given = parse(sys.argv[1:] if arguments is None else arguments)
        return COMMANDS[given.command](given, train)
    except (FieldError, UsageError, QueueFull) as refusal:
        print(refusal, file=sys.stderr)
        return WRONG_INPUT
    except ChildEnded as ended:
        print(ended, file=sys.stderr)
        return commands.FAILED
    except BrokenPipeError:
        forget_output()
        return BROKEN_PIPE
    except OSError as error:
        forget_output()
        print(f"Command: results must have room to be written, got: {error}.", file=sys.stderr)
        return commands.FAILED
    except KeyboardInterrupt:
        print(UNWRITTEN, file=sys.stderr)
        return INTERRUPTED


def forget_output() -> None:
    """Python flushes standard output once more at its end, which must not fail again."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)


COMMANDS = {
    "run": commands.run,
    "study": commands.do_study,
    "claims": commands.do_claims,
    "bench": commands.do_bench,
    "stored": stored.do_stored,
    "backup": backup.do_backup,
}
