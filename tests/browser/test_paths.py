"""Two people's ways through the laboratory, from end to end."""

from __future__ import annotations

import csv
import io

from playwright.sync_api import Page, expect

from dashboard.text import Words
from tests.browser.compare import open_tab
from tests.browser.explore import (
    at_rest,
    choose,
    download,
    no_traceback,
    open_page,
    wait_done,
)
from tests.browser.server import Server

EN = Words("en")
SEEDS = 10


def test_a_student_who_knows_nothing_tries_three_rates_and_opens_the_claim_about_them(
    page: Page, app: Server
) -> None:
    page.goto(app.url)
    job = wait_done(page)
    strip = page.locator(".lrl-first")
    said = []
    for name, rate in (("large", "1"), ("tiny", "0.0001"), ("good", "0.1")):
        strip.get_by_role("button", name=EN("first_visit.set", rate=rate)).click()
        expect(strip).to_contain_text(EN(f"first_visit.seen_{name}"))
        job = wait_done(page, not_job=job)
        said.append(page.locator(".lrl-verdict").inner_text())
    assert said[0].startswith("Too large")
    assert said[1].startswith("Too small")
    assert "Learns" in said[2]
    at_rest(page)
    page.get_by_role("link", name=EN("first_visit.claims")).click()
    claim = page.locator(".st-key-claim-rate-1-oscillates")
    expect(claim.locator(".claim")).to_have_attribute("data-verdict", "holds", timeout=240_000)
    claim.locator("summary").click()
    expect(claim.locator(".claim-question")).to_be_visible()
    expect(claim.locator(".lrl-chart")).to_be_visible()
    no_traceback(page)


def test_an_engineer_pastes_a_link_compares_three_optimizers_and_takes_the_table_home(
    page: Page, app: Server
) -> None:
    """The link is of yesterday: every field by its last word."""
    job = open_page(page, app, "optimizer=sgd&learning_rate=0.01&momentum=0.9&epochs=40")
    for count, optimizer in enumerate(("SGD", "Adam", "RMSprop"), 1):
        if optimizer != "SGD":
            choose(page, "Optimizer", optimizer)
            job = wait_done(page, not_job=job)
        at_rest(page)
        page.get_by_role("button", name=EN("compare.pin_button"), exact=True).click()
        expect(page.get_by_role("link", name=EN("compare.open", count=count))).to_be_visible()
    page.get_by_role("link", name=EN("compare.open", count=3)).click()
    page.wait_for_url("**/compare?pin=**")
    job = wait_done(page, not_job=job)
    seeds = page.locator(".st-key-compare-seeds input[type=text]")
    seeds.fill(str(SEEDS))
    seeds.press("Enter")
    wait_done(page, not_job=job)
    open_tab(page, "table", EN)
    rows = list(csv.DictReader(io.StringIO(download(page, "Table as CSV"))))
    assert [row["run"] for row in rows] == ["SGD, momentum 0.9", "Adam", "RMSprop"]
    for row in rows:
        assert row["runs"] == row["finished"] == str(SEEDS)
        assert float(row["final_low"]) < float(row["final"]) < float(row["final_high"])
    no_traceback(page)
