"""The live socket, as a browser uses it."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from time import monotonic

import numpy as np
import pytest
from starlette.websockets import WebSocket
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from dashboard.components.live.socket import FLUSH_SECONDS, LiveSocket
from tests.live.fake import made_up
from tests.live.reading import unpacked

TURNS = 20  # of a loop
SECONDS = 60  # for one frame to come; a test that waits so long has failed


class Browser:
    """The other end: writes records by their epoch, and remembers what to ask for next."""

    def __init__(self, server):
        self.url = server.url.replace("http", "ws") + "/live"
        self.tables, self.outcomes, self.states, self.summaries = {}, {}, [], []
        self.sizes, self.seq = [], 0
        self.open = ExitStack()

    def watch(self, job, language="en", **options):
        self.job = job
        self.line = self.open.enter_context(connect(self.url, **options))
        self.ask(job, language)
        return self

    def ask(self, job, language="en", **more):
        asked = {"watch": job, "since": self.seq, "language": language, **more}
        self.line.send(json.dumps(asked))

    def hear(self):
        message = self.line.recv(timeout=SECONDS)
        if isinstance(message, bytes):
            for run, first, rows in unpacked(message)[1]:
                self.sizes.append(len(rows))
                self.tables.setdefault(run, {}).update(enumerate(rows, first))
            return
        said = json.loads(message)
        if said["say"] == "outcome":
            self.outcomes[said["run"]] = said["outcome"]
        if said["say"] == "summary":
            self.summaries.append(said)
        if said["say"] == "state":
            self.states.append(said)
            self.seq = said["seq"]

    def until(self, condition):
        while not condition():
            self.hear()

    def table(self, run):
        return np.array([row for _, row in sorted(self.tables[run].items())])

    def cut(self):
        self.open.close()


@pytest.fixture
def browser(server):
    browser = Browser(server)
    yield browser
    browser.cut()


def expected(run, count):
    return made_up(run, 1, count)[:, 2:].astype("f4")


def test_what_has_happened_comes_at_once_and_to_the_end(server, browser):
    server.laboratory.train("whole", runs=3, epochs=50)
    browser.watch("whole")
    browser.until(lambda: browser.summaries)
    assert [state["state"] for state in browser.states] == ["done"]
    assert browser.states[-1]["device"] == "made up"
    assert browser.outcomes[2]["kind"] == "finished"
    for run in range(3):
        np.testing.assert_array_equal(browser.table(run), expected(run, 50))


def test_what_happens_comes_as_it_happens(server, browser):
    lab = server.laboratory
    lab.begin("growing")
    browser.watch("growing")
    browser.until(lambda: browser.states)
    for epochs in (10, 20, 30):
        lab.records("growing", 0, 10)
        browser.until(lambda wanted=epochs: len(browser.tables.get(0, {})) == wanted)
    lab.finish("growing")
    browser.until(lambda: browser.states[-1]["state"] == "done")
    assert browser.states[-1]["done"] == browser.states[-1]["total"] == 200


def test_records_of_a_moment_come_together(server, browser):
    lab = server.laboratory
    lab.begin("quick", epochs=100)
    browser.watch("quick")
    browser.until(lambda: browser.states)
    begun = monotonic()
    for _ in range(100):
        lab.records("quick", 0, 1)
    browser.until(lambda: len(browser.tables.get(0, {})) == 100)
    assert len(browser.sizes) <= 2 + (monotonic() - begun) / FLUSH_SECONDS


def test_a_cut_loses_nothing_and_asks_for_little_again(server, browser):
    lab = server.laboratory
    lab.begin("cut", runs=2, epochs=90)
    browser.watch("cut")
    browser.until(lambda: browser.states)
    for wanted in (30, 60):
        for run in (0, 1):
            lab.records("cut", run, 30)
        browser.until(lambda: browser.states[-1]["done"] == 2 * wanted)  # noqa: B023
        browser.cut()
        browser.watch("cut")
    for run in (0, 1):
        lab.records("cut", run, 30)
    lab.finish("cut")
    browser.until(lambda: browser.states[-1]["state"] == "done")
    assert sum(browser.sizes) == 180
    for run in (0, 1):
        np.testing.assert_array_equal(browser.table(run), expected(run, 90))


def test_another_job_may_be_watched_on_the_same_line(server, browser):
    lab = server.laboratory
    lab.begin("old")
    lab.train("new", epochs=20)
    browser.watch("old")
    browser.until(lambda: browser.states)
    browser.seq = 0
    browser.ask("new")
    browser.until(lambda: browser.states[-1]["job"] == "new")
    assert browser.states[-1]["state"] == "done"
    assert not lab.jobs["old"].watchers


def test_a_state_tells_what_is_waited_for(server, browser):
    lab = server.laboratory
    lab.begin("waiting")
    lab.state("waiting", "queued", ahead=2)
    browser.watch("waiting")
    browser.until(lambda: browser.states)
    assert browser.states[-1]["ahead"] == 2
    lab.state("waiting", "loading", what="program")
    browser.until(lambda: browser.states[-1]["state"] == "loading")
    assert browser.states[-1]["what"] == "program"


def test_a_state_from_before_a_cut_is_still_told(server, browser):
    server.laboratory.begin("loading", state="loading")
    browser.watch("loading")
    browser.until(lambda: browser.states)
    browser.cut()
    browser.watch("loading")
    browser.until(lambda: len(browser.states) == 2)
    assert browser.states[1]["state"] == "loading"


def test_the_summary_speaks_the_visitors_language(server, browser):
    server.laboratory.train("spoken", epochs=20)
    browser.watch("spoken", "zh")
    browser.until(lambda: browser.summaries)
    assert "20" in browser.summaries[0]["sentence"]
    assert browser.summaries[0]["figures"][0]["label"] == "最终"


def test_a_verdict_that_comes_late_is_told_when_it_is_there(server, browser):
    server.laboratory.unjudged["late"] = 1
    server.laboratory.train("late", epochs=20)
    browser.watch("late")
    browser.until(lambda: len(browser.summaries) == 2)
    first, second = (one["sentence"] for one in browser.summaries)
    assert (first, second[:11]) == ("So far.", "Learns well")


def test_a_job_that_is_compared_with_another_is_summed_up_with_it(server, browser):
    server.laboratory.train("run", epochs=90)
    server.laboratory.train("check", epochs=40)
    browser.watch(None)
    browser.ask("check", against="run")
    browser.until(lambda: browser.summaries)
    assert browser.summaries[0]["job"] == "check"
    assert browser.summaries[0]["sentence"].startswith("40 of 90 epochs")


def test_an_unknown_job_is_said_to_be_one(browser):
    browser.watch("nobody-made-this")
    browser.until(lambda: browser.states)
    assert browser.states[0]["state"] == "unknown"


@pytest.mark.parametrize(
    "said",
    [
        "no JSON",
        "[]",
        '{"watch": 5}',
        '{"watch": "job", "since": -1}',
        '{"watch": "job", "since": "0"}',
        '{"watch": "job", "since": 1e400}',
        '{"watch": "job", "language": null}',
        '{"watch": "job", "against": 5}',
        r'{"watch": "job", "against": "\ud800"}',
        json.dumps({"watch": "j" * 2_000}),
        "[" * 1_000,
        '{"watch": ' * 90,
        r'{"watch": "\ud800"}',
        r'{"watch": "job", "language": "\ud800"}',
        b"",
        b'{"watch": "job"}',
    ],
)
def test_a_request_that_breaks_the_rules_ends_the_line(server, caplog, said):
    with connect(server.url.replace("http", "ws") + "/live") as line:
        line.send(said)
        with pytest.raises(ConnectionClosed) as closed:
            line.recv(timeout=SECONDS)
    assert closed.value.rcvd.code == 1008
    assert closed.value.rcvd.reason.startswith("Watch: ")
    assert caplog.text == ""


def test_a_page_of_a_foreign_origin_is_refused(browser):
    with pytest.raises(InvalidStatus) as refused:
        browser.watch("job", origin="https://evil.example")
    assert refused.value.response.status_code == 403


def test_a_page_of_the_same_origin_is_let_in(server, browser):
    browser.watch("nobody-made-this", origin=server.url)
    browser.until(lambda: browser.states)
    assert browser.states[0]["state"] == "unknown"


def test_who_leaves_is_no_longer_told(server, browser):
    lab = server.laboratory
    lab.begin("left")
    browser.watch("left")
    browser.until(lambda: browser.states)
    assert len(lab.jobs["left"].watchers) == 1
    browser.cut()
    lab.train("after", epochs=5)
    browser.seq = 0
    browser.watch("after")
    browser.until(lambda: browser.summaries)
    assert not lab.jobs["left"].watchers


def test_what_was_asked_by_somebody_who_has_left_is_not_looked_at(server, caplog):
    """The answer to the first watch finds that nobody is there; others are still to be read."""
    server.laboratory.train("unheard", epochs=5)
    asked = json.dumps({"watch": "unheard", "since": 0, "language": "en"})

    async def leave():
        said, gone = asyncio.Queue(), asyncio.Event()

        async def send(message):
            if message["type"] != "websocket.accept":
                gone.set()
                raise OSError

        def say(kind, **more):
            said.put_nowait({"type": f"websocket.{kind}", **more})

        lab = server.laboratory
        live = LiveSocket(lambda: lab, lab.summarise, bool)
        scope = {"type": "websocket", "headers": [], "client": ("127.0.0.1", 1)}
        say("connect")
        say("receive", text=asked)
        serving = asyncio.create_task(live.serve(WebSocket(scope, said.get, send)))
        await gone.wait()
        say("receive", text=asked)
        for _ in range(TURNS):  # in which it would be answered
            await asyncio.sleep(0)
        say("disconnect", code=1006)
        await serving

    with ThreadPoolExecutor(1) as alone:  # a browser's loop may run in this one
        alone.submit(asyncio.run, leave()).result(SECONDS)
    assert caplog.text == ""
