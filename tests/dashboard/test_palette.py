"""Colours, by their meaning: seen on either page, and each of a family of its own."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from dashboard.lines import palette
from tests.dashboard.test_compare_colours import PAGES, contrast, lab, linear

LEAST = 3.0  # WCAG 2.2, 1.4.11, of what is drawn
FAMILY = 30.0  # degrees of hue between two families
NEUTRAL = 12.0  # of chroma; that of the train's blue is 45

LINES = {
    "train": palette.TRAIN,
    "test": palette.TEST,
    "rate": palette.RATE,
    "diverged": palette.DIVERGED,
    **{f"class {number}": hue for number, hue in enumerate(palette.CLASSES)},
}


def hue_and_chroma(colour: str) -> tuple[float, float]:
    _, a, b = lab(linear(colour))
    return float(np.degrees(np.arctan2(b, a))), float(np.hypot(a, b))


def turn(one: str, other: str) -> float:
    """Degrees between two hues, the short way round."""
    apart = abs(hue_and_chroma(one)[0] - hue_and_chroma(other)[0]) % 360
    return min(apart, 360 - apart)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", LINES)
def test_every_line_and_point_stands_out_from_either_page(name: str, page: str) -> None:
    assert contrast(LINES[name], page) >= LEAST


@pytest.mark.parametrize("line", [palette.TRAIN, palette.TEST])
def test_classes_are_of_other_families_than_train_and_test(line: str) -> None:
    close = {hue for hue in palette.CLASSES if turn(hue, line) < FAMILY}
    assert close == set()


def test_the_rate_is_neutral_and_no_class_is() -> None:
    assert hue_and_chroma(palette.RATE)[1] < NEUTRAL
    assert all(hue_and_chroma(hue)[1] > 2 * NEUTRAL for hue in palette.CLASSES)


def test_each_class_has_a_shape_and_a_hue_of_its_own() -> None:
    assert len(set(palette.CLASSES)) == len(set(palette.SYMBOLS)) == 10


@pytest.mark.parametrize("count", range(1, 13))
def test_values_in_an_order_go_from_dark_to_light_on_either_page(count: int) -> None:
    hues = palette.ordered_hues(count)
    lightness = [float(lab(linear(hue))[0]) for hue in hues]
    assert len(hues) == count
    assert all(dark < light for dark, light in pairwise(lightness))
    assert all(contrast(hue, page) >= LEAST for hue in hues for page in PAGES)


@pytest.mark.parametrize("count", range(1, 13))
def test_values_in_an_order_are_of_other_families_than_train_and_test(count: int) -> None:
    lines = (palette.TRAIN, palette.TEST)
    close = {hue for hue in palette.ordered_hues(count) for one in lines if turn(hue, one) < FAMILY}
    assert close == set()


def test_a_ghost_has_a_quarter_and_a_band_a_fifth_of_the_strength() -> None:
    assert (palette.GHOST_OPACITY, palette.BAND_OPACITY) == (0.25, 0.2)
