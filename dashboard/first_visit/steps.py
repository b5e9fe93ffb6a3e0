"""The three experiments of a first visit, and which of them a visitor has done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from core.experiment import Experiment
from core.experiment.refusals import FieldError

RATE = "optimizer.learning_rate"
NEAR = 1.5  # times more or less: a finger on a slider need not be exact
FREE = {"seed", "epochs", RATE}  # what may differ from the tutorial for the words to be true
EPOCHS_MIN = 50  # in fewer, a rate that is a little small looks like a tiny one


class Step(NamedTuple):
    """A rate to be tried."""

    name: str
    rate: float


STEPS = (Step("large", 1.0), Step("tiny", 0.0001), Step("good", 0.1))


@dataclass(frozen=True)
class Progress:
    """How many steps are done, and the rate at the last look."""

    done: int = 0
    rate: float | None = None

    @property
    def step(self) -> Step | None:
        """The step at hand; None after the last."""
        return STEPS[self.done] if self.done < len(STEPS) else None

    @property
    def last(self) -> Step | None:
        """The step that was done last, of which the strip says what one sees."""
        return STEPS[self.done - 1] if self.done else None

    def now(self, experiment: Experiment) -> Progress:
        """After a look at the settings: a step is done once its rate has been set.

        A rate that was there before is not one that was set: the words of the step come first.
        """
        rate = experiment.optimizer.learning_rate
        was_set = self.rate is not None and rate != self.rate
        if was_set and self.step and is_near(rate, self.step) and in_tutorial(experiment):
            return Progress(self.done + 1, rate)
        return replace(self, rate=rate)


def is_near(rate: float, step: Step) -> bool:
    """Whether a rate shows what the step is about."""
    return step.rate / NEAR <= rate <= step.rate * NEAR


def in_tutorial(experiment: Experiment) -> bool:
    """Whether the words of the steps are true of an experiment: those are the tutorial's."""
    plain = Experiment()
    same = {name: plain.get(name) for name in FREE}
    try:
        return experiment.replace(same) == plain and experiment.length >= EPOCHS_MIN
    except FieldError:
        return False


def tutorial_at(rate: float) -> Experiment:
    return Experiment().replace({RATE: rate})
