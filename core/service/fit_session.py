"""Plain `fit` as a session of a worker: it cannot be called epoch by epoch, so it has a thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event

from core.experiment import Experiment
from core.experiment.records import Columns, Outcome, Run, Table
from core.service.trainer import Engine, Starts

# Trains one experiment; tells each epoch's record, asks again and again whether to stop, and
# measures these columns.
Fit = Callable[[Experiment, Callable[[Table], None], Callable[[], bool], Columns], Run]


@dataclass(frozen=True)
class EpochsOfFit:
    """The next epochs of the one run."""

    records: Table
    run: int = 0


class FitSession:
    """One run, begun as soon as the thread has ended with the one before.

    Raises `ValueError` for more than one.
    """

    def __init__(
        self,
        experiments: Sequence[Experiment],
        columns: Columns,
        fit: Fit,
        thread: ThreadPoolExecutor,
    ) -> None:
        [experiment] = experiments
        self.columns = columns
        self.outcomes: list[Outcome | None] = [None]
        self._news: SimpleQueue[Table | Future[Run]] = SimpleQueue()
        self._stop = Event()
        self._ended: Future[Run] | None = None
        run = thread.submit(fit, experiment, self._news.put, self._stop.is_set, columns)
        run.add_done_callback(self._news.put)

    def advance(self, seconds: float) -> list[EpochsOfFit]:
        """What there is, or comes first within so long.

        Raises what `fit` has raised, once all that came before is taken.
        """
        chunks = self._take(seconds)
        if self._ended and not chunks:
            self.outcomes[0] = self._ended.result().outcome
        return chunks

    def leave(self) -> None:
        """Have `fit` end when it next asks."""
        self._stop.set()

    def _take(self, seconds: float) -> list[EpochsOfFit]:
        chunks: list[EpochsOfFit] = []
        while self._ended is None:
            try:
                news = self._news.get(timeout=0.0 if chunks else seconds)
            except Empty:
                break
            if isinstance(news, Future):
                self._ended = news
            else:
                chunks.append(EpochsOfFit(news))
        return chunks


def fit_engine(fit: Fit, device: str, device_class: str) -> Engine:
    """What a worker trains with that has `fit` alone: a run after the other, nothing to compile."""
    thread = ThreadPoolExecutor(1)

    def session(experiments: Sequence[Experiment], columns: Columns, starts: Starts) -> FitSession:
        """Always from the beginning: it cannot be gone on with."""
        return FitSession(experiments, columns, fit, thread)

    return Engine(
        session, lambda experiment: None, device, device_class, name="keras", leave=FitSession.leave
    )
