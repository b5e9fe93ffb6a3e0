"""What is said of a store in trouble: on every page, and to whoever runs the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from streamlit.testing.v1 import AppTest

from core.service import Laboratory
from core.service.store import READ_SECONDS, Store
from dashboard.laboratory import using
from dashboard.text import LANGUAGES, Words
from tests.dashboard.page_app import COMPONENTS, PATIENCE
from tests.dashboard.served import served
from tests.dashboard.test_operating import figures
from tests.service.test_store import run
from tests.service.test_store_troubles import Gated, keep
from tests.service.waiting import FAKE, until_true

MAIN = str(Path(__file__).parents[2] / "dashboard" / "main.py")
PAGE_SECONDS = 10.0  # of a busy machine; a store that held the page would never let go


@pytest.fixture
def hanging(tmp_path: Path) -> Iterator[Laboratory]:
    """A laboratory whose store hangs."""
    path = str(tmp_path / "runs.sqlite")
    keep(path, run())
    database = Gated(path)
    store = Store(path, retry=PATIENCE, open_database=lambda where: database)
    with store, Laboratory(1, store=store, command=FAKE) as laboratory, using(laboratory):
        yield laboratory
        database.to_read.set()
        database.to_write.set()


@pytest.fixture
def protected(tmp_path: Path) -> Iterator[Laboratory]:
    """A laboratory whose store can be read alone."""
    path = str(tmp_path / "runs.sqlite")
    keep(path, run())
    store = Store(f"sqlite:///{path}?mode=ro")
    until_true(lambda: store.trouble)
    with store, Laboratory(1, store=store, command=FAKE) as laboratory, using(laboratory):
        yield laboratory


def said(language: str) -> list[str]:
    app = AppTest.from_file(MAIN, default_timeout=PATIENCE)
    app.query_params.update({"lang": language, "epochs": "30"})
    app._bidi_component_manager = COMPONENTS
    app.run()
    assert not app.exception
    return [one.proto.body for one in app.get("html") if "lrl-trouble" in one.proto.body]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_goes_on_without_a_store_that_hangs_and_says_so_once(
    hanging: Laboratory, language: str
) -> None:
    begun = monotonic()
    [sentence] = said(language)
    assert monotonic() - begun <= READ_SECONDS + PAGE_SECONDS
    assert Words(language)("frame.store_silent") in sentence


def test_that_new_runs_are_not_kept_is_said_before_one_is_trained(protected: Laboratory) -> None:
    [sentence] = said("en")
    assert Words("en")("frame.store_read_only") in sentence


def test_numbers_are_answered_and_all_is_told_while_the_store_hangs(hanging: Laboratory) -> None:
    with served(hanging) as server:
        got = server.get("explore.json", epochs=30)
        assert (got.status, got.headers["x-store"]) == (202, "silent")
        health = server.get("health")
        assert health.json["store"] == hanging.status().store.trouble
    found = figures(hanging)
    assert found["store_trouble",] == 1
    assert found["store_reads_total", "late"] == 1


def test_a_store_that_is_well_is_not_spoken_of(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "runs.sqlite"), deadline=PATIENCE)
    with store, Laboratory(1, store=store, command=FAKE) as laboratory, using(laboratory):
        assert said("en") == []
        with served(laboratory) as server:
            assert "x-store" not in server.get("explore.json").headers
            assert "store" not in server.get("health").json
        assert figures(laboratory)["store_trouble",] == 0
