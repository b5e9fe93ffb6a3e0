"""A laboratory with a made-up engine, for pages that run without a browser."""

import sys
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


@pytest.fixture(autouse=True)
def without_keras() -> Iterator[None]:
    """As where pages are drawn: no Keras, which tests of the engine may have loaded here.

    After every run of a script Streamlit clears the session of a Keras that it finds, and that
    takes longer than the page.
    """
    keras = sys.modules.pop("keras", None)
    yield
    if keras:
        sys.modules["keras"] = keras
