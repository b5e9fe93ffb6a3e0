"""What to try after a run: one setting, by its path."""

from __future__ import annotations

from typing import Any

from core.experiment import Experiment
from core.experiment.limits import EPOCHS_MAX
from core.experiment.records import Run
from core.experiment.refusals import FieldError

FADED = 0.1  # of the rate that was asked for: less is left, and the schedule is the reason
RATE = "optimizer.learning_rate"
CLIPNORM = "optimizer.clipnorm"
STEP = 10.0  # between two rates that are worth a try
HEAVY = 0.01  # a decay of the weights that may be too much; AdamW's own is 0.004
LARGE = 0.1  # a rate that may be too large for anything; a larger one is never proposed
# What makes a rate fall later: the field of each schedule, and what it is multiplied by.
SLOWER = {
    "time_decay": ("schedule.decay", 1 / STEP),
    "plateau": ("schedule.patience", 2),
    "step": ("schedule.every_epochs", 2),
    "exponential": ("schedule.every_epochs", 2),
}


def next_step(run: Run, cause: str, detail: str, best_epoch: int) -> dict[str, Any] | None:
    """A setting to try, where one follows from the cause; one that the experiment can have.

    `best_epoch` is that of the lowest test loss.
    """
    experiment = run.experiment
    if experiment.changes:  # its settings are those of several stages
        return None
    found = proposal(experiment, cause, detail, best_epoch)
    if found is None or any(experiment.get(path) == value for path, value in found.items()):
        return None
    try:
        experiment.replace(found)
    except FieldError:
        return None
    return found


def proposal(
    experiment: Experiment, cause: str, detail: str, best_epoch: int
) -> dict[str, Any] | None:
    rate, epochs = experiment.optimizer.learning_rate, experiment.epochs
    match cause, detail:
        case ("lost", "") | ("settled", "") if lighter(experiment):
            return lighter(experiment)
        case (("diverged" | "too_large" | "lost"), _) | ("good", "slipped"):
            return {RATE: three_digits(rate / STEP)}
        case (("nothing" | "too_small"), _) if experiment.optimizer.clipnorm > 0:
            return {CLIPNORM: three_digits(experiment.optimizer.clipnorm * STEP)}
        case "settled", "" if rate > LARGE:
            return {RATE: three_digits(rate / STEP)}
        case "nothing", "":
            return {RATE: three_digits(min(rate * STEP**2, LARGE))} if rate < LARGE / STEP else None
        case (("too_small" | "settled"), "faded"):
            return slower(experiment)
        case "too_small", _:
            return larger(rate)
        case "still_improving", _ if epochs == EPOCHS_MAX:
            return larger(rate)
        case "too_short", ("restless" | "falls"):
            return {RATE: three_digits(rate / STEP)}
        case ("still_improving", _) | ("too_short", "unclear") | ("nothing", "down"):
            return {"epochs": min(2 * epochs, EPOCHS_MAX)}
        case "too_short", _:
            return {"epochs": min(round(STEP * epochs), EPOCHS_MAX)}
        case "overfits", _:
            return {"epochs": best_epoch}
        case "never_warmed", _:
            return {"schedule.warmup_epochs": epochs // round(STEP)}
    return None


def larger(rate: float) -> dict[str, Any] | None:
    """The next rate that is worth a try; none where it may be too large for anything."""
    return {RATE: three_digits(min(rate * STEP, LARGE))} if rate < LARGE else None


def lighter(experiment: Experiment) -> dict[str, Any] | None:
    """A smaller penalty on the weights, or decay of them, where there is much of one."""
    if experiment.model.l2 > 0:
        return {"model.l2": three_digits(experiment.model.l2 / STEP)}
    decay = experiment.optimizer.weight_decay
    return {"optimizer.weight_decay": three_digits(decay / STEP)} if decay > HEAVY else None


def slower(experiment: Experiment) -> dict[str, Any] | None:
    """A schedule of the same kind whose rate falls later."""
    kind = experiment.schedule.kind
    if kind not in SLOWER:
        return None
    path, times = SLOWER[kind]
    value = experiment.get(path) * times
    return {path: three_digits(value) if times < 1 else min(round(value), EPOCHS_MAX)}


def three_digits(value: float) -> float:
    """Three digits: 0.01 / 10 is 0.001.

    >>> three_digits(0.03 / 10)
    0.003
    """
    return float(f"{value:.3g}")
