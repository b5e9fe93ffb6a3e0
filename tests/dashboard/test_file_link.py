"""Files to take home: a link that a page gave is good for as long as its session lasts."""

from __future__ import annotations

import re

import pytest

from core.experiment import Experiment
from core.experiment.records import to_csv
from core.service import Laboratory
from dashboard.components.file_link import GONE, WHERE
from tests.dashboard.page_app import PageApp
from tests.dashboard.served import served

LINK = re.compile(r'<a class="file-link" href="([^"]*)" download="([^"]*)"[^>]*>([^<]*)</a>')
PAGES = {
    "explore": ({"seed": "81"}, ["run.csv", "experiment.json", "train.py"]),
    "studies": (
        {"study": "momentum", "seeds": "2"},
        ["momentum-table.csv", "momentum-records.csv"],
    ),
    "compare": ({"pin": "seed~82", "tab": "table"}, ["comparison.csv", "records.csv"]),
}


def links(page: PageApp) -> dict[str, str]:
    """The addresses of a page's files, by their names."""
    return {name: address for address, name, _ in LINK.findall(page.html)}


@pytest.mark.parametrize("name", PAGES)
def test_a_link_to_a_file_outlives_every_run_of_every_page(lent: Laboratory, name: str) -> None:
    query, files = PAGES[name]
    page = PageApp(name, lent, **query)
    page.wait()
    first = links(page)
    assert list(first) == files
    with served(lent) as server:
        before = {file: server.get(address) for file, address in first.items()}
        for _ in range(2):
            page.run()
            PageApp(name, lent, **query).leave()  # somebody else's
        assert links(page) == first
        for file, address in first.items():
            got = server.get(address)
            assert (got.status, got.text) == (200, before[file].text)
            assert got.headers["content-disposition"] == f"attachment; filename*=utf-8''{file}"


def test_a_file_holds_what_its_page_shows_when_it_is_fetched(lent: Laboratory) -> None:
    page = PageApp("explore", lent, seed="83")
    address = links(page)["run.csv"]
    page.wait()
    page.app.query_params["seed"] = "84"
    page.run()
    page.wait()
    [run] = lent.runs(page.job)
    assert run.experiment == Experiment(seed=84)
    with served(lent) as server:
        assert server.get(address).text == to_csv([run])


def test_a_file_of_a_page_that_was_closed_says_so(lent: Laboratory) -> None:
    with served(lent) as server:
        got = server.get(f"{WHERE}/no-such-file/run.csv")
    assert (got.status, got.text) == (404, GONE)
