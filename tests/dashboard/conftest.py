"""A laboratory with a made-up engine, for pages that run without a browser."""

from collections.abc import Iterator

import pytest

from core.jobs import Laboratory
from dashboard import laboratory
from tests.jobs.waiting import FAKE


@pytest.fixture(scope="session")
def lent() -> Iterator[Laboratory]:
    with Laboratory(1, command=FAKE) as lab:
        laboratory.use(lab)
        yield lab
    laboratory.close()
