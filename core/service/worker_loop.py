"""Training by turns: the tasks of a worker, a chunk each, with an ear for messages in between."""

from __future__ import annotations

import time
import traceback
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from queue import SimpleQueue
from threading import Event, Lock
from typing import Any, NamedTuple, TypeVar

import numpy as np

from core.engine.grouping import program_key
from core.experiment import Experiment
from core.experiment.data import Data
from core.experiment.limits import (
    SIGHTS_BYTES_MAX,
    SNAPSHOT_BYTES_MAX,
    WHY_CHARACTERS_MAX,
    WORKER_CHUNK_SECONDS_MAX,
)
from core.experiment.records import EPOCH, Outcome, Table, pack_rows
from core.service.encoding import Message
from core.service.messages import (
    Drag,
    Drive,
    FromWorker,
    LoadRows,
    Looked,
    Looking,
    LookInto,
    Quit,
    Records,
    Refused,
    RowsLoaded,
    RunEnded,
    SightTaken,
    SnapshotTaken,
    Started,
    Stop,
    Taken,
    TakeSnapshot,
    ToWorker,
    Train,
    Warm,
    Warmed,
)
from core.service.rows import pack
from core.service.snapshots import OpenTask, SnapshotPace, read_all
from core.service.trainer import Engine, Lookout, Starts, TrainedEpochs, TrainingSession

LOOKING_SECONDS = 5.0  # between two words of a look that has nothing to show
CHUNK_SECONDS = 0.05  # of training between two looks at the messages
PREPARING_MAX = 4  # programs that are compiled beside the training at once

# What a worker is told, the refusal of a frame that says nothing, or what a call that ended does.
Inbox = SimpleQueue[ToWorker | Refused | Callable[[], None]]
T = TypeVar("T")


class Prepared(NamedTuple):
    """A task that can be trained, and what its runs go on from."""

    session: TrainingSession
    starts: Starts


class WorkerLoop:
    """Takes turns over its tasks, a chunk each, and acts on messages in between.

    Programs are compiled beside the training, so that a new task never holds up the others; what
    an engine raises stays in the future of the call, and ends that task only.
    """

    def __init__(
        self,
        engine: Engine,
        inbox: Inbox,
        say: Callable[[FromWorker], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.engine, self.inbox, self.say, self.clock = engine, inbox, say, clock
        self.tasks: dict[str, OpenTask] = {}
        self.turns: deque[OpenTask] = deque()  # those that are prepared
        self.cold: deque[Experiment] = deque()  # wished to be warm
        self.warming = False
        self.compiling: dict[Hashable, Lock] = {}  # programs
        self.warm: set[Hashable] = set()  # those of them that are compiled
        self.training_thread = ThreadPoolExecutor(1)
        self.preparing_threads = ThreadPoolExecutor(PREPARING_MAX)
        self.warming_thread = ThreadPoolExecutor(1)
        self.looks: dict[str, Event] = {}  # by task; set when it is to end
        self.looking_thread = ThreadPoolExecutor(1)
        self.chunk_since: float | None = None  # the chunk that is trained now
        self.pace = SnapshotPace()

    @property
    def hangs(self) -> bool:
        """Whether what it trains does not come back; asked by another thread."""
        since = self.chunk_since
        return since is not None and self.clock() > since + WORKER_CHUNK_SECONDS_MAX

    def work(self) -> None:
        """Until a message says quit."""
        while self.listen():
            self.train(self.turns.popleft())

    def listen(self) -> bool:
        """Act on what has come, wait while there is nothing to train; False to quit."""
        while not self.turns or not self.inbox.empty():
            if not self.tasks and not self.looks:
                self.warm_next()
            news = self.inbox.get()
            if isinstance(news, Quit):
                return False
            if isinstance(news, Refused):
                self.say(news)
            elif isinstance(news, Message):
                ACTIONS[type(news)](self, news)
            else:
                news()
        return True

    def then(self, future: Future[Any], act: Callable[[Future[Any]], None]) -> None:
        """Act, between two chunks, when a call that runs beside has ended."""
        future.add_done_callback(lambda ended: self.inbox.put(partial(act, ended)))

    def take(self, message: Train) -> None:
        if message.engine != self.engine.name:
            why = f"Worker: engine must be {self.engine.name}, got {message.engine}."
            self.say(Refused(message.kind, why, message.task))
        elif (message.snapshot_seconds or message.payload) and self.engine.snapshot is None:
            self.refuse(message)
        else:
            self.say(Taken(message.task))
            task = OpenTask(message.task, message.experiments, message.snapshot_seconds)
            self.tasks[message.task] = task
            self.then(
                self.preparing_threads.submit(self.prepare, message), partial(self.begin, task)
            )

    def prepare(self, message: Train) -> Prepared:
        self.compile(message.experiments[0])
        starts = read_all(message.packed, len(message.experiments))
        return Prepared(self.engine.session(message.experiments, message.columns, starts), starts)

    def compile(self, experiment: Experiment) -> None:
        """Once, however many threads ask for it: those that come later wait for the first."""
        program = program_key(experiment)
        with self.compiling.setdefault(program, Lock()):
            if program not in self.warm:
                self.engine.warm(experiment)
                self.warm.add(program)

    def begin(self, task: OpenTask, prepared: Future[Prepared]) -> None:
        error = prepared.exception()
        if task.name not in self.tasks:  # stopped meanwhile
            if not error:
                self.engine.leave(prepared.result().session)
            return
        if error:
            self.fail(task, error)
            return
        session, starts = prepared.result()
        task.begin(session, starts)
        self.say(Started(task.name, session.columns))
        self.turns.insert(1, task)  # most end with their first chunk: do not wait for all others

    def stop(self, message: Stop) -> None:
        if task := self.tasks.get(message.task):
            self.end(task, "stopped")
        elif stop := self.looks.get(message.task):
            stop.set()

    def warm_later(self, message: Warm) -> None:
        self.cold.append(message.experiment)

    def warm_next(self) -> None:
        """Begin to compile the next wished program, unless one is being compiled."""
        if self.cold and not self.warming:
            self.warming = True
            experiment = self.cold.popleft()
            compiled = self.warming_thread.submit(self.compile, experiment)
            self.then(compiled, partial(self.tell_warm, experiment))

    def tell_warm(self, experiment: Experiment, compiled: Future[None]) -> None:
        self.warming = False
        if error := compiled.exception():
            traceback.print_exception(error)
        else:
            self.say(Warmed(experiment))

    def load_rows(self, message: LoadRows) -> None:
        data = message.data
        loaded = self.preparing_threads.submit(lambda: pack(data))
        self.then(loaded, partial(self.tell_rows, data))

    def tell_rows(self, data: Data, loaded: Future[bytes]) -> None:
        if error := loaded.exception():
            traceback.print_exception(error)
            self.say(RowsLoaded(data, why(error)))
        else:
            self.say(RowsLoaded(data, payload=loaded.result()))

    def look(self, message: LookInto) -> None:
        """Look beside the training, one wish after the other."""
        if self.engine.look is None:
            self.refuse(message)
            return
        stop = self.looks[message.task] = Event()
        looked = self.looking_thread.submit(self.see, message, self.engine.look, stop)
        self.then(looked, partial(self.tell_looked, message.task))

    def see(self, message: LookInto, look: Lookout, stop: Event) -> None:
        """In the looking thread. Raises whatever the engine does, and for more than may be sent."""
        left, said_at = SIGHTS_BYTES_MAX, self.clock()

        def should_stop() -> bool:
            """Whoever is silent for long counts as lost: so it says that it still looks."""
            nonlocal said_at
            if (now := self.clock()) >= said_at + LOOKING_SECONDS:
                said_at = now
                self.inbox.put(partial(self.say, Looking(message.task)))
            return stop.is_set()

        for sight in look(message.experiment, message.look, should_stop):
            taken = SightTaken.from_sight(message.task, sight)
            left -= len(taken.payload)
            if left < 0:
                expected = f"at most {SIGHTS_BYTES_MAX} bytes in all"
                raise ValueError(f"Look: sights must be {expected}, got more at {sight.epoch}.")
            self.inbox.put(partial(self.say, taken))

    def tell_looked(self, task: str, looked: Future[None]) -> None:
        del self.looks[task]
        error = looked.exception()
        if error:
            traceback.print_exception(error)
        self.say(Looked(task, why(error) if error else ""))

    def refuse(self, message: Train | LookInto | TakeSnapshot | Drag | Drive) -> None:
        """Of what it may once be able to do."""
        self.say(Refused(message.kind, f"Worker: {message.kind} is not done here.", message.task))

    def train(self, task: OpenTask) -> None:
        """One chunk of a prepared task."""
        session = task.session
        assert session is not None
        chunks = self.watched(session.advance, CHUNK_SECONDS)
        if error := chunks.exception():
            self.fail(task, error)
            return
        self.report(task, chunks.result())
        for run in task.open:
            if outcome := session.outcomes[run]:
                self.say_outcome(task, run, outcome)
        if task.open:
            self.turns.append(task)
            if task.snapshot_seconds:
                self.save(task)
        else:
            del self.tasks[task.name]

    def watched(self, call: Callable[..., T], *given: Any) -> Future[T]:
        """What came of a call in the training thread; one that does not come back is noticed."""
        self.chunk_since = self.clock()
        future = self.training_thread.submit(call, *given)
        wait([future])
        self.chunk_since = None
        return future

    def save(self, task: OpenTask) -> None:
        """Say the snapshot of a run whose last one is old; without it the run only goes on."""
        begun = self.clock()
        run = self.pace.due(task, begun)
        if run is None or self.engine.snapshot is None:
            return
        taken = self.watched(self.engine.snapshot, task.session, run)
        if error := taken.exception():
            traceback.print_exception(error)
            task.snapshot_seconds = 0.0
            return
        snapshot = taken.result()
        if len(packed := snapshot.to_bytes()) <= SNAPSHOT_BYTES_MAX:
            self.say(SnapshotTaken(task.name, run, snapshot.epoch, packed))
        self.pace.note(task, run, begun, self.clock())

    def report(self, task: OpenTask, chunks: Sequence[TrainedEpochs]) -> None:
        parts: dict[int, list[Table]] = defaultdict(list)
        for chunk in chunks:
            parts[chunk.run].append(chunk.records)
        tables = {run: np.concatenate(part) for run, part in parts.items()}
        if tables:
            runs = ((run, int(table[0, EPOCH]), len(table)) for run, table in tables.items())
            payload = b"".join(map(pack_rows, tables.values()))
            self.say(Records(task.name, tuple(runs), payload))
        for run, table in tables.items():
            task.epochs[run] = int(table[-1, EPOCH])

    def say_outcome(self, task: OpenTask, run: int, outcome: Outcome) -> None:
        task.ended.add(run)
        self.say(RunEnded(task.name, run, outcome))

    def fail(self, task: OpenTask, error: BaseException) -> None:
        traceback.print_exception(error)
        self.end(task, "failed", why(error))

    def end(self, task: OpenTask, kind: Any, why: str = "") -> None:
        """Give every open run of a task the same outcome, and forget the task."""
        for run in task.open:
            self.say_outcome(task, run, Outcome(kind, task.epochs[run], why))
        del self.tasks[task.name]
        if task in self.turns:
            self.turns.remove(task)
        if task.session:
            self.engine.leave(task.session)


def why(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:WHY_CHARACTERS_MAX]


ACTIONS: dict[type[Message], Callable[[WorkerLoop, Any], None]] = {
    Train: WorkerLoop.take,
    Stop: WorkerLoop.stop,
    Warm: WorkerLoop.warm_later,
    LoadRows: WorkerLoop.load_rows,
    LookInto: WorkerLoop.look,
    TakeSnapshot: WorkerLoop.refuse,
    Drag: WorkerLoop.refuse,
    Drive: WorkerLoop.refuse,
}
