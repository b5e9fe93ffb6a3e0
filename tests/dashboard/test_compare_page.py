"""The page that compares, run without a browser on a made-up engine."""

from __future__ import annotations

from typing import Any

import pytest

from core.experiment.limits import SEED_MAX
from core.service import Laboratory
from dashboard.settings.compare import TABS
from dashboard.text import LANGUAGES, Words
from tests.dashboard.page_app import PageApp
from tests.service.fake_worker import DIVERGES, SLOW

EN = Words("en")
TWO = ["epochs~20", "optimizer.momentum~0.9~epochs~20"]
PINS = [*TWO, "optimizer.kind~adam~epochs~20", "study~momentum~epochs~20"]


def compare(lent: Laboratory, pins: list[str], **query: Any) -> PageApp:
    return PageApp("compare", lent, pin=pins, **query)


def pins(page: PageApp) -> list[str]:
    return list(page.app.query_params["pin"])


def press(page: PageApp, key: str) -> None:
    page.app.button(key=key).click()
    page.run()


def chart(page: PageApp) -> dict[str, Any]:
    data = page.component("compare-chart")
    assert data is not None
    return data


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("seeds", ["1", "3"])
def test_every_tab_is_drawn_in_both_languages(
    lent: Laboratory, tab: str, language: str, seeds: str
) -> None:
    page = compare(lent, PINS, tab=tab, seeds=seeds, lang=language)
    page.wait()
    assert page.warnings == []
    assert lent.progress(page.job).runs == 5 * int(seeds)  # two of the study's are pinned as well
    assert bool(chart(page)["figure"]["data"]) == (tab not in ("settings", "table"))
    assert bool(chart(page)["height"]) == (tab not in ("settings", "table"))


def test_another_tab_shows_the_same_job(lent: Laboratory) -> None:
    page = compare(lent, TWO)
    job = page.job
    page.app.query_params["tab"] = "overlay"
    page.run()
    assert (page.job, chart(page)["job"]) == (job, job)


def test_the_sentences_come_with_the_end_of_the_runs(lent: Laboratory) -> None:
    page = compare(lent, TWO, seeds="4", tab="difference")
    page.wait()
    assert "Momentum 0.9" in page.html
    assert "4 paired seeds" in page.html


def test_the_table_has_a_line_a_pin(lent: Laboratory) -> None:
    page = compare(lent, TWO, seeds="2", tab="table")
    page.wait()
    table = page.component("compare-table")
    assert table is not None
    assert [line["entries"][0]["text"] for line in table["lines"]] == ["Momentum 0", "Momentum 0.9"]
    assert [line["entries"][-1]["text"] for line in table["lines"]] == ["2 finished"] * 2


def test_a_removed_pin_comes_back_by_undo(lent: Laboratory) -> None:
    page = compare(lent, PINS)
    press(page, "remove-1")
    assert pins(page) == [PINS[0], *PINS[2:]]
    press(page, "undo")
    assert pins(page) == PINS


def test_a_pin_is_duplicated_moved_and_named(lent: Laboratory) -> None:
    page = compare(lent, TWO)
    job = page.job
    press(page, "duplicate-0")
    press(page, "later-1")
    page.app.text_input(key="name-2-").set_value("Mine")
    page.run()
    assert pins(page) == [TWO[0], TWO[1], f"name~Mine~{TWO[0]}"]
    assert page.job == job  # nothing new has to be trained


def test_another_optimizer_for_one_pin_leaves_a_ghost_of_it(lent: Laboratory) -> None:
    page = compare(lent, TWO)
    page.app.selectbox(key="control-pin-1-optimizer").set_value("adam")
    page.run()
    assert pins(page) == [TWO[0], "optimizer.kind~adam~epochs~20"]
    ghosts = [
        trace["xaxis"]
        for trace, bind in zip(chart(page)["figure"]["data"], chart(page)["binds"], strict=True)
        if bind["ghost"]
    ]
    assert ghosts == ["x2", "x2"]


def test_what_is_wrong_in_a_link_is_told_and_the_rest_applies(lent: Laboratory) -> None:
    page = compare(lent, [TWO[0], "momentum~7~epochs~20"], seeds="0", tab="overlay")
    [box] = page.warnings
    assert [sentence.split(" must")[0] for sentence in box.split("\n\n")] == [
        "Pin 2: **Momentum**",
        "**Seeds**",
    ]
    assert pins(page) == [TWO[0], TWO[0]]
    assert page.app.query_params["tab"] == "overlay"


def test_more_than_can_be_trained_at_once_is_told_and_not_handed_in(lent: Laboratory) -> None:
    long = [f"learning_rate~0.0{n}~epochs~2000" for n in range(1, 9)]
    page = compare(lent, long, seeds="50")
    [warning] = page.warnings
    assert "800000 epochs" in warning
    assert chart(page)["job"] is None


def test_there_is_no_ninth_pin(lent: Laboratory) -> None:
    page = compare(lent, [f"epochs~{10 + n}" for n in range(8)])
    press(page, "duplicate-3")
    assert page.warnings == [EN("refusals.said_too_many_pins", most=8)]
    assert len(pins(page)) == 8


def test_a_study_is_taken_apart(lent: Laboratory) -> None:
    page = compare(lent, PINS[3:])
    press(page, "apart-0")
    assert pins(page) == [
        "epochs~20",
        *(f"optimizer.momentum~{m}~epochs~20" for m in (0.5, 0.9, 0.99)),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tab", TABS)
def test_a_study_of_ones_own_is_compared_too(lent: Laboratory, tab: str, language: str) -> None:
    own = "study~own~vary~optimizer.momentum:linear:0.0:0.9:{count}~epochs~20"
    page = compare(lent, [own.format(count=n) for n in (4, 9)], tab=tab, seeds="2", lang=language)
    page.wait()
    assert page.warnings == []
    assert pins(page) == [own.format(count=n) for n in (4, 9)]
    if tab == "side-by-side":
        lines = [bind["field"] for bind in chart(page)["binds"] if not bind["factor"]]
        assert lines == ["val_accuracy"] * (4 + 9)


def test_a_study_of_ones_own_is_pinned_under_both_versions_of_keras(lent: Laboratory) -> None:
    own = {"study": "own", "vary": "momentum:list:0, 0.9", "epochs": "20"}
    page = PageApp("studies", lent, **own, preset="both", seeds="2")
    press(page, "studies-pin")
    held = page.app.session_state["comparison"]
    assert [pin.to_text() for pin in held.pins] == [
        "study~own~vary~optimizer.momentum:list:0, 0.9~epochs~20",
        "study~own~vary~optimizer.momentum:list:0, 0.9~epochs~20~preset~keras-3",
    ]
    assert held.seeds == 2


def test_a_study_too_large_to_compare_says_so(lent: Laboratory) -> None:
    many = {"study": "own", "vary": "momentum:linear:0:0.9:100", "epochs": "1"}
    page = PageApp("studies", lent, **many, and_vary="noise:list:1, 2", seeds="1")
    said = EN("refusals.said_too_many_values", count=200, most=100)
    assert said in [caption.value for caption in page.app.caption]


def test_what_diverged_is_told(lent: Laboratory) -> None:
    page = compare(lent, [TWO[0], f"seed~{DIVERGES}~epochs~20"], tab="table")
    page.wait()
    table = page.component("compare-table")
    assert table is not None
    assert [line["entries"][-1]["text"] for line in table["lines"]] == ["finished", "diverged"]


def test_what_was_stopped_is_told(lent: Laboratory) -> None:
    page = compare(lent, [f"seed~{SLOW}~epochs~2000", f"seed~{SLOW + 1}~epochs~2000"])
    lent.cancel(page.job)
    page.wait()
    assert "were not trained to their end" in page.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_stopped_can_go_on(lent: Laboratory, language: str) -> None:
    page = compare(lent, [f"seed~{SLOW}~epochs~2000", TWO[0]], lang=language)
    stopped = page.job
    press(page, "compare-job-stop")
    page.wait()
    assert page.job == stopped
    assert Words(language)("studies.train_on") in page.buttons()
    press(page, "compare-job-train_on")
    assert page.job != stopped
    assert lent.progress(page.job).state != "done"
    press(page, "compare-job-stop")


def test_what_is_too_much_leaves_nothing_of_the_pins_before(lent: Laboratory) -> None:
    page = compare(lent, TWO, tab="table")
    page.wait()
    assert page.component("compare-table") is not None
    page.app.query_params["pin"] = [f"learning_rate~0.0{n}~epochs~2000" for n in range(1, 9)]
    page.app.query_params["seeds"] = "50"
    page.run()
    assert len(page.warnings) == 1
    assert page.component("compare-table") is None


@pytest.mark.parametrize("start", ["momentum", "optimizer", "learning-rate"])
def test_an_empty_page_starts_with_one_click(lent: Laboratory, start: str) -> None:
    page = PageApp("compare", lent)
    press(page, f"start-{start}")
    assert len(pins(page)) == {"learning-rate": 8}.get(start, 4)
    lent.cancel(page.job)


@pytest.mark.parametrize(("seed", "seeds", "most"), [("0", "50", 20), (str(SEED_MAX - 1), "3", 2)])
def test_more_seeds_than_there_is_room_for_are_told_beside_how_many(
    lent: Laboratory, seed: str, seeds: str, most: int
) -> None:
    pin = f"study~own~vary~learning_rate:log:0.001:1:100~epochs~2~seed~{seed}"  # 2,000 runs may be
    page = PageApp("compare", lent, pin=[pin], seeds=seeds)
    assert page.told == {"compare-seeds": EN("common.too_large_seeds", most=most)}
    page.type("compare-seeds", "1")
    assert page.told == {}
    page.leave()
