"""What the server loads after it has begun to answer."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from core.service.machine import WORKERS_VARIABLE
from dashboard import late
from dashboard.answering import ROUTER
from dashboard.late import AfterLoading, Late, late_routes
from tests.browser.server import ROOT, free_port

PATIENCE = 60
MOMENT = 0.1  # seconds


def test_every_address_of_what_answers_is_known_beforehand():
    assert {route.path for route in late_routes()} == {route.path for route in ROUTER.routes}


def test_what_is_asked_comes_to_who_answers(lent):
    told = []

    async def send(message):
        told.append(message)

    async def receive():
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": "/health", "root_path": "", "headers": []}
    with ThreadPoolExecutor(1) as alone:  # a browser's loop may run in this one
        alone.submit(asyncio.run, Late()(scope, receive, send)).result()
    assert told[0]["status"] in (200, 503)
    assert b'"ready"' in told[1]["body"]


def test_a_socket_is_opened_once_the_pages_are_loaded():
    opened = threading.Event()

    async def app(scope, receive, send):
        opened.set()

    late.LOADED.clear()
    with ThreadPoolExecutor(1) as alone:
        asked = alone.submit(asyncio.run, AfterLoading(app)({"type": "websocket"}, None, None))
        early = opened.wait(MOMENT)
        late.LOADED.set()
        asked.result(PATIENCE)
    assert (early, opened.is_set()) == (False, True)


def test_a_page_s_own_files_wait_for_nothing():
    passed = []

    async def app(scope, receive, send):
        passed.append(scope["type"])

    late.LOADED.clear()
    try:
        with ThreadPoolExecutor(1) as alone:
            alone.submit(asyncio.run, AfterLoading(app)({"type": "http"}, None, None)).result()
    finally:
        late.LOADED.set()
    assert passed == ["http"]


def test_the_server_answers_before_numpy_and_the_laboratory_are_loaded():
    program = "import sys, app; print([m for m in sys.modules if m in ('numpy', 'core.service')])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_server_that_cannot_open_its_laboratory_says_why_and_ends():
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", free_port()]
    done = subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        env={**os.environ, WORKERS_VARIABLE: "none at all"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode != 0
    assert f"`{WORKERS_VARIABLE}` must be a whole number" in done.stderr
