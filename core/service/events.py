"""What a laboratory tells those who watch a job, and the errors it raises."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from core.experiment.records import COLUMNS, Columns, Table, unpack_rows
from core.experiment.refusals import because, shown
from core.service.store_state import StoreState

Say = Literal["state", "start", "records", "outcome"]
StateName = Literal["queued", "loading", "training", "retrying", "paused", "done"]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a job, numbered from 0 without a gap.

    | say     | run    | header                                | payload                      |
    |---------|--------|---------------------------------------|------------------------------|
    | state   | None   | state, and what is said below         |                              |
    | start   | number |                                       | the row of epoch 0           |
    | records | number | first (epoch, from 1), count (epochs) | a row of `columns` an epoch  |
    | outcome | number | kind, epoch, why                      |                              |

    States: "queued" with `ahead`, the jobs that begin before; "loading" with `what`, "trainer"
    while no worker is ready, or "program" while one is compiled, and `why` when a trainer failed;
    "training"; "retrying" with `why`, after a worker was lost; "paused", because nobody watched it,
    until somebody does and, where it says `full`, there is room; "done", the last event. What was
    under way and interrupted has `from`, the epoch that it goes on from (of several runs the
    furthest), or `again` where it begins anew.
    """

    seq: int
    say: Say
    run: int | None = None
    header: dict[str, Any] = field(default_factory=dict)
    payload: bytes = b""
    columns: Columns = COLUMNS  # of the payload; the same in all events of a job

    @property
    def records(self) -> Table:
        """The payload as a table, (count, columns)."""
        return unpack_rows(self.payload, self.columns)


@dataclass(frozen=True)
class Progress:
    """How far a job is: `done` of `total` epochs, a run that ended early counted in full."""

    state: StateName
    done: int
    total: int
    ahead: int
    ended: int  # runs
    runs: int


@dataclass(frozen=True)
class Status:
    """How a laboratory is.

    `trouble` is a sentence, empty when all is well; `backend_trouble` says why a cluster that is to
    train does not.
    """

    ready: bool  # at least one worker can train
    device: str
    workers: int  # that are ready
    queued: int  # jobs that have not begun
    open: int  # jobs that are not done, those queued among them
    paused: int  # jobs that nobody watches
    pids: tuple[int, ...]
    trouble: str
    store: StoreState  # of a laboratory that keeps nothing, what it is at the start
    backend_trouble: str = ""


class UnknownJob(LookupError):  # noqa: N818 (it reads as what it is)
    """A job that never was, or that was done so long ago that it has been forgotten."""

    def __init__(self, job: str) -> None:
        super().__init__(f"Laboratory: job must be one that is still kept, got {shown(job)}.")


# What there is only so much room for, by code.
FULL = {
    "full_runs": "experiments of a job must be from 1 to {most:,}, got {got:,}",
    "full_epochs": "epochs of a job, over all its runs, must be from 1 to {most:,}, got {got:,}",
    "full_jobs": "jobs of one visitor that are not done must be from 1 to {most:,}, got {got:,}",
    "full_waiting": "epochs that wait, of all visitors, must be from 1 to {most:,}, got {got:,}",
    "full_seconds": "seconds of work that a visitor has under way, by estimate, must be at most"
    " {most:,}, got {got:,}",
    "full_fit": "seconds by plain `fit`, by estimate, must be at most {most:,}, got {got:,}: train"
    " so much by the compiled engine",
    "full_looks": "looks at once must be at most {most:,}, got {got:,}",
}


class QueueFull(ValueError):  # noqa: N818
    """More work than may wait at once; which limit, as a code of `FULL`, and what it got."""

    def __init__(self, code: str, most: int, got: int) -> None:
        self.reason = because(code, most=most, got=got)
        super().__init__(f"Laboratory: {self.reason.fill(FULL[code])}.")


class Closed(RuntimeError):  # noqa: N818
    """The laboratory was closed."""
