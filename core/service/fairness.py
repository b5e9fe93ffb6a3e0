"""Whose turn it is: jobs split into tasks, and the next task for the next worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

from core.engine.grouping import LANES, program_key
from core.experiment import Experiment
from core.service.job import Job
from core.service.training import Task
from core.service.worker_pool import Seat

SPLIT_MIN = 2  # runs; so few take no longer together than one alone
TASKS_IN_HAND = 4  # of a worker; it takes turns over them
TASKS_MAX = 32  # of a worker, when those it has are long
FIT_TASKS_MAX = 1  # of the worker of plain `fit`
NEXT_AFTER_SECONDS = 0.25  # a further task joins those in hand
WARM_WORTH = 2  # tasks in hand that a program compiled already makes up for


Groups = list[tuple[Hashable, tuple[int, ...]]]  # program, runs that one task has


def split(experiments: Sequence[Experiment], runs: Iterable[int], workers: int) -> Groups:
    """Runs as groups of one program, each at most `LANES`, of even size, spread over workers.

    >>> rates = [Experiment().replace({"optimizer.learning_rate": 10.0**-n}) for n in range(8)]
    >>> [group for _, group in split(rates, range(8), workers=2)]
    [(0, 2, 4, 6), (1, 3, 5, 7)]
    """
    programs: dict[Hashable, list[int]] = {}
    for run in runs:
        programs.setdefault(program_key(experiments[run]), []).append(run)
    groups: Groups = []
    for program, members in programs.items():
        shares = min(workers, -(-len(members) // SPLIT_MIN))
        count = max(-(-len(members) // LANES), shares)
        groups += [(program, tuple(members[start::count])) for start in range(count)]
    return groups


def choose(jobs: Iterable[Job], seats: Sequence[Seat], now: float) -> tuple[Task, Seat] | None:
    """The next task and who trains it: first the job that has the least in hand.

    A job has at most two tasks in hand of one worker, and only one where another job waits or is
    there. A worker takes a further task when it has few, or when none has come for a while: so
    whoever comes behind long tasks begins soon, and a crowd is still served one after the other.
    For a task that is to be alone, the worker with the least in hand takes nothing more until it
    has nothing.
    """
    waiting = [job for job in jobs if job.waiting]
    free = [seat for seat in seats if seat.ready and has_room(seat, now)]
    if not waiting or not free:
        return None
    tasks = [task for seat in seats for task in seat.tasks.values()]
    of_job = Counter(job for task in tasks for job in task.jobs)
    of_visitor = Counter(name for task in tasks for name in {job.visitor for job in task.jobs})
    for job in sorted(waiting, key=lambda job: (of_visitor[job.visitor], of_job[job], job.turn)):
        task = job.waiting[0]
        if task.alone and free:
            seat = min(free, key=lambda seat: (len(seat.tasks), burden(seat, task)))
            if not seat.works:
                return task, seat
            free.remove(seat)
            continue
        fit = [seat for seat in free if may_take(seat, job, alone=len(waiting) == 1)]
        if fit:
            return task, min(fit, key=lambda seat: burden(seat, task))
    return None


def has_room(seat: Seat, now: float) -> bool:
    """Whether a worker can take a further task now."""
    held = len(seat.tasks)
    if any(task.alone for task in seat.tasks.values()):
        return False
    if seat.engine == "keras":
        return held < FIT_TASKS_MAX and not seat.full
    late = now >= seat.given_at + NEXT_AFTER_SECONDS
    return held < TASKS_IN_HAND or (late and held < TASKS_MAX)


def may_take(seat: Seat, job: Job, alone: bool) -> bool:
    """Whether a job may have one more in a worker's hand; `alone`, no other job waits."""
    own = sum(job in task.jobs for task in seat.tasks.values())
    return own < (2 if alone and own == len(seat.tasks) else 1)


def burden(seat: Seat, task: Task) -> int:
    """How little a worker suits a task: by what it has in hand, and what it would have to compile.

    >>> seats = [Seat(programs={"another"}), Seat(programs={"its own"})]
    >>> task = Task("1", "its own")
    >>> [burden(seat, task) for seat in seats]
    [0, -2]
    """
    warm = task.program in seat.programs
    return len(seat.tasks) - WARM_WORTH * warm + TASKS_MAX * seat.full


def next_look(jobs: Iterable[Job], seats: Sequence[Seat]) -> list[float]:
    """When time alone will let a worker take a further task."""
    later = choose(jobs, seats, now=float("inf"))
    return [later[1].given_at + NEXT_AFTER_SECONDS] if later else []
