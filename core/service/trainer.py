"""Training by turns: the tasks of a worker, a chunk each, with an ear for messages in between.

What a worker hears and says is listed in `core.service.worker`.
"""

from __future__ import annotations

import traceback
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Lock
from typing import Any, Protocol

from core.engine.grouping import program_key
from core.experiment import Experiment
from core.experiment.records import Outcome, Table
from core.service.frames import Frame, Header
from core.service.rows import pack

CHUNK_SECONDS = 0.05  # of training between two looks at the messages
PREPARING_MAX = 4  # programs that are compiled beside the training at once
WHY_CHARACTERS_MAX = 300


class Chunk(Protocol):
    """The next epochs of one run."""

    @property
    def run(self) -> int: ...

    @property
    def records(self) -> Table: ...


class Session(Protocol):
    """Runs that are trained together."""

    @property
    def outcomes(self) -> Sequence[Outcome | None]: ...

    def advance(self, seconds: float) -> Sequence[Chunk]: ...

    def set_learning_rate(self, run: int, rate: float) -> None: ...


@dataclass(frozen=True)
class Engine:
    """What a worker trains with."""

    session: Callable[[Sequence[Experiment]], Session]
    warm: Callable[[Experiment, int], None]  # compile for so many runs together
    device: str


@dataclass(eq=False)
class Task:
    """Runs to train together, from the message that brought them to their outcomes."""

    name: str
    experiments: Sequence[Experiment]
    session: Session | None = None  # None until it is prepared
    rates: dict[int, float] = field(default_factory=dict)  # to set when it is
    epochs: list[int] = field(default_factory=list)  # finished, of each run
    ended: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.epochs = [0] * len(self.experiments)

    @property
    def open(self) -> list[int]:
        return [run for run in range(len(self.experiments)) if run not in self.ended]


class Trainer:
    """Takes turns over its tasks, a chunk each, and acts on messages in between.

    Programs are compiled beside the training, so that a new task never holds up the others; what
    an engine raises stays in the future of the call, and ends that task only.
    """

    def __init__(
        self, engine: Engine, inbox: SimpleQueue[Header], say: Callable[[Frame], None]
    ) -> None:
        self.engine, self.inbox, self.say = engine, inbox, say
        self.tasks: dict[str, Task] = {}
        self.turns: deque[Task] = deque()  # those that are prepared
        self.cold: deque[Header] = deque()  # wishes to warm
        self.warming = False
        self.compiling: dict[tuple[Hashable, int], Lock] = {}  # programs, for so many runs
        self.warm: set[tuple[Hashable, int]] = set()  # those of them that are compiled
        self.training_thread = ThreadPoolExecutor(1)
        self.preparing_threads = ThreadPoolExecutor(PREPARING_MAX)
        self.warming_thread = ThreadPoolExecutor(1)

    def work(self) -> None:
        """Until a message says quit."""
        while self.listen():
            self.train(self.turns.popleft())

    def listen(self) -> bool:
        """Act on what has come, wait while there is nothing to train; False to quit."""
        while not self.turns or not self.inbox.empty():
            if not self.tasks:
                self.warm_next()
            message = self.inbox.get()
            if message["do"] == "quit":
                return False
            ACTIONS[message["do"]](self, message)
        return True

    def take(self, message: Header) -> None:
        self.say(Frame({"say": "taken", "task": message["task"]}))
        experiments = [Experiment.from_dict(given) for given in message["experiments"]]
        task = self.tasks[message["task"]] = Task(
            message["task"], experiments, rates=dict(message["rates"])
        )
        future = self.preparing_threads.submit(self.prepare, experiments)
        self.announce(future, {"do": "prepared", "task": task.name})

    def prepare(self, experiments: Sequence[Experiment]) -> Session:
        self.compile(experiments[0], len(experiments))
        return self.engine.session(experiments)

    def compile(self, experiment: Experiment, runs: int) -> None:
        """Once, however many threads ask for it: those that come later wait for the first."""
        program = program_key(experiment), runs
        with self.compiling.setdefault(program, Lock()):
            if program not in self.warm:
                self.engine.warm(experiment, runs)
                self.warm.add(program)

    def announce(self, future: Future[Any], message: Header) -> None:
        """Put a message into the own inbox when a call that runs beside has ended."""
        future.add_done_callback(lambda ended: self.inbox.put({**message, "future": ended}))

    def prepared(self, message: Header) -> None:
        task = self.tasks.get(message["task"])
        if task is None:  # stopped meanwhile
            return
        if error := message["future"].exception():
            self.fail(task, error)
            return
        session: Session = message["future"].result()
        task.session = session
        for run, rate in task.rates.items():
            session.set_learning_rate(run, rate)
        self.say(Frame({"say": "started", "task": task.name}))
        self.turns.insert(1, task)  # most end with their first chunk: do not wait for all others

    def set_rate(self, message: Header) -> None:
        if task := self.tasks.get(message["task"]):
            task.rates[message["run"]] = message["learning_rate"]
            if task.session:
                task.session.set_learning_rate(message["run"], message["learning_rate"])

    def stop(self, message: Header) -> None:
        if task := self.tasks.get(message["task"]):
            self.end(task, "stopped")

    def warm_later(self, message: Header) -> None:
        self.cold.append(message)

    def warm_next(self) -> None:
        """Begin to compile the next wished program, unless one is being compiled."""
        if self.cold and not self.warming:
            self.warming = True
            wish = self.cold.popleft()
            experiment = Experiment.from_dict(wish["experiment"])
            future = self.warming_thread.submit(self.compile, experiment, wish["runs"])
            self.announce(future, {**wish, "do": "warmed"})

    def warmed(self, message: Header) -> None:
        self.warming = False
        if error := message["future"].exception():
            traceback.print_exception(error)
            return
        wish = {"experiment": message["experiment"], "runs": message["runs"]}
        self.say(Frame({"say": "warmed", **wish}))

    def load_rows(self, message: Header) -> None:
        data = Experiment.from_dict({"data": message["data"]}).data
        future = self.preparing_threads.submit(lambda: pack(data))
        self.announce(future, {**message, "do": "loaded"})

    def loaded(self, message: Header) -> None:
        header = {"say": "rows", "data": message["data"]}
        if error := message["future"].exception():
            traceback.print_exception(error)
            self.say(Frame({**header, "why": why(error)}))
            return
        self.say(Frame(header, message["future"].result()))

    def train(self, task: Task) -> None:
        """One chunk of a prepared task."""
        session = task.session
        assert session is not None
        future = self.training_thread.submit(session.advance, CHUNK_SECONDS)
        if error := future.exception():
            self.fail(task, error)
            return
        self.report(task, future.result())
        for run in task.open:
            if outcome := session.outcomes[run]:
                self.say_outcome(task, run, outcome)
        if task.open:
            self.turns.append(task)
        else:
            del self.tasks[task.name]

    def report(self, task: Task, chunks: Sequence[Chunk]) -> None:
        rows: dict[int, bytes] = defaultdict(bytes)
        counts: dict[int, int] = Counter()
        for chunk in chunks:
            rows[chunk.run] += chunk.records.astype("<f8", copy=False).tobytes()
            counts[chunk.run] += len(chunk.records)
        if counts:
            runs = [[run, task.epochs[run] + 1, count] for run, count in counts.items()]
            frame = Frame(
                {"say": "records", "task": task.name, "runs": runs}, b"".join(rows.values())
            )
            self.say(frame)
        for run, count in counts.items():
            task.epochs[run] += count

    def say_outcome(self, task: Task, run: int, outcome: Outcome) -> None:
        task.ended.add(run)
        header = {"say": "outcome", "task": task.name, "run": run, "outcome": outcome.to_dict()}
        self.say(Frame(header))

    def fail(self, task: Task, error: BaseException) -> None:
        traceback.print_exception(error)
        self.end(task, "failed", why(error))

    def end(self, task: Task, kind: Any, why: str = "") -> None:
        """Give every open run of a task the same outcome, and forget the task."""
        for run in task.open:
            self.say_outcome(task, run, Outcome(kind, task.epochs[run], why))
        del self.tasks[task.name]
        if task in self.turns:
            self.turns.remove(task)


def why(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:WHY_CHARACTERS_MAX]


ACTIONS: dict[str, Callable[[Trainer, Header], None]] = {
    "train": Trainer.take,
    "rate": Trainer.set_rate,
    "stop": Trainer.stop,
    "warm": Trainer.warm_later,
    "rows": Trainer.load_rows,
    "prepared": Trainer.prepared,
    "warmed": Trainer.warmed,
    "loaded": Trainer.loaded,
}
