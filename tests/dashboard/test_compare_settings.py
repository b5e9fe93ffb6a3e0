"""What a visitor does with pins."""

from __future__ import annotations

import dataclasses

import pytest

from core.experiment import Experiment
from core.experiment.refusals import FieldError
from dashboard.lines.ghosts import shown_next
from dashboard.lines.labels import line_names, pin_names
from dashboard.lines.plan import plan
from dashboard.settings.compare import PINS_MAX, CompareSettings
from dashboard.settings.pin import Pin
from dashboard.text import Words

MOMENTA = (0.0, 0.5, 0.9, 0.99)
WORDS = Words("en")


def momentum(value: float) -> Pin:
    return Pin(Experiment().replace({"optimizer.momentum": value}))


@pytest.fixture
def four() -> CompareSettings:
    return CompareSettings(tuple(map(momentum, MOMENTA)), reference=2)


def momenta(of: CompareSettings) -> list[float]:
    return [pin.experiment.get("optimizer.momentum") for pin in of.pins]


def test_pins_are_moved_and_the_reference_stays_the_same_pin(four: CompareSettings) -> None:
    moved = four.moved(3, 0)
    assert momenta(moved) == [0.99, 0.0, 0.5, 0.9]
    assert moved.reference == 3
    assert four.moved(1, 2).reference == 1


def test_a_pin_is_removed_and_the_reference_stays_the_same_pin(four: CompareSettings) -> None:
    assert momenta(four.removed(0)) == [0.5, 0.9, 0.99]
    assert four.removed(0).reference == 1
    assert four.removed(2).reference == 0


def test_a_duplicate_stands_right_after_its_original(four: CompareSettings) -> None:
    doubled = four.duplicated(1)
    assert momenta(doubled) == [0.0, 0.5, 0.5, 0.9, 0.99]
    assert doubled.reference == 3


def test_there_is_room_for_eight_and_no_more(four: CompareSettings) -> None:
    full = four
    while len(full.pins) < PINS_MAX:
        full = full.duplicated(0)
    for one_more in (lambda: full.duplicated(0), lambda: full.added(Pin())):
        with pytest.raises(FieldError):
            one_more()


def test_a_study_is_taken_apart_into_its_runs() -> None:
    apart = CompareSettings((Pin(study="momentum"), Pin()), reference=1).taken_apart(0)
    assert momenta(apart) == [*MOMENTA, 0.0]
    assert apart.reference == 4
    with pytest.raises(FieldError):
        CompareSettings((Pin(study="learning-rate"), Pin())).taken_apart(0)


def test_a_control_changes_its_own_pin_only(four: CompareSettings) -> None:
    changed = four.with_pin(1, four.pins[1].with_value("optimizer.learning_rate", 0.1))
    assert [pin for n, pin in enumerate(changed.pins) if n != 1] == [
        pin for n, pin in enumerate(four.pins) if n != 1
    ]
    assert changed.pins[1].experiment.get("optimizer.learning_rate") == 0.1


def test_the_same_pins_in_another_order_or_by_other_names_are_the_same_job(
    four: CompareSettings,
) -> None:
    jobs = {
        plan(of.pins, 3).experiments
        for of in (four, four.moved(0, 2), four.renamed(1, "Mine"), four.duplicated(0))
    }
    assert len(jobs) == 1


def test_a_slider_leaves_a_ghost_of_its_own_pin_and_nothing_else_does(
    four: CompareSettings,
) -> None:
    first = shown_next("job 1", four.pins, plan(four.pins, 1), None)
    slid = four.with_pin(1, momentum(0.7))
    second = shown_next("job 2", slid.pins, plan(slid.pins, 1), first)
    assert {place: line.numbers for place, line in second.ghosts.items()} == {
        1: plan(four.pins, 1).of_pin(1)[0].numbers
    }
    again = shown_next("job 2", slid.renamed(0, "Slow").pins, plan(slid.pins, 1), second)
    assert again == second
    for other, seeds in ((slid.removed(0), 1), (slid.moved(0, 1), 1), (slid, 5)):
        assert not shown_next("job 3", other.pins, plan(other.pins, seeds), second).ghosts


def test_pins_go_by_what_distinguishes_them(four: CompareSettings) -> None:
    assert pin_names(four.pins, WORDS)[-1] == "Momentum 0.99"
    kinds = [Experiment().replace({"optimizer.kind": kind}) for kind in ("sgd", "adam", "adagrad")]
    assert pin_names([Pin(kind) for kind in kinds], WORDS) == ["SGD", "Adam", "Adagrad"]
    fast = Experiment().replace({"optimizer.kind": "adam", "optimizer.learning_rate": 0.1})
    assert pin_names([Pin(), Pin(fast)], WORDS) == ["SGD", "Adam, learning rate 0.1"]
    assert pin_names([Pin(), Pin(), Pin(name="Mine")], WORDS) == [
        "The tutorial’s run",
        "The tutorial’s run (2)",
        "Mine",
    ]
    named = [Pin(name=name) for name in ("A", "A (2)", "A", "A (2)")]
    assert pin_names(named, WORDS) == ["A", "A (2)", "A (3)", "A (2) (2)"]
    decays = [Experiment().replace({"schedule.kind": "time_decay", "schedule.decay": 0.1})]
    assert pin_names([Pin(), *map(Pin, decays)], WORDS) == ["Constant", "Decay 0.1"]


@pytest.mark.parametrize(
    "names", [("A", "A (2)", "A"), ("A", "A", "A (2)"), ("A (2)", "A", "A", "A (3)", "A")]
)
def test_no_two_pins_have_the_same_name(names: tuple[str, ...]) -> None:
    found = pin_names([Pin(name=name) for name in names], WORDS)
    assert len(set(found)) == len(names)
    assert {*names} <= {*found}  # whoever has a name alone, or first, keeps it


def test_no_two_lines_have_the_same_name() -> None:
    pins = (Pin(study="momentum", name="A"), momentum(0.7), momentum(0.8))
    pins = (pins[0], *(dataclasses.replace(pin, name="A: 0.9") for pin in pins[1:]))
    lines = line_names(plan(pins, 1).lines, pin_names(pins, WORDS), WORDS)
    assert len(set(lines)) == len(lines) == 6
