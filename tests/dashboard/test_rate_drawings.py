"""The small drawings of what becomes of the rate: each is the curve of its schedule's formula."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import unquote

import numpy as np
import pytest

from core.experiment.schedules import (
    SCHEDULES,
    Constant,
    Cosine,
    Exponential,
    Plateau,
    Schedule,
    Step,
    TimeDecay,
)
from dashboard.document import HERE

UPDATES_PER_EPOCH, EPOCHS = 16, 200  # the tutorial's
LEFT, TOP, WIDTH, DECADE = 3.0, 3.0, 58.0, 7.0  # of the drawing, in its own units
ROUNDED = 0.051  # a coordinate has one digit after the point
# What the style sheet says is drawn.
DRAWN: dict[str, Schedule] = {
    "constant": Constant(),
    "time_decay": TimeDecay(decay=0.03),
    "step": Step(factor=0.3, every_epochs=50),
    "exponential": Exponential(decay_rate=0.1, every_epochs=100),
    "cosine": Cosine(final_fraction=0.01),
}


def drawings() -> dict[str, list[tuple[float, float]]]:
    """The points of each drawing, by its schedule, in the order of the tiles."""
    style = (HERE / "style" / "rate.css").read_text()
    found = re.findall(r"nth-of-type\((\d)\).*?d='M(.*?)'.*?/\* (\w+) \*/", unquote(style), re.S)
    assert [int(place) for place, _, _ in found] == [1, 2, 3, 4, 5, 6]
    return {
        kind: [(float(x), float(y)) for x, y in (point.split(",") for point in path.split(" "))]
        for _, path, kind in found
    }


def test_there_is_a_drawing_for_each_way_in_the_order_of_the_tiles() -> None:
    assert list(drawings()) == list(SCHEDULES)


def place_of(multiple: float) -> float:
    return TOP - DECADE * float(np.log10(multiple))


def multiple_at(schedule: Schedule, update: float) -> float:
    found = schedule.rates(1.0, np.array([round(update)]), UPDATES_PER_EPOCH, EPOCHS)
    return float(found[0])


@pytest.mark.parametrize("kind", DRAWN)
def test_every_point_of_a_drawing_lies_on_the_curve(kind: str) -> None:
    schedule, points = DRAWN[kind], drawings()[kind]
    assert points[0] == (LEFT, TOP)
    assert points[-1][0] == LEFT + WIDTH
    for x, y in points:
        update = (x - LEFT) / WIDTH * UPDATES_PER_EPOCH * EPOCHS
        # A digit of x is about five updates; where the rate falls at once, both ends are right.
        around = [multiple_at(schedule, max(0, update + by)) for by in (-4, 0, 4)]
        lowest, highest = place_of(max(around)), place_of(min(around))
        assert lowest - ROUNDED <= y <= highest + ROUNDED


@pytest.mark.parametrize("kind", DRAWN)
def test_between_its_points_a_drawing_stays_near_the_curve(kind: str) -> None:
    schedule, points = DRAWN[kind], drawings()[kind]
    xs, ys = zip(*points, strict=True)
    for x in np.linspace(LEFT + 0.5, LEFT + WIDTH - 0.5, 50):
        update = (x - LEFT) / WIDTH * UPDATES_PER_EPOCH * EPOCHS
        if all(abs(x - one) > 0.1 for one in xs):
            true = place_of(multiple_at(schedule, update))
            assert abs(float(np.interp(x, xs, ys)) - true) < 0.5  # a quarter of the line's width


def test_a_plateau_stays_until_it_is_cut_by_its_factor() -> None:
    cut = -DECADE * float(np.log10(Plateau().factor))
    points = drawings()["plateau"]
    levels = sorted({y for _, y in points})
    assert levels == [TOP, TOP + cut, TOP + 2 * cut]
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points))
