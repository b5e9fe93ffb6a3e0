"""What a laboratory has its store keep of runs, and what it knows by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from core.experiment import Experiment
from core.experiment.records import Columns, Run
from core.service.messages import EngineName
from core.service.store_state import StoreState
from core.service.training import Training, Unfinished
from core.service.version import version_of
from core.service.worker_pool import Seat

if TYPE_CHECKING:  # it brings SQLAlchemy, which workers have no need of
    from core.service.store import Store


class Keeping:
    """Nothing is kept and nothing known where there is no store; nobody waits to have it kept."""

    def __init__(self, store: Store | None = None) -> None:
        self._store = store

    @property
    def state(self) -> StoreState:
        """Where nothing is kept, that of a store at the start."""
        return self._store.state() if self._store else StoreState()

    def note(self, training: Training, seat: Seat) -> None:
        """A worker has brought more of a run under way."""
        if self._store:
            version = version_of(training.engine, seat.device_class)
            training.kept_as = training.kept_as or version
            if training.kept_as == version:
                self._store.unfinished.note(training, version)

    def put(self, training: Training, seat: Seat) -> None:
        """A run has ended, and would end so again: one class of machine has trained all of it."""
        if self._store:
            version = version_of(training.engine, seat.device_class)
            if training.kept_as in (None, version):
                self._store.put([training.run()], version)

    def forget(self, training: Training) -> None:
        """Nobody goes on with what there is of a run."""
        if self._store and training.kept_as:
            self._store.unfinished.end(training, training.kept_as)

    def find(
        self,
        experiments: Sequence[Experiment],
        engine: EngineName,
        columns: Columns,
        device: str | None,
    ) -> dict[str, Run]:
        """The runs that are known of some experiments, as a worker here would train them."""
        if self._store is None or not experiments:
            return {}
        return self._store.find(experiments, version_of(engine, device), columns)

    def find_unfinished(
        self,
        experiments: Sequence[Experiment],
        engine: EngineName,
        columns: Columns,
        device: str | None,
    ) -> Mapping[str, Unfinished]:
        """What there is of some that did not end."""
        if self._store is None or not experiments:
            return {}
        return self._store.unfinished.find(experiments, version_of(engine, device), columns)

    def flush(self) -> None:
        if self._store:
            self._store.flush()
