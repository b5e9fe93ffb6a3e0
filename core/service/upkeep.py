"""What is done when it is time, by a thread of its own: seats filled, jobs paused and forgotten."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from core.service.backend import Worker
from core.service.dispatcher import Dispatcher
from core.service.messages import FromWorker
from core.service.watchers import Watchers
from core.service.worker_pool import Seat, WorkerPool, close


class Upkeep:
    """Looks after a dispatcher and its workers, under the lock of their laboratory."""

    def __init__(self, lock: threading.Lock, dispatcher: Dispatcher) -> None:
        self._lock, self._dispatcher, self._watchers = lock, dispatcher, Watchers()
        self._stir = threading.Condition(lock)  # wakes the thread
        self._ending = False
        self._thread = threading.Thread(target=self._work, name="upkeep", daemon=True)

    def start(self) -> bool:
        """Begin to fill seats; called under the lock. False when it has begun, or ended, before."""
        if self._thread.ident is not None or self._ending:
            return False
        self._thread.start()
        return True

    def end(self) -> None:
        """Take no more turns; called under the lock."""
        self._ending = True
        self._stir.notify()

    def close(self) -> None:
        """End every worker, within two seconds; called without the lock, after `end`."""
        if self._thread.ident is not None:
            self._thread.join()
        close(self._dispatcher.pools, time.monotonic)
        self._watchers.close()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock for a change; when it is let go, those who watch hear of the news."""
        with self._lock:
            yield
            watchers = self._dispatcher.registry.announce()
            if self._dispatcher.stirred:
                self._stir.notify()
        self._watchers.ring(watchers)

    def _work(self) -> None:
        """Fill seats, end silent workers, deal anew and forget old jobs, each when it is time."""
        pools, registry = self._dispatcher.pools, self._dispatcher.registry
        while not self._ending:
            with self.changing():
                now = time.monotonic()
                for pool in pools:
                    pool.kill_silent(now)
                for job in registry.unwatched(now):
                    self._dispatcher.pause(job, now)
                registry.forget(now)
                self._dispatcher.deal(now)
                self._dispatcher.stirred = False  # what comes from here on is not yet looked at
                empty = [(pool, seat) for pool in pools for seat in pool.empty(now)]
            for pool, seat in empty:
                self._fill(pool, seat)
            with self._lock:
                self._stir.wait_for(lambda: self._dispatcher.stirred or self._ending, self._rest())

    def _rest(self) -> float | None:
        """Seconds until time alone gives it something to do; None for never."""
        deadlines = [
            *(at for pool in self._dispatcher.pools for at in pool.deadlines()),
            *self._dispatcher.deadlines(),
            *self._dispatcher.registry.deadlines(),
        ]
        return max(min(deadlines) - time.monotonic(), 0.0) if deadlines else None

    def _fill(self, pool: WorkerPool, seat: Seat) -> None:
        process = None
        try:
            process = pool.backend.start()
            with self._lock:
                seat.take(process, time.monotonic())
            process.listen(partial(self._hear, seat), partial(self._miss, seat, process))
        except (OSError, RuntimeError) as error:  # the second where no thread can be started
            if process:
                process.quit()
                process.kill()
            why = f"The training process could not be started: {error}"
            with self.changing():
                self._dispatcher.lose(seat, why, time.monotonic())

    def _hear(self, seat: Seat, message: FromWorker) -> None:
        with self.changing():
            self._dispatcher.hear(seat, message, time.monotonic())

    def _miss(self, seat: Seat, process: Worker) -> None:
        with self.changing():
            self._dispatcher.lose(seat, process.farewell, time.monotonic())
