"""How far two runs lie apart: what is rounding, what is chaos, and what is neither."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.agreement import APART, LASTING, ROUNDING, Difference, agreement
from core.experiment import Experiment
from core.experiment.records import COLUMNS, Outcome, Run

EPOCHS = 60
ROUNDED = 1e-7
VAL_LOSS, VAL_ACCURACY = COLUMNS.index("val_loss"), COLUMNS.index("val_accuracy")


def run(apart: dict[int, float] | None = None, epochs: int = EPOCHS, column: int = VAL_LOSS) -> Run:
    """A run with all figures 0.5 whose test loss is off by shares of itself, by epoch."""
    rows = np.full((epochs + 1, len(COLUMNS)), 0.5)
    rows[:, 0] = np.arange(epochs + 1)
    for epoch, share in (apart or {}).items():
        rows[epoch, column] *= 1 - share
    return Run.from_rows(Experiment(epochs=EPOCHS), rows, Outcome("finished", epochs))


def growing(first: int, most: float = 0.4) -> dict[int, float]:
    """Shares that grow from rounding, by the same factor an epoch, to beyond `APART` at `first`."""
    growth = np.geomspace(ROUNDED, APART * 1.01, first + 1)
    return dict(enumerate(growth)) | dict.fromkeys(range(first + 1, EPOCHS + 1), most)


def test_a_run_is_the_same_as_itself() -> None:
    found = agreement(run(), run())
    assert (found.kind, found.loss.size, found.accuracy.size, found.epochs) == (
        "same",
        0,
        0,
        EPOCHS,
    )


@pytest.mark.parametrize("epoch", [0, 1, 33, EPOCHS])
def test_the_largest_difference_is_told_with_its_column_and_epoch(epoch: int) -> None:
    found = agreement(run(), run({**dict.fromkeys(range(EPOCHS + 1), 1e-7), epoch: 3e-6}))
    assert found.loss == Difference("val_loss", epoch, pytest.approx(3e-6))
    assert found.kind == "same"


def test_it_does_not_matter_which_of_the_two_comes_first() -> None:
    one, other = run(), run(growing(20))
    for name in ("kind", "stretch", "loss", "accuracy"):
        assert getattr(agreement(one, other), name) == getattr(agreement(other, one), name)


@pytest.mark.parametrize("first", [1, 2, 20, EPOCHS])
def test_what_grows_from_rounding_and_stays_has_parted(first: int) -> None:
    found = agreement(run(), run(growing(first)))
    assert (found.kind, found.parted, found.rejoined) == ("parted", first, None)


def test_curves_that_cross_have_not_come_together() -> None:
    """Of two chaotic curves some epochs agree by accident, the last one too."""
    crossing = growing(20) | {30: 0.0, 31: 1e-8, EPOCHS: 0.0}
    crossing |= dict.fromkeys(range(40, 40 + LASTING - 1), 0.0)
    found = agreement(run(), run(crossing))
    assert (found.kind, found.parted) == ("parted", 20)


def test_what_stays_together_for_long_enough_has_come_together_again() -> None:
    """As the tutorial's own run does: apart in its first unstable epochs, then at one minimum."""
    back = growing(8) | dict.fromkeys(range(25, EPOCHS + 1), 1e-6)
    found = agreement(run(), run(back))
    assert (found.kind, found.parted, found.rejoined) == ("rejoined", 8, 25)
    assert found.loss.size == pytest.approx(0.4)


def test_of_several_partings_the_last_one_counts() -> None:
    twice = growing(8) | dict.fromkeys(range(15, 15 + LASTING), ROUNDED)
    found = agreement(run(), run(twice))
    assert (found.kind, found.parted) == ("parted", 15 + LASTING)


@pytest.mark.parametrize("start", [2 * ROUNDING, 0.2])
def test_what_never_agreed_is_not_called_chaos(start: float) -> None:
    """Another rule, other weights or other data differ before there was anything to grow."""
    found = agreement(run(), run({0: start} | dict.fromkeys(range(1, EPOCHS + 1), 0.3)))
    assert (found.kind, found.parted) == ("unlike", 0 if start > APART else 1)


def test_only_epochs_that_both_have_are_compared() -> None:
    found = agreement(run(epochs=12), run(growing(20)))
    assert (found.kind, found.epochs) == ("same", 12)


def test_runs_without_a_common_epoch_say_nothing_but_how_they_began() -> None:
    assert agreement(run(epochs=0), run()).epochs == 0
    assert agreement(run(epochs=0), run()).kind == "same"


def test_a_run_that_does_not_know_its_start_is_compared_from_the_first_epoch_on() -> None:
    old = Run(Experiment(epochs=EPOCHS), run().records, Outcome("finished", EPOCHS))
    found = agreement(old, run(growing(20)))
    assert (found.first, found.parted, found.epochs) == (1, 20, EPOCHS)
    nothing = Run(Experiment(epochs=EPOCHS), run().records[:0], Outcome("diverged", 1))
    assert (agreement(nothing, run()).kind, agreement(nothing, run()).epochs) == ("nothing", 0)


def test_a_loss_that_is_next_to_nothing_does_not_part_by_rounding() -> None:
    """Single precision leaves 1e-7 of a row's loss, however small the loss itself is."""
    one, other = (run() for _ in range(2))
    one.records[:, VAL_LOSS], other.records[:, VAL_LOSS] = 1e-9, 1e-7
    assert agreement(one, other).kind == "same"


def test_an_accuracy_is_compared_as_it_is_and_parts_nothing() -> None:
    """One row on the other side of a boundary is no other training."""
    found = agreement(run(), run({17: 0.01}, column=VAL_ACCURACY))
    assert found.accuracy == Difference("val_accuracy", 17, pytest.approx(0.005))
    assert found.kind == "same"
