"""Laboratories whose workers are made up."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from core.experiment import Experiment
from core.experiment.records import COLUMNS, Columns
from core.service import Laboratory
from core.service.messages import EngineName
from tests.service.postgres import Postgres, postgres
from tests.service.waiting import FAKE

Open = Callable[..., Laboratory]


class Lent(Laboratory):
    """A laboratory that many tests use, one after the other."""

    jobs: list[str]

    def submit(
        self,
        experiments: Sequence[Experiment],
        visitor: str = "",
        engine: EngineName = "compiled",
        columns: Columns = COLUMNS,
        lease: float = math.inf,
    ) -> str:
        self.jobs.append(super().submit(experiments, visitor, engine, columns, lease))
        return self.jobs[-1]

    def tidy(self) -> None:
        while self.jobs:
            self.cancel(self.jobs.pop())


@pytest.fixture
def open_laboratory() -> Iterator[Open]:
    """Opens laboratories that are closed when the test ends."""
    with ExitStack() as stack:

        def opened(slots: int = 1, **given: object) -> Laboratory:
            return stack.enter_context(Laboratory(slots, **{"command": FAKE, **given}))

        yield opened


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """Started by the first test that needs it."""
    with postgres() as server:
        yield server


class Gate:
    """Holds up whatever is gated in the workers of its command, until it is opened."""

    def __init__(self, file: Path) -> None:
        self.file, self.command = file, (*FAKE, str(file))

    def open(self) -> None:
        self.file.touch()


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path / "open")


@pytest.fixture(scope="session")
def lent_pair() -> Iterator[Lent]:
    with Lent(2, command=FAKE) as laboratory:
        laboratory.jobs = []
        yield laboratory


@pytest.fixture(scope="session")
def lent_single() -> Iterator[Lent]:
    with Lent(1, command=FAKE) as laboratory:
        laboratory.jobs = []
        yield laboratory


@pytest.fixture
def shared(lent_pair: Lent) -> Iterator[Laboratory]:
    """A laboratory of two workers; what a test leaves running is stopped."""
    yield lent_pair
    lent_pair.tidy()


@pytest.fixture
def single(lent_single: Lent) -> Iterator[Laboratory]:
    """A laboratory of one worker; what a test leaves running is stopped."""
    yield lent_single
    lent_single.tidy()
