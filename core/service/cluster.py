"""A Dask cluster that trains: workers on its machines, and on this one while it does not answer."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from queue import SimpleQueue
from typing import Any
from uuid import uuid4

from distributed import Client, Future, KilledWorker
from distributed.client import ClosedClientError

from core.experiment.limits import CLUSTER_WORKERS_MAX
from core.experiment.refusals import one_line
from core.service.backend import Backend, Ended, Heard, Worker
from core.service.encoding import encode
from core.service.frames import Frame
from core.service.messages import ToWorker, from_worker
from core.service.relay import Relay, own_engine

LOOK_SECONDS = 1.0  # between looks at who is there
ANSWER_SECONDS = 5.0  # that a scheduler may take for an answer
STEP_SECONDS = 0.2  # between looks at whether a worker that is waited for is still wanted
KILL_SECONDS = 1.0  # that the news of a kill may take
CLOSE_SECONDS = 2.0
# What Dask raises for it.
LOST = (OSError, RuntimeError, KeyError, CancelledError, KilledWorker, ClosedClientError)


class Cluster:
    """Workers of a Dask cluster, one for each thread that it offers.

    While it does not answer, or has no worker, those of `here` train; where `here` has no place for
    any, nobody does.
    """

    def __init__(
        self, address: str, arguments: Sequence[str], here: Backend, engine: str = ""
    ) -> None:
        self.address, self.slots = address, CLUSTER_WORKERS_MAX
        self.here, self._arguments = here, tuple(arguments)
        self.engine = engine or own_engine()  # that its machines are to have
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._threads: dict[str, int] = {}  # by the address of a machine's worker of Dask
        self._workers: set[ClusterWorker] = set()
        self._why = ""
        self._was_asked = False
        self._closing = threading.Event()
        self._watcher: threading.Thread | None = None

    @property
    def trouble(self) -> str:
        with self._lock:
            return "" if self._threads else self._why  # nothing before it was asked

    def open(self, changed: Callable[[], None]) -> None:
        # What Dask tells of every try to reach it again is told once, by `trouble`.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        self._watcher = threading.Thread(
            target=self._watch, args=(changed,), name="watcher of the cluster", daemon=True
        )
        self._watcher.start()

    def close(self) -> None:
        self._closing.set()
        if self._watcher:  # where it waits for an answer it leaves when that has come
            self._watcher.join(CLOSE_SECONDS)

    def capacity(self) -> int:
        with self._lock:
            if not self._was_asked:  # whether anybody is to train here is not known yet
                return 0
            there = min(sum(self._threads.values()), self.slots)
        return there or self.here.capacity()

    def keeps(self, worker: Worker) -> bool:
        return isinstance(worker, ClusterWorker) or not self.offers

    @property
    def offers(self) -> list[str]:
        """The machines that are there."""
        with self._lock:
            return list(self._threads)

    def start(self) -> Worker:
        with self._lock:
            if self._threads and self._client is not None:
                return self._start_there(self._client)
        if not self.here.capacity():
            raise OSError("the cluster has just gone")
        return self.here.start()  # without the lock, for which whoever deals would have to wait

    def _start_there(self, client: Client) -> ClusterWorker:
        taken = Counter(worker.address for worker in self._workers)
        address = max(self._threads, key=lambda one: self._threads[one] - taken[one])
        worker = ClusterWorker(self, client, address, self._arguments)
        self._workers.add(worker)
        return worker

    def forget(self, worker: ClusterWorker) -> None:
        """It has gone."""
        with self._lock:
            self._workers.discard(worker)

    def _watch(self, changed: Callable[[], None]) -> None:
        while True:
            is_first = not self._was_asked
            if self._look() or is_first:
                changed()
            if self._closing.wait(LOOK_SECONDS):
                break
        self._leave("it was closed")

    def _look(self) -> bool:
        """Ask the cluster who is there; whether it is another answer than the last."""
        before = dict(self._threads)
        try:
            client = self._client or self._connect()
            threads = client.sync(
                client.scheduler.ncores, workers=None, callback_timeout=ANSWER_SECONDS
            )
        except Exception as error:  # whatever it is: nobody else would look again
            self._leave(one_line(str(error)) or type(error).__name__)
        else:
            with self._lock:
                self._client, self._threads = client, dict(threads)
                self._why, self._was_asked = "it has no workers", True
        return self._threads != before

    def _connect(self) -> Client:
        return Client(self.address, timeout=ANSWER_SECONDS, set_as_default=False)

    def _leave(self, why: str) -> None:
        with self._lock:
            client, self._client, self._threads, self._why = self._client, None, {}, why
            self._was_asked = True
        if client:
            with suppress(*LOST):
                client.close(timeout=KILL_SECONDS)


class ClusterWorker:
    """One worker: a relay on a machine of the cluster, and the threads that speak to it."""

    pid = 0  # it is no process of this machine

    def __init__(
        self, cluster: Cluster, client: Client, address: str, arguments: Sequence[str]
    ) -> None:
        self.address, self.memory, self.cut_off = address, 0, False
        self.farewell = f"The worker at {address} was lost."
        self._cluster, self._client, self._arguments = cluster, client, tuple(arguments)
        self._outbox: SimpleQueue[ToWorker | None] = SimpleQueue()
        self._killed = threading.Event()
        self._threads: list[threading.Thread] = []

    def listen(self, heard: Heard, ended: Ended) -> None:
        reader = threading.Thread(
            target=self._serve, args=(heard, ended), name=f"from {self.address}", daemon=True
        )
        self._threads.append(reader)
        reader.start()

    def send(self, message: ToWorker) -> None:
        self._outbox.put(message)

    def quit(self) -> None:
        self._outbox.put(None)

    def kill(self) -> None:
        self.farewell = f"The worker at {self.address} was told to end."
        self._killed.set()

    def end(self, seconds: float) -> None:
        for thread in self._threads:
            thread.join(seconds)
        self.kill()
        for thread in self._threads:
            thread.join()

    def _serve(self, heard: Heard, ended: Ended) -> None:
        """Start it, and tell what it says until it has gone."""
        held = relay = None
        with self._client.as_current():
            try:
                held = self._submit()
                relay = self._wait(held)
                writer = threading.Thread(
                    target=self._write, args=(relay,), name=f"to {self.address}", daemon=True
                )
                self._threads.append(writer)
                writer.start()
                self._read(relay, heard)
            except LOST as error:
                self.cut_off = not self._killed.is_set() and not self._cluster.offers
                if not self._killed.is_set() and self.address in self._cluster.offers:
                    self.farewell = f"The worker at {self.address} was lost: {one_line(str(error))}"
            finally:
                try:
                    self._release(held, relay)
                finally:  # whatever becomes of that: its runs have to go elsewhere
                    self._outbox.put(None)
                    self._cluster.forget(self)
                    ended()

    def _submit(self) -> Future:
        return self._client.submit(
            Relay,
            self._arguments,
            self._cluster.engine,
            actor=True,
            key=f"worker-{uuid4().hex}",
            workers=[self.address],
            allow_other_workers=False,
            pure=False,
        )

    def _read(self, relay: Any, heard: Heard) -> None:
        while True:
            frames, self.memory, farewell = self._wait(relay.take())
            for frame in frames:
                heard(from_worker(Frame(*frame)))
            if farewell:
                self.farewell = f"{farewell} It was at {self.address}."
                return

    def _write(self, relay: Any) -> None:
        with suppress(*LOST), self._client.as_current():  # it has gone: the reader will tell
            while message := self._outbox.get():
                self._wait(relay.send(encode(message)))
            relay.quit()

    def _wait(self, future: Any) -> Any:
        """What comes of a call. Raises `OSError` where nothing will: it was killed, or has gone."""
        while not self._killed.is_set() and self.address in self._cluster.offers:
            with suppress(TimeoutError):
                return future.result(timeout=STEP_SECONDS)
        raise OSError("nothing was heard of it any more")

    def _release(self, held: Any, relay: Any) -> None:
        """Have the cluster end its process, should it be there, and forget it."""
        with suppress(*LOST):
            if relay is not None and self.address in self._cluster.offers:
                relay.kill().result(timeout=KILL_SECONDS)
            if held is not None:
                held.cancel(force=True)
