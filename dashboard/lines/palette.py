"""The colours, each with one meaning; all of them 3 to 1 against the page, light and dark.

Train and test have the blue and the orange of the tutorial's figures, darkened until both can be
seen on either page. Lines that colour tells apart have neither: each has a train and a test.
`SERIES` was searched for, so that any two of them, and any of them and train or test, can be told
apart by all eyes, the first ones best: tests/dashboard/test_compare_colours.py measures it.
"""

from __future__ import annotations

import math

TRAIN = "#1B7AC2"  # dashed where test is beside it
TEST = "#B97300"  # solid
RATE = "#74808A"  # neutral: it is what was set, no result
DIVERGED = "#D55E00"

GHOST_OPACITY = 0.25
BAND_OPACITY = 0.2
SHADE_DARK, SHADE_LIGHT = 0.45, 0.45  # of a colour, how far its shades go to black and to white

# One hue a line where several are compared.
SERIES = (
    "#9315FE",
    "#417431",
    "#F3264B",
    "#A38AAB",
    "#7C9B76",
    "#7C5EEE",
    "#695F8A",
    "#835D69",
)
# One hue a class in the picture of the data: greens, purples and pinks, the families that train,
# test and rate are not of; with its symbol each class is one of a kind.
CLASSES = (
    "#00876C",
    "#A84FA0",
    "#7D8B1A",
    "#CF4D8A",
    "#7A5FD0",
    "#3F9142",
    "#B35FD0",
    "#64802E",
    "#2B8C8C",
    "#C2559B",
)


def shade(colour: str, place: int, count: int) -> str:
    """The place-th of so many shades of a colour, from dark to light.

    >>> shade("#0072B2", 0, 3), shade("#0072B2", 1, 3), shade("#0072B2", 2, 3)
    ('#003f62', '#0072b2', '#73b1d5')
    """
    share = 2 * place / (count - 1) - 1 if count > 1 else 0.0  # -1 dark, 1 light
    dark, light = 1 + SHADE_DARK * min(share, 0.0), SHADE_LIGHT * max(share, 0.0)
    parts = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    mixed = (part * dark + light * (255 - part) for part in parts)
    return "#" + "".join(f"{round(c):02x}" for c in mixed)


SYMBOLS = (
    "circle",
    "square",
    "diamond",
    "triangle-up",
    "cross",
    "x",
    "star",
    "pentagon",
    "triangle-down",
    "hexagon",
)

# Values in an order go over these hues, in degrees of CIE L*a*b*: from violet on, past the blue of
# train, to an olive before the orange of test. Lightness and chroma go from end to end: as dark as
# a line may be on the dark page, and as light as it may be on white.
ARCS = ((330.0, 300.0), (222.0, 105.0))
DARKEST = (43.5, 58.0)
LIGHTEST = (59.5, 60.0)


def ordered_hues(count: int) -> list[str]:
    """So many hues for values in an order, such as rates: from dark violet to light olive.

    >>> ordered_hues(3)
    ['#9F4198', '#048B78', '#91951A']
    """
    shares = [place / (count - 1) for place in range(count)] if count > 1 else [0.5]
    return [from_lch(*between(share)) for share in shares]


def between(share: float) -> tuple[float, float, float]:
    """A point on the way from the darkest to the lightest."""
    light, chroma = (
        low + share * (high - low) for low, high in zip(DARKEST, LIGHTEST, strict=True)
    )
    return light, chroma, along_arcs(share)


def along_arcs(share: float) -> float:
    """The hue at a share of all degrees that the arcs have."""
    (first, end), (again, last) = ARCS
    degrees = share * (first - end + again - last)
    return first - degrees if degrees <= first - end else again - (degrees - (first - end))


def from_lch(light: float, chroma: float, hue: float) -> str:
    """A colour of CIE L*a*b* (CIE 15:2004, 8.2.1, under D65) as sRGB (IEC 61966-2-1).

    What no screen can show of its chroma is taken off.

    >>> from_lch(100.0, 0.0, 0.0), from_lch(0.0, 0.0, 0.0)
    ('#FFFFFF', '#000000')
    """
    while True:
        a, b = (chroma * f(math.radians(hue)) for f in (math.cos, math.sin))
        shares = linear_rgb(light, a, b)
        if chroma <= 0 or all(-1e-4 <= share <= 1.0001 for share in shares):
            return "#" + "".join(f"{round(255 * gamma(share)):02X}" for share in shares)
        chroma -= 0.5


def linear_rgb(light: float, a: float, b: float) -> tuple[float, float, float]:
    middle = (light + 16) / 116
    roots = (middle + a / 500, middle, middle - b / 200)
    white = (0.95047, 1.0, 1.08883)
    x, y, z = (
        of * (root**3 if root > 6 / 29 else (116 * root - 16) * 27 / 24389)
        for of, root in zip(white, roots, strict=True)
    )
    return (
        3.2404542 * x - 1.5371385 * y - 0.4985314 * z,
        -0.9692660 * x + 1.8760108 * y + 0.0415560 * z,
        0.0556434 * x - 0.2040259 * y + 1.0572252 * z,
    )


def gamma(share: float) -> float:
    """From light to a number of sRGB, both from 0 to 1."""
    share = min(max(share, 0.0), 1.0)
    return 12.92 * share if share <= 0.0031308 else 1.055 * share ** (1 / 2.4) - 0.055
