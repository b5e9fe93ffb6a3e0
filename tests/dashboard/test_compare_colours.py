"""The hues of a comparison, as people with each kind of colour vision see them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest

from dashboard.lines import palette
from dashboard.lines.curves import CURVES_MAX
from dashboard.settings.compare import PINS_MAX

Vector = npt.NDArray[np.float64]

# Machado, Oliveira and Fernandes (2009), "A physiologically-based model for simulation of color
# vision deficiency", table 1: severity 1.0, on linear RGB.
SIGHT = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
# IEC 61966-2-1 (sRGB): from linear RGB to XYZ under D65.
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = TO_XYZ.sum(axis=1)
APART = 15.0  # CIE76; Okabe and Ito's own closest two, green and sky blue to a tritanope, have 16
SEEN = 3.0  # contrast to the page, light or dark: WCAG 2.2, 1.4.11, for what is drawn
PAGES = ("#FFFFFF", "#11161C")  # .streamlit/config.toml


def linear(colour: str) -> Vector:
    """The light of a colour, (red, green, blue) from 0 to 1."""
    values = np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(light: Vector) -> Vector:
    """CIE 1976 L*a*b* of light (CIE 15:2004, 8.2.1)."""
    shares = TO_XYZ @ np.clip(light, 0.0, 1.0) / WHITE
    high = np.cbrt(shares)
    x, y, z = np.where(shares > 216 / 24389, high, (24389 / 27 * shares + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def difference(one: str, other: str, sight: str) -> float:
    """How far two colours are apart to somebody: CIE76, the distance in L*a*b*."""
    seen = [lab(np.array(SIGHT[sight]) @ linear(colour)) for colour in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's ratio."""
    bright = sorted(float(TO_XYZ[1] @ linear(colour)) + 0.05 for colour in (one, other))
    return bright[1] / bright[0]


def test_the_simulation_tells_what_cannot_be_told_apart() -> None:
    assert difference("#000000", "#FFFFFF", "normal") == pytest.approx(100.0, abs=0.01)
    assert difference("#0072B2", "#8A6FBF", "protanopia") == pytest.approx(4.1, abs=0.1)
    assert difference("#009E73", "#7F7F7F", "deuteranopia") == pytest.approx(9.7, abs=0.1)


@pytest.mark.parametrize("sight", SIGHT)
def test_any_two_hues_can_be_told_apart_and_from_train_and_test(sight: str) -> None:
    close = {
        pair: round(apart, 1)
        for pair in combinations((palette.TRAIN, palette.TEST, *palette.SERIES), 2)
        if (apart := difference(*pair, sight)) < APART
    }
    assert close == {}


def test_as_many_lines_as_have_a_hue_of_their_own_can_be_pinned() -> None:
    assert len(set(palette.SERIES)) == CURVES_MAX == PINS_MAX


@pytest.mark.parametrize("page", PAGES)
def test_every_hue_stands_out_from_the_page(page: str) -> None:
    weak = {hue: contrast(hue, page) for hue in palette.SERIES if contrast(hue, page) < SEEN}
    assert weak == {}
