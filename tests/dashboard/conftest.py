"""A laboratory with a made-up engine, for pages that run without a browser."""

from collections.abc import Iterator

import pytest

from core.service import Laboratory
from dashboard import laboratory
from tests.service.waiting import FAKE


@pytest.fixture(scope="session")
def lent() -> Iterator[Laboratory]:
    with Laboratory(1, command=FAKE) as lab:
        laboratory.use(lab)
        yield lab
    laboratory.close()
