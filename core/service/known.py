"""What has come of experiments that somebody had trained: of jobs that are kept, whoever's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import NamedTuple

from core.experiment import Experiment
from core.experiment.records import Run
from core.service.job import Job


class Known(NamedTuple):
    """A run as far as it has come; one that is not under way has ended, however it did."""

    run: Run
    under_way: bool = False

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """Of several runs of one experiment the highest tells most."""
        return self.run.outcome.is_final, self.under_way, len(self.run.records)


def in_jobs(experiments: Sequence[Experiment], jobs: Iterable[Job], lock: Lock) -> dict[str, Known]:
    """The furthest run of each experiment among some jobs, by its key; of others none.

    The lock is held for one run at a time: no wait grows with the number of experiments.
    """
    found: dict[str, Known] = {}
    wanted = {experiment.key for experiment in experiments}
    for job in jobs:
        for key in wanted & job.twins.keys():
            before = found.get(key)
            if before is not None and before.run.outcome.is_final:
                continue
            with lock:
                number = job.twins[key][0]
                if job.paused and job.outcomes[number] is None:
                    continue  # it is neither trained nor has it ended
                goes_on = job.outcomes[number] is None
                piece = job.piece(number)
            one = Known(piece.run(), goes_on)
            if before is None or one.rank > before.rank:
                found[key] = one
    return found
