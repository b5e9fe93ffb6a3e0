"""The tutorial's findings, one checkable sentence each."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from core.analysis.claims.judge import Check, Claim, Measure
from core.analysis.claims.measures import NOISE
from core.analysis.scale import TARGET

# What the tutorial's words are taken to mean. An accuracy from 500 rows has a standard error of
# about two points (√(0.8 · 0.2 / 500) = 0.018), and that is the grain of all of these.
LEARNT_WELL = TARGET
CLEARLY_WORSE = 0.02  # one standard error; seeds share data and weights, so most noise cancels
CLOSE = 0.02  # the same, the other way round
OSCILLATES = 0.02  # the training accuracy jumps by a standard error at every epoch
NOTHING = 0.05  # a rise of less than two standard errors and a half (√(⅓ · ⅔ / 500) = 0.021)
NEAR_ACCURACY = 0.05  # "near 65 %", read off a chart with a line every ten points
NEAR_NUMBER = 0.1  # a number read off a chart, or called "about", is good to a tenth of itself
FULL_RUN = 150  # an accuracy that needs all of the 200 epochs comes in their last quarter


# Values as far apart as `NOISE` are equal, so that a threshold on the grid of the rows includes it
# or leaves it out, whatever float32 makes of it.
def at_least(threshold: float) -> Check:
    def agrees(*values: float) -> bool:
        return all(value >= threshold - NOISE for value in values)

    return Check("at_least", agrees, threshold)


def at_most(threshold: float) -> Check:
    def agrees(*values: float) -> bool:
        return all(value <= threshold + NOISE for value in values)

    return Check("at_most", agrees, threshold)


def above(threshold: float) -> Check:
    return Check("above", lambda value: threshold + NOISE < value < math.inf, threshold)


def below(threshold: float) -> Check:
    return Check("below", lambda value: -math.inf < value < threshold - NOISE, threshold)


def exactly(number: float) -> Check:
    return Check("exactly", lambda value: value == number, number)


def near(number: float, tolerance: float) -> Check:
    def agrees(value: float) -> bool:
        return abs(value - number) <= tolerance + NOISE * number

    return Check("near", agrees, number, tolerance)


def lower_than_last(margin: float = 0.0) -> Check:
    """Whether every value but the last is below the last by more than `margin`."""

    def agrees(*values: float) -> bool:
        return all(value < values[-1] - margin - NOISE for value in values[:-1])

    return Check("lower_than_last", agrees, tolerance=margin)


def within(margin: float) -> Check:
    def agrees(one: float, other: float) -> bool:
        return abs(one - other) <= margin + NOISE

    return Check("within", agrees, tolerance=margin)


def each_higher(*values: float) -> bool:
    return all(before < after for before, after in pairwise(values))


RISING = Check("rising", each_higher)


def of(name: str, study: str, *values: Any) -> tuple[Measure, ...]:
    """The same measure of some cells of a study."""
    return tuple(Measure(name, study, value) for value in values)


LEARNING_RATE = (
    Claim(
        "rate-1-oscillates",
        "At a rate of 1 the accuracy keeps jumping up and down.",
        "learning-rate",
        of("late_swing", "learning-rate", 1.0),
        at_least(OSCILLATES),
    ),
    Claim(
        "rate-1-is-too-large",
        "A rate of 1 is too large: it ends well below a rate of 0.1.",
        "learning-rate",
        of("end", "learning-rate", 1.0, 0.1),
        lower_than_last(CLEARLY_WORSE),
    ),
    Claim(
        "rate-0.1-learns",
        "A rate of 0.1 learns the problem well.",
        "learning-rate",
        of("end", "learning-rate", 0.1),
        at_least(LEARNT_WELL),
    ),
    Claim(
        "rate-0.01-learns",
        "A rate of 0.01 learns the problem well.",
        "learning-rate",
        of("end", "learning-rate", 0.01),
        at_least(LEARNT_WELL),
    ),
    Claim(
        "rate-0.001-learns",
        "A rate of 0.001 learns the problem well.",
        "learning-rate",
        of("end", "learning-rate", 0.001),
        at_least(LEARNT_WELL),
    ),
    Claim(
        "smaller-is-slower",
        "Of the rates 0.1, 0.01 and 0.001, each smaller one takes longer to learn.",
        "learning-rate",
        of("learnt_epoch", "learning-rate", 0.1, 0.01, 0.001),
        RISING,
    ),
    Claim(
        "rates-learn-nothing",
        "Rates of 1e-6 and 1e-7 learn nothing.",
        "learning-rate",
        of("gain", "learning-rate", 1e-6, 1e-7),
        at_most(NOTHING),
    ),
)

MOMENTUM = (
    Claim(
        "momentum-by-50",
        "With a momentum of 0.9 or 0.99 the accuracy is reasonable after about 50 epochs.",
        "momentum",
        of("epochs_to_80", "momentum", 0.9, 0.99),
        at_most(50),
    ),
    Claim(
        "no-momentum-needs-200",
        "Without momentum the same accuracy takes all 200 epochs.",
        "momentum",
        of("epochs_to_80", "momentum", 0.0),
        above(FULL_RUN),
    ),
)

DECAY = (
    Claim(
        "paper-tenth-by-50",
        "On paper, a decay of 0.1 takes the rate down to a tenth within 50 steps"
        " (updates, called epochs in the tutorial).",
        "decay-on-paper",
        of("rate_after_50", "decay-on-paper", 0.1),
        at_most(0.1),
    ),
    Claim(
        "paper-ends-near-0.0004",
        "On paper, a decay of 0.1 ends near a rate of 0.0004.",
        "decay-on-paper",
        of("last_paper_rate", "decay-on-paper", 0.1),
        near(0.0004, NEAR_NUMBER * 0.0004),
        "The text rounds 0.000478 down; rounded to the nearest, it is 0.0005.",
    ),
    Claim(
        "decay-0.1-ends-at-3.1e-05",
        "Trained for 200 epochs, a decay of 0.1 ends at a rate of 3.1e-5.",
        "decay",
        of("last_rate", "decay", 0.1),
        near(3.1e-05, 0.05e-05),  # all numbers that are written 3.1e-05
    ),
    Claim(
        "decay-too-fast",
        "Decays of 0.1 and 0.01 are too fast: they end well below a decay of 1e-4.",
        "decay",
        of("end", "decay", 0.1, 0.01, 1e-4),
        lower_than_last(CLEARLY_WORSE),
    ),
    Claim(
        "decay-1e-4-is-close-to-none",
        "A decay of 1e-4 comes close to no decay at all.",
        "decay",
        (*of("end", "decay", 1e-4), *of("end", "learning-rate", 0.01)),
        within(CLOSE),
    ),
    Claim(
        "decay-1e-4-ends-near-0.0075",
        "A decay of 1e-4 ends at a rate of about 0.0075.",
        "decay",
        of("last_rate", "decay", 1e-4),
        near(0.0075, NEAR_NUMBER * 0.0075),
    ),
)

PATIENCE = (
    Claim(
        "patience-2-bottoms-by-25",
        "A patience of 2 takes the rate to its minimum within 25 epochs.",
        "patience",
        of("bottom_epoch", "patience", 2),
        at_most(25),
    ),
    Claim(
        "patience-5-bottoms-by-25",
        "A patience of 5 takes the rate to its minimum within 25 epochs.",
        "patience",
        of("bottom_epoch", "patience", 5),
        at_most(25),
    ),
    Claim(
        "patience-15-cuts-once",
        "A patience of 15 lowers the rate exactly once.",
        "patience",
        of("cuts", "patience", 15),
        exactly(1),
    ),
    Claim(
        "patience-2-near-65",
        "A patience of 2 ends near 65 % training accuracy.",
        "patience",
        of("train_end", "patience", 2),
        near(0.65, NEAR_ACCURACY),
    ),
    Claim(
        "patience-5-below-75",
        "A patience of 5 ends below 75 % training accuracy.",
        "patience",
        of("train_end", "patience", 5),
        below(0.75),
    ),
    Claim(
        "patience-10-settles-by-150",
        "With a patience of 10 the training accuracy has settled before epoch 150.",
        "patience",
        of("settled_epoch", "patience", 10),
        below(150),
    ),
)

OPTIMIZER = (
    *(
        Claim(
            f"{kind}-is-faster",
            f"{name} learns faster than plain gradient descent.",
            "optimizer",
            of("learnt_epoch", "optimizer", kind, "sgd"),
            lower_than_last(),
        )
        for kind, name in (("rmsprop", "RMSprop"), ("adagrad", "Adagrad"), ("adam", "Adam"))
    ),
    Claim(
        "adaptive-is-steadier",
        "RMSprop, Adagrad and Adam all learn more steadily than plain gradient descent.",
        "optimizer",
        of("test_swing", "optimizer", "rmsprop", "adagrad", "adam", "sgd"),
        lower_than_last(),
    ),
    Claim(
        "rmsprop-and-adam-by-50",
        "RMSprop and Adam have learnt the problem within 50 epochs.",
        "optimizer",
        of("learnt_epoch", "optimizer", "rmsprop", "adam"),
        at_most(50),
    ),
)

CLAIMS: tuple[Claim, ...] = (*LEARNING_RATE, *MOMENTUM, *DECAY, *PATIENCE, *OPTIMIZER)
