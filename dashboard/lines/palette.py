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
