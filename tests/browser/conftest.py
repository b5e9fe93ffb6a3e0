"""Chromium, the laboratory that all its tests share, and tabs to see it in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from core.experiment import Experiment
from core.experiment.records import Outcome, Run
from core.service.store import Store
from tests.browser.server import ROOT, Server, start
from tests.browser.tabs import DEVICES, FLAGS, PATIENCE_MS, Tabs, chromium
from tests.live.fake import made_up

pytest.register_assert_rewrite(*(f"tests.browser.{name}" for name in ("compare", "explore")))
APPS = Path(__file__).parent / "apps"
KNOWN = "epochs=40"


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., Server]]:
    """`serve(app, base="", *options, **environment)`; an app asked for twice is served once."""
    servers: dict[Any, Server] = {}

    def served(app: str | Path, base: str = "", *options: str, **environment: str) -> Server:
        asked = (app, base, options, tuple(environment.items()))
        if asked not in servers:
            servers[asked] = start(APPS / app, base, *options, **environment)
        return servers[asked]

    yield served
    for server in servers.values():
        server.end()
        server.log.unlink()


@pytest.fixture(scope="session")
def app(serve: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory) -> Server:
    """The laboratory with its workers and a store that was empty at first, for all its pages."""
    store = tmp_path_factory.mktemp("store") / "runs.sqlite"
    return serve(ROOT / "app.py", LEARNING_RATE_LAB_STORE=str(store))


@pytest.fixture(scope="session")
def below(serve: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory) -> Server:
    """Another laboratory, below a path, whose store knows the run of `KNOWN` from before."""
    store = str(tmp_path_factory.mktemp("known") / "runs.sqlite")
    with Store(store) as kept:
        kept.put([Run(Experiment(epochs=40), made_up(0, 1, 40), Outcome("finished", 40))])
    return serve(ROOT / "app.py", "/lab", LEARNING_RATE_LAB_STORE=store)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def all_tabs(browser: Browser) -> Iterator[Tabs]:
    tabs = Tabs(browser)
    yield tabs
    tabs.close()


@pytest.fixture
def tabs(all_tabs: Tabs, request: pytest.FixtureRequest) -> Iterator[Tabs]:
    """Where a test's tabs come from; an error on the console of any fails the test."""
    all_tabs.errors.clear()
    failed = request.session.testsfailed
    yield all_tabs
    all_tabs.take_back(keep=request.session.testsfailed == failed and not all_tabs.errors)
    assert all_tabs.errors == []


@pytest.fixture
def visit(tabs: Tabs) -> Callable[..., Page]:
    """`visit(**options)` opens a profile of its own, which nobody has used or will use."""
    return tabs.open


@pytest.fixture
def tab(tabs: Tabs) -> Callable[..., Page]:
    """`tab(**options)` opens a tab that tests before may have left, emptied."""
    return tabs.lend


@pytest.fixture
def page(tab: Callable[..., Page]) -> Page:
    """A laptop."""
    return tab(**DEVICES["laptop"])


@pytest.fixture
def phone(tab: Callable[..., Page]) -> Page:
    return tab(**DEVICES["phone"])
