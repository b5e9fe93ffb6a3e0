"""What is typed and cannot be is told beside its control, on every page alike."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from core.service import Laboratory
from dashboard.text import LANGUAGES, Words
from tests.dashboard.page_app import TOLD, PageApp


class Control(NamedTuple):
    """A control that takes text: of which page and link, its key, a bad text and a good one.

    `stands` is where the link says what the control sets, and that it says so of the good text.
    """

    page: str
    query: dict[str, Any]
    key: str
    bad: str
    good: str
    stands: tuple[str, str]


OWN = {"study": "own", "vary": "learning_rate:log:0.01:1:3", "seeds": "1", "epochs": "20"}
LISTED = {**OWN, "vary": "momentum:list:0, 0.9"}
RATE = "optimizer.learning_rate"
IDLE = {"live": "false"}  # nothing is trained
CONTROLS = [
    Control("explore", IDLE, "control-learning_rate", "fast", "0,2", (RATE, "0.2")),
    Control("explore", IDLE, "control-decay", "1,000", "0.5", ("schedule.decay", "0.5")),
    Control("explore", IDLE, "control-patience", "2.5", "7", ("schedule.patience", "7")),
    Control("explore", IDLE, "control-epochs", "ten", "2e1", ("epochs", "20")),
    Control("studies", {"study": "momentum"}, "studies-seeds", "1,000", "３", ("seeds", "3")),
    Control("studies", {"study": "decay-on-paper"}, "studies-paper_rate", "5 %%", "0.5",
            ("paper.rate", "0.5")),
    Control("studies", OWN, "studies-first-0", "low", "0.1", ("vary", f"{RATE}:log:0.1:1.0:3")),
    Control("studies", OWN, "studies-count-0", "101", "2", ("vary", f"{RATE}:log:0.01:1.0:2")),
    Control("studies", LISTED, "studies-values-0", "0, 7", "0.5",
            ("vary", "optimizer.momentum:list:0.5")),
    Control("compare", {"pin": ["epochs~20"]}, "compare-seeds", "51", "2", ("seeds", "2")),
    Control("compare", {"pin": ["epochs~20"]}, "control-pin-0-momentum", "<b>7</b>", "0.5",
            ("pin", "optimizer.momentum~0.5~epochs~20")),
    Control("claims", {"seeds": "2"}, "claims-seeds", "1.5", "1", ("seeds", "1")),
]  # fmt: skip
GROUPS = ["group-training"]  # that a page has closed at first


def opened(lent: Laboratory, control: Control, language: str) -> PageApp:
    page = PageApp(control.page, lent, **control.query, lang=language)
    for group in GROUPS:
        page.app.session_state[group] = True
    page.run()
    assert page.told == {}
    return page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.key)
def test_what_cannot_be_is_told_beside_its_control_as_it_was_typed(
    lent: Laboratory, control: Control, language: str
) -> None:
    page = opened(lent, control, language)
    link = dict(page.app.query_params)
    page.type(control.key, control.bad)
    assert page.told.keys() == {control.key}
    sentence = page.told[control.key]
    assert control.bad in sentence
    assert sentence.endswith(Words(language)("refusals.by_hand"))
    assert page.warnings == []
    assert dict(page.app.query_params) == link
    page.leave()


@pytest.mark.parametrize("emptied", [False, True], ids=["put right", "emptied"])
@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.key)
def test_it_goes_when_the_text_is_put_right_or_emptied(
    lent: Laboratory, control: Control, emptied: bool
) -> None:
    page = opened(lent, control, "en")
    name, right = control.stands
    before = said(page, name)
    page.type(control.key, control.bad)
    page.type(control.key, "" if emptied else control.good)
    assert page.told == {}
    assert said(page, name) == (before if emptied else right)
    assert before != right
    page.leave()


def said(page: PageApp, name: str) -> str | None:
    """What the link says of a field; of pins what it says of the only one."""
    found = page.app.query_params.get(name)
    return found[0] if isinstance(found, list) else found


OF_LINKS: dict[str, tuple[dict[str, Any], set[str]]] = {  # and the controls of what is wrong
    "explore": (
        {"learning_rate": "fast", "schedule.patience": "ten", **IDLE},
        {"control-learning_rate", "control-patience"},
    ),
    "studies": ({"study": "momentum", "seeds": "ten", "band": "wide"}, {"studies-seeds"}),
    "a study of one's own": (
        {"study": "own", "vary": "haste:list:1", "seeds": "ten"},
        {"studies-field-0", "studies-seeds"},
    ),
    "compare": (
        {"pin": ["epochs~20", "epochs~20~momentum~7"], "seeds": "ten"},
        {"compare-seeds", "control-pin-1-momentum"},
    ),
    "claims": ({"seeds": "0", "preset": "keras-9"}, {"claims-seeds"}),
}


@pytest.mark.parametrize("name", OF_LINKS)
def test_what_a_link_gets_wrong_stands_in_one_box_and_beside_its_control(
    lent: Laboratory, name: str
) -> None:
    query, controls = OF_LINKS[name]
    page = PageApp("studies" if "own" in name else name, lent, **query)
    [box] = page.warnings
    sentences = box.replace("**", "").replace("`", "").split("\n\n")
    assert len(sentences) == 2
    assert controls <= page.told.keys()
    assert all(any(told in sentence for sentence in sentences) for told in page.told.values())
    page.leave()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_closed_group_was_refused_stands_below_its_name(
    lent: Laboratory, language: str
) -> None:
    query = {"epochs": "many", "data.noise": "loud", "hidden": "wide", "learning_rate": "fast"}
    page = PageApp("explore", lent, **query, **IDLE, lang=language)
    for typed in ("many", "loud", "wide"):
        assert sentences_with(typed, page) == 1
    page.app.session_state["group-training"] = True
    page.run()
    assert page.told.keys() >= {"control-learning_rate", "control-epochs"}
    assert sentences_with("many", page) == 1  # beside the field itself
    page.leave()


def sentences_with(typed: str, page: PageApp) -> int:
    """How many refusals quote what was typed."""
    return sum(typed in sentence for sentence in TOLD.findall(page.html))


WRONG: dict[str, tuple[dict[str, Any], str, str, Control]] = {  # a link, at whose field, another
    "explore": ({"seed": "many"}, "control-seed", "7", CONTROLS[0]),
    "studies": ({"paper.rate": "much"}, "studies-paper_rate", "0.1",
                Control("studies", {"study": "decay-on-paper"}, "studies-paper_decay_1", "", "0.5",
                        ("paper.decay_1", "0.5"))),
    "compare": ({"pin": ["epochs~20~momentum~7", "seed~3"]}, "control-pin-0-momentum", "0",
                Control("compare", {}, "compare-seeds", "", "2", ("seeds", "2"))),
    "another pin": ({"pin": ["epochs~20~momentum~7", "seed~3"]}, "control-pin-0-momentum", "0",
                    Control("compare", {}, "control-pin-1-momentum", "", "0.5",
                            ("seeds", "1"))),
    "claims": ({"seeds": "x"}, "claims-seeds", "1",
               Control("claims", {}, "", "", "", ("seeds", "1"))),
}  # fmt: skip


@pytest.mark.parametrize("by_undo", [False, True], ids=["step", "undo"])
@pytest.mark.parametrize("name", WRONG)
def test_what_a_link_got_wrong_stays_at_its_field_until_that_is_put_right(
    lent: Laboratory, name: str, by_undo: bool
) -> None:
    query, at, right, other = WRONG[name]
    page = PageApp(other.page, lent, **{**other.query, **query})
    page.app.session_state["group-training"] = True
    page.run()
    [sentence] = page.told.values()
    assert page.told.keys() == {at}
    if other.key:
        page.type(other.key, other.good)
        assert (page.told, page.warnings) == ({at: sentence}, [])
        assert said(page, other.stands[0]) == other.stands[1]
    if other.key and by_undo:
        next(button for button in page.app.button if button.label == "Undo").click()
        page.run()
        assert page.told == {at: sentence}
    page.type(at, right)
    assert page.told == {}
    page.leave()


def test_what_a_link_got_wrong_goes_with_its_pin(lent: Laboratory) -> None:
    page = PageApp("compare", lent, pin=["epochs~20~momentum~7", "seed~3"])
    page.app.button(key="remove-1").click()
    page.run()
    assert page.told == {}
    page.leave()


def test_all_that_was_refused_goes_with_a_return_to_the_start(lent: Laboratory) -> None:
    page = PageApp("explore", lent, **IDLE, momentum="7")
    page.type("control-learning_rate", "fast")
    assert len(page.told) == 2
    next(button for button in page.app.button if button.label == "Back to the tutorial").click()
    page.run()
    assert page.told == {}
    page.leave()


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.key)
def test_what_a_link_got_wrong_is_not_told_again_with_what_is_typed(
    lent: Laboratory, control: Control
) -> None:
    page = PageApp(control.page, lent, **control.query, haste="1")
    assert len(page.warnings) == 1
    page.app.session_state["group-training"] = True
    page.run()
    page.type(control.key, control.good)
    assert page.warnings == []
    page.leave()
