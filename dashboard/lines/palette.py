"""The colours, each with one meaning; safe for the colour-blind.

The first six of `SERIES` are Okabe and Ito's (2008); the others were searched for, as far as can be
from those to all eyes: tests/dashboard/test_compare_colours.py measures it.
"""

TRAIN = "#0072B2"
TEST = "#E69F00"
RATE = "#009E73"
DIVERGED = "#D55E00"

GHOST_OPACITY = 0.25
BAND_OPACITY = 0.2
DARKEST, LIGHTEST = 0.45, 0.45  # of a colour, how far its shades go to black and to white

# One hue a run where several are compared, and one a class in the picture of the data.
SERIES = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#CC79A7",
    "#D55E00",
    "#56B4E9",
    "#8A3FFC",
    "#994F2B",
    "#A8B460",
    "#4B5A6B",
)


def shade(colour: str, place: int, count: int) -> str:
    """The place-th of so many shades of a colour, from dark to light.

    >>> shade("#0072B2", 0, 3), shade("#0072B2", 1, 3), shade("#0072B2", 2, 3)
    ('#003f62', '#0072b2', '#73b1d5')
    """
    share = 2 * place / (count - 1) - 1 if count > 1 else 0.0  # -1 dark, 1 light
    dark, light = 1 + DARKEST * min(share, 0.0), LIGHTEST * max(share, 0.0)
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
