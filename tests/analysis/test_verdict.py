"""The judgement of a run, on records made up so that the right word is known."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.verdict import judge
from core.experiment import Experiment
from core.experiment.records import Outcome, Run

EPOCHS = 100
EPOCH = np.arange(1, EPOCHS + 1)


def run(loss: np.ndarray, accuracy: np.ndarray, val_loss: np.ndarray | None = None) -> Run:
    """A finished run with these figures."""
    val_loss = loss if val_loss is None else val_loss
    table = np.column_stack(
        [EPOCH, 16 * EPOCH, 0.01 + 0 * loss, loss, accuracy, val_loss, accuracy]
    )
    return Run(Experiment(epochs=EPOCHS), table, Outcome("finished", EPOCHS))


def approach(start: float, end: float, epochs: float) -> np.ndarray:
    """A curve that nears `end`, most of the way within so many epochs."""
    return end + (start - end) * np.exp(-EPOCH / epochs)


RUNS = {
    "fast": run(approach(1.1, 0.4, 2), approach(0.3, 0.83, 2)),
    "well": run(approach(1.1, 0.4, 8), approach(0.3, 0.83, 8)),
    "slow": run(2.0 - 0.01 * EPOCH, 0.4 + 0.002 * EPOCH),
    "poor": run(approach(1.1, 0.7, 5), approach(0.3, 0.7, 5)),
    "nothing": run(np.full(EPOCHS, 4.0), np.full(EPOCHS, 0.33)),
    "oscillates": run(0.9 + 0.3 * (-1.0) ** EPOCH, 0.6 + 0.2 * (-1.0) ** EPOCH),
    "lost": run(np.where(EPOCH < 30, 0.4, 1.1), np.where(EPOCH < 30, 0.82, 0.4)),
    "overfits": run(approach(1.1, 0.1, 20), approach(0.3, 0.8, 9), 0.5 + 0.01 * EPOCH),
}


@pytest.mark.parametrize("word", RUNS)
def test_each_shape_of_a_curve_gets_its_word(word: str) -> None:
    verdict = judge(RUNS[word])
    assert verdict is not None
    assert verdict.judgement == word


def test_the_figures_are_read_off_the_records() -> None:
    accuracy = np.full(EPOCHS, 0.5)
    accuracy[[6, 41]] = 0.8, 0.9
    verdict = judge(run(np.where(EPOCH % 4 == 0, 0.6, 0.5), accuracy))
    assert verdict is not None
    assert (verdict.final, verdict.best, verdict.best_epoch, verdict.reached) == (0.5, 0.9, 42, 7)
    assert verdict.rises == EPOCHS // 4


def test_a_diverged_run_is_judged_by_the_epoch_at_which_it_did() -> None:
    table = RUNS["well"].records[:2]
    verdict = judge(Run(Experiment(), table, Outcome("diverged", 3)))
    assert verdict is not None
    assert (verdict.judgement, verdict.epoch) == ("diverged", 3)


def test_a_run_that_diverged_at_once_has_no_figures() -> None:
    verdict = judge(Run(Experiment(), RUNS["well"].records[:0], Outcome("diverged", 1)))
    assert verdict is not None
    assert np.isnan(verdict.final)
    assert verdict.reached is None


@pytest.mark.parametrize("epochs", [1, 2, 3])
def test_very_short_runs_are_judged_too(epochs: int) -> None:
    short = Run(
        Experiment(epochs=epochs), RUNS["well"].records[:epochs], Outcome("finished", epochs)
    )
    verdict = judge(short)
    assert verdict is not None
    assert (verdict.judgement == "short") == (epochs < 3)


def test_a_loss_near_nothing_may_jump() -> None:
    """As Adam's on digits: the loss doubles and halves, and nobody is wrong for it."""
    tiny = 4e-4 * (1 + 0.5 * (-1.0) ** EPOCH)
    verdict = judge(run(tiny, np.full(EPOCHS, 0.95)))
    assert verdict is not None
    assert verdict.judgement == "fast"


@pytest.mark.parametrize(("fall", "word"), [(0.001, "slow"), (0.0, "poor")])
def test_a_loss_that_falls_slowly_under_noise_is_still_falling(fall: float, word: str) -> None:
    noise = np.random.default_rng(1).normal(0, 0.01, EPOCHS)
    verdict = judge(run(0.6 - fall * EPOCH + noise, np.full(EPOCHS, 0.7)))
    assert verdict is not None
    assert verdict.judgement == word


def test_a_peak_above_the_target_is_not_enough_to_have_learned_well() -> None:
    accuracy = np.full(EPOCHS, 0.74)
    accuracy[40] = 0.81
    verdict = judge(run(np.full(EPOCHS, 0.6), accuracy))
    assert verdict is not None
    assert (verdict.judgement, verdict.reached) == ("poor", 41)


def test_a_run_without_an_epoch_has_no_verdict() -> None:
    assert judge(Run(Experiment(), RUNS["well"].records[:0], Outcome("stopped", 0))) is None
