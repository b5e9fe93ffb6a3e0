"""The page of one run, without a browser, on a made-up engine."""

from __future__ import annotations

import re
from html import unescape

import pytest

from core.experiment import Experiment
from core.service import Laboratory
from dashboard.components.controls.experiment import GROUPS
from dashboard.settings.explore import ExploreSettings
from dashboard.text import LANGUAGES, Words
from tests.dashboard.page_app import PageApp
from tests.experiment.kinds import FORK, each_kind
from tests.service.fake_worker import SLOW

QUICK = {"epochs": "30"}
LONG = {"epochs": "2000", "seed": str(SLOW)}  # 50 ms an epoch


def click(page: PageApp, label: str) -> None:
    [button] = [button for button in page.app.button if button.label == label]
    button.click()
    page.run()


def captions(page: PageApp) -> list[str]:
    return [caption.value for caption in page.app.caption]


def test_a_run_is_trained_as_soon_as_its_link_is_opened(lent: Laboratory) -> None:
    page = PageApp("explore", lent, **QUICK)
    page.wait()
    chart = page.component("explore-chart")
    assert chart is not None
    assert chart["job"] == page.job
    assert [run.outcome.kind for run in lent.runs(page.job)] == ["finished"]
    assert "Train" not in page.buttons()


@pytest.mark.parametrize("live", ["true", "false"])
def test_what_was_stopped_can_be_trained_again(lent: Laboratory, live: str) -> None:
    page = PageApp("explore", lent, **LONG, live=live)
    if live == "false":
        click(page, "Train")
    stopped = page.job
    click(page, "Stop")
    assert page.job == stopped
    assert lent.progress(stopped).state == "done"
    click(page, "Train")
    assert page.job != stopped
    assert lent.progress(page.job).state != "done"
    click(page, "Stop")


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_live_the_first_visit_says_that_nothing_is_trained(
    lent: Laboratory, language: str
) -> None:
    words = Words(language)
    page = PageApp("explore", lent, **QUICK, live="false", lang=language)
    assert words("explore.untrained") in captions(page)
    click(page, words("explore.train_button"))
    assert words("explore.untrained") not in captions(page)


def test_what_a_closed_group_holds_is_not_drawn(lent: Laboratory) -> None:
    page = PageApp("explore", lent, **QUICK)
    assert [field.label for field in page.app.text_input] == []
    assert {box.label for box in page.app.selectbox} == {"Optimizer"}


def test_the_points_are_fetched_and_not_sent(lent: Laboratory) -> None:
    picture = PageApp("explore", lent, **QUICK, data="moons", samples="60").component(
        "data-picture"
    )
    assert picture is not None
    assert picture["url"].startswith("points?data=")
    assert "figure" not in picture


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_never_does_anything_is_said_where_it_is_set(lent: Laboratory, language: str) -> None:
    never = {"schedule": "plateau", "min_learning_rate": "0,01"}
    page = PageApp("explore", lent, **QUICK, **never, lang=language)
    said = Words(language)("notes.lowest_not_below").format(lowest="0.01", rate="0.01")
    assert notes(page) == [said]
    page.app.session_state["group-schedule"] = True
    page.run()
    assert notes(page) == [said]
    assert said not in captions(page)


def notes(page: PageApp) -> list[str]:
    """What is noted of controls, or below the name of the closed group that they are in."""
    return [unescape(one) for one in re.findall('<p class="lrl-note">(.*?)</p>', page.html)]
    assert page.warnings == []


@pytest.fixture
def opened(lent: Laboratory) -> PageApp:
    """The page with the group of epochs and batch size opened; nothing is trained."""
    page = PageApp("explore", lent, live="false", batch_size="1")
    page.app.session_state["group-training"] = True
    page.run()
    return page


def type_into(page: PageApp, name: str, text: str) -> str:
    """Type into a box; what stands there afterwards."""
    page.app.text_input(key=f"control-{name}").set_value(text)
    page.run()
    return str(page.app.text_input(key=f"control-{name}").value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1,000", "could be 1 or 1000"),
        ("2e3", "at 500 updates an epoch; it was 2e3."),
        ("ten", "a whole number from 1 to 2000; it was ten."),
        ("5e3 ", "a whole number from 1 to 2000; it was 5e3 ."),
    ],
)
@pytest.mark.parametrize("right", ["", "200", "２００", "2e2"])
def test_a_refused_text_stays_in_its_box_until_it_is_put_right_or_emptied(
    opened: PageApp, text: str, told: str, right: str
) -> None:
    assert type_into(opened, "epochs", text) == text
    assert opened.told.keys() == {"control-epochs"}
    assert told in opened.told["control-epochs"]
    assert opened.warnings == []
    assert type_into(opened, "epochs", right) == "200"
    assert opened.told == {}


def test_a_refused_text_stays_while_other_controls_are_moved(opened: PageApp) -> None:
    type_into(opened, "epochs", "ten")
    type_into(opened, "seed", "7")
    assert opened.app.text_input(key="control-epochs").value == "ten"
    type_into(opened, "seed", "eight")
    assert opened.told.keys() == {"control-epochs", "control-seed"}
    assert type_into(opened, "epochs", "") == "200"
    assert opened.told.keys() == {"control-seed"}


@pytest.mark.parametrize("change", each_kind(), ids=lambda change: "-".join(change.values()))
def test_every_kind_has_its_controls(lent: Laboratory, change: dict[str, str]) -> None:
    experiment = Experiment().replace(change)
    page = PageApp("explore", lent, **ExploreSettings(experiment=experiment, live=False).to_query())
    for group in GROUPS:
        page.app.session_state[f"group-{group}"] = True
    page.run()
    assert page.warnings == []
    words, boxes = Words("en"), {box.label for box in page.app.selectbox}
    assert {words("fields.optimizer"), words("fields.loss"), words("fields.data")} <= boxes
    assert (words("fields.model") in boxes) == (experiment.data.kind == "digits")
    texts = {text.label for text in page.app.text_input}
    assert {words("fields.weight_decay"), words("fields.dropout")} <= texts
    assert (words("fields.filters") in texts) == (experiment.model.kind == "conv")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "From epoch 100 on: learning rate 0.001, epochs 300. "
         "From epoch 150 on: schedule Cosine, ends at 0.1."),
        ("zh", "从第 100 轮起：学习率 0.001，轮数 300。"
         "从第 150 轮起：调度 余弦，终点比例 0.1。"),
    ],
)  # fmt: skip
def test_changes_are_said_in_a_sentence(lent: Laboratory, language: str, sentence: str) -> None:
    state = ExploreSettings(experiment=Experiment(changes=FORK), live=False, language=language)
    page = PageApp("explore", lent, **state.to_query())
    assert page.warnings == []
    assert sentence in captions(page)


def test_a_schedule_that_one_returns_to_has_its_last_values(lent: Laboratory) -> None:
    page = PageApp("explore", lent, **QUICK, live="false")
    page.slide("control-patience", 10)
    page.slide("control-decay", 0.001)
    assert page.app.query_params["schedule.kind"] == "time_decay"
    assert "schedule.patience" not in page.app.query_params
    assert shown(page, "patience") == 10
    assert [is_dim(page, name) for name in ("patience", "decay")] == [True, False]
    page.app.button_group(key="control-schedule").set_value("plateau")
    page.run()
    assert page.app.query_params["schedule.patience"] == "10"
    assert (shown(page, "patience"), shown(page, "decay")) == (10, 0.001)
    page.app.button_group(key="control-schedule").set_value("time_decay")
    page.run()
    assert page.app.query_params["schedule.decay"] == "0.001"


def is_dim(page: PageApp, name: str) -> bool:
    slider = page.component(f"control-{name}")
    assert slider is not None
    return bool(slider["dim"])


def shown(page: PageApp, name: str) -> float:
    """What a slider shows."""
    slider = page.component(f"control-{name}")
    assert slider is not None
    return float(slider["value"])


def test_an_optimizer_that_one_returns_to_has_its_last_values(lent: Laboratory) -> None:
    page = PageApp("explore", lent, **QUICK, live="false")
    page.slide("control-momentum", 0.9)
    for kind in ("adam", "sgd"):
        page.app.selectbox(key="control-optimizer").set_value(kind)
        page.run()
    assert page.app.query_params["optimizer.momentum"] == "0.9"
    assert shown(page, "momentum") == 0.9


@pytest.mark.parametrize("name", ["decay", "patience"])
def test_a_slider_at_its_left_end_lets_the_rate_stay_and_undo_brings_the_schedule_back(
    lent: Laboratory, name: str
) -> None:
    page = PageApp("explore", lent, **QUICK, live="false")
    page.slide(f"control-{name}", 1)
    page.slide(f"control-{name}", 0)
    assert page.app.query_params["schedule.kind"] == "constant"
    page.app.button(key="explore-undo").click()
    page.run()
    assert page.app.query_params[f"schedule.{name}"] in ("1", "1.0")
