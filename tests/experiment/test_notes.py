"""Notes on what never does anything, against a run that never improves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.experiment import Experiment
from core.experiment.notes import notes
from core.experiment.schedules import Plateau


def noted(**changes: Any) -> list[tuple[str, str]]:
    given = {name.replace("__", "."): value for name, value in changes.items()}
    return [(note.code, note.path) for note in notes(Experiment().replace(given))]


def cuts(plateau: Plateau, epochs: int) -> list[int]:
    """The epochs, counted from 1, after which `keras.callbacks.ReduceLROnPlateau` cuts.

    Transcribed from Keras 3.15, `on_epoch_end`, for a figure that is best in the first epoch it
    looks at, which comes after the warm-up.
    """
    found, wait, cooling = [], 0, 0
    for epoch in range(plateau.warmup_epochs + 1, epochs + 1):
        if cooling > 0:
            cooling -= 1
            wait = 0
        if epoch == plateau.warmup_epochs + 1:
            wait = 0
        elif cooling <= 0:
            wait += 1
            if wait >= plateau.patience:
                found.append(epoch)
                cooling, wait = plateau.cooldown, 0
    return found


@pytest.mark.parametrize("cooldown", range(5))
@pytest.mark.parametrize("patience", [1, 2, 5])
def test_cuts_are_as_far_apart_as_the_help_says(patience: int, cooldown: int) -> None:
    plateau = Plateau(patience=patience, cooldown=cooldown)
    assert set(np.diff(cuts(plateau, 60))) == {patience + max(cooldown - 1, 0)}


@pytest.mark.parametrize("warmup", [0, 3])
@pytest.mark.parametrize("epochs", [1, 2, 5, 9, 10, 11, 12, 20])
def test_a_patience_is_noted_where_no_epoch_comes_after_a_cut(epochs: int, warmup: int) -> None:
    plateau = Plateau(patience=8, warmup_epochs=warmup)
    acts = any(epoch < epochs for epoch in cuts(plateau, epochs))
    found = [note.code for note in notes(Experiment(schedule=plateau, epochs=epochs))]
    assert found == (
        [] if acts else ["never_warm" if 0 < epochs <= warmup else "patience_too_long"]
    )


@pytest.mark.parametrize("epochs", [5, 49, 50, 51, 200])
@pytest.mark.parametrize("warmup", [0, 10])
def test_steps_are_noted_where_the_rates_have_none(epochs: int, warmup: int) -> None:
    settings = {"schedule.kind": "step", "schedule.warmup_epochs": warmup, "epochs": epochs}
    experiment = Experiment().replace(settings)
    updates = np.arange(epochs * experiment.updates_per_epoch)
    of = (experiment.optimizer.learning_rate, updates, experiment.updates_per_epoch, epochs)
    falls = bool((np.diff(experiment.schedule.rates(*of)) < 0).any())
    assert [note.code for note in notes(experiment)] == (
        [] if falls else ["never_warm" if epochs <= warmup else "step_too_late"]
    )


@pytest.mark.parametrize("rate", [0.01, 0.1])
def test_a_lowest_rate_that_is_not_below_the_rate_is_noted(rate: float) -> None:
    found = noted(schedule__kind="plateau", schedule__min_learning_rate=rate)
    assert found == [("lowest_not_below", "schedule.min_learning_rate")]
    assert noted(schedule__kind="plateau", schedule__min_learning_rate=0.0099) == []


def test_a_warm_up_as_long_as_the_run_is_noted_with_the_rate_it_ends_at() -> None:
    [note] = notes(Experiment().replace({"schedule.warmup_epochs": 300}))
    assert (note.code, note.path) == ("never_warm", "schedule.warmup_epochs")
    assert "at a rate of 0.0067 of 0.01" in note.english  # 0.01 · 200 / 300


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"schedule__kind": "plateau", "schedule__cooldown": 1}, "cooldown_of_one"),
        ({"schedule__kind": "time_decay", "schedule__decay": 0}, "stays"),
        ({"schedule__kind": "step", "schedule__factor": 1}, "stays"),
        ({"schedule__kind": "exponential", "schedule__decay_rate": 1}, "stays"),
        ({"schedule__kind": "cosine", "schedule__final_fraction": 1}, "stays"),
        ({"optimizer__nesterov": True}, "nesterov_alone"),
    ],
)
def test_what_else_does_nothing_is_noted(changes: dict[str, Any], code: str) -> None:
    assert [found for found, _ in noted(**changes)] == [code]


@pytest.mark.parametrize("kind", ["constant", "time_decay", "step", "exponential", "cosine"])
def test_nothing_is_noted_of_what_acts(kind: str) -> None:
    assert noted(schedule__kind=kind) == []
    assert noted(schedule__kind=kind, schedule__warmup_epochs=5, optimizer__momentum=0.9) == []


def changed(*changes: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    return noted(changes=list(changes), **more)


def test_a_schedule_of_a_change_is_noted_by_its_path_and_from_its_epoch_on() -> None:
    plateau = {"kind": "plateau", "patience": 98}
    assert changed({"epoch": 101, "schedule": plateau}) == []
    assert changed({"epoch": 102, "schedule": plateau}) == [
        ("patience_too_long", "changes.0.schedule.patience")
    ]
    warm = {"epoch": 151, "schedule": {"warmup_epochs": 100}, "optimizer.learning_rate": 0.1}
    [note] = notes(Experiment().replace({"changes": [{"epoch": 5, "epochs": 200}, warm]}))
    assert note.path == "changes.1.schedule.warmup_epochs"
    assert "at a rate of 0.05 of 0.1" in note.english  # 0.1 · 50 / 100


def test_a_schedule_that_a_change_puts_an_end_to_is_not_noted() -> None:
    late = {"schedule__kind": "step", "schedule__every_epochs": 300}
    assert changed(**late) == [("step_too_late", "schedule.every_epochs")]
    assert changed({"epoch": 100, "schedule": {"kind": "cosine"}}, **late) == []


def test_what_a_change_makes_act_is_not_noted() -> None:
    late = {"schedule__kind": "step", "schedule__every_epochs": 300}
    assert changed({"epoch": 200, "epochs": 400}, **late) == []
    low = {"schedule__kind": "plateau", "schedule__min_learning_rate": 0.01}
    assert changed({"epoch": 9, "optimizer.learning_rate": 0.1}, **low) == []
    assert changed({"epoch": 9, "optimizer.momentum": 0.9}, optimizer__nesterov=True) == []


def test_a_change_after_the_end_of_the_run_is_noted_and_makes_nothing_act() -> None:
    late = {"epoch": 201, "optimizer.momentum": 0.9}
    assert changed(late, optimizer__nesterov=True) == [
        ("nesterov_alone", "optimizer.nesterov"),
        ("change_too_late", "changes.0.epoch"),
    ]
    assert changed({**late, "epoch": 200}) == []
