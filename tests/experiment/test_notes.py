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
