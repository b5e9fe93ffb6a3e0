"""What Plotly calls axes: "x2" in a trace, "xaxis2" in a layout."""

from __future__ import annotations

Axes = tuple[str, str]


def axis_name(letter: str, number: int) -> str:
    """The axis of that number, counted from 0, as a trace names it.

    >>> axis_name("y", 0), axis_name("y", 2)
    ('y', 'y3')
    """
    return letter if number == 0 else f"{letter}{number + 1}"


def axes_of(number: int) -> Axes:
    """Both axes of the panel of that number.

    >>> axes_of(2)
    ('x3', 'y3')
    """
    return axis_name("x", number), axis_name("y", number)


def axis_key(axis: str) -> str:
    """What a layout calls an axis.

    >>> axis_key("y2")
    'yaxis2'
    """
    return f"{axis[0]}axis{axis[1:]}"
