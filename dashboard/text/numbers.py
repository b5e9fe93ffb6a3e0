"""Numbers as people write them."""

from __future__ import annotations

import math

PLAIN_FROM, PLAIN_TO = 1e-3, 1e6  # without an exponent


def rate(value: float, digits: int = 3) -> str:
    """A hyperparameter to be read: plain from 0.001 up to a million, else with an exponent.

    >>> [rate(v) for v in (1, 0.01, 0.001, 0.00025, 1e-5, 3.1e-7, 0.0)]
    ['1', '0.01', '0.001', '2.5e-4', '1e-5', '3.1e-7', '0']
    >>> [rate(v) for v in (3000, 1234.5, 2.5e6)], rate(1.0025, digits=5)
    (['3000', '1234', '2.5e6'], '1.0025')
    """
    if value == 0 or PLAIN_FROM <= abs(value) < PLAIN_TO:
        return f"{value:.0f}" if abs(value) >= 10 ** (digits - 1) else f"{value:.{digits}g}"
    return with_exponent(f"{value:.{digits - 1}e}")


def exact(value: float) -> str:
    """A number to be typed again: as it is read, but nothing rounded.

    >>> [exact(v) for v in (3000.0, 0.00316228, 1e-05, 2, 1234.5)]
    ['3000', '0.00316228', '1e-5', '2', '1234.5']
    """
    if float(value).is_integer() and abs(value) < PLAIN_TO:
        return str(int(value))
    text = repr(value)
    return with_exponent(text) if "e" in text else text


def with_exponent(text: str) -> str:
    """A number as Python writes it, without the zeros that say nothing.

    >>> with_exponent("2.50e+06")
    '2.5e6'
    """
    mantissa, exponent = text.split("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(exponent)}"


def percent(value: float, digits: int = 1) -> str:
    """A share as per cent, or a dash where there is none.

    >>> percent(0.824), percent(float("nan"))
    ('82.4 %', '–')
    """
    return "–" if math.isnan(value) else f"{100 * value:.{digits}f} %"


def keep_percent(text: str) -> str:
    """A text that parts no per cent sign from its number at the end of a line."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def figure(value: float) -> str:
    """Three significant digits, written as a rate is; or a dash.

    >>> [figure(v) for v in (0.39142, 0.00772, 7.72e-5, 1234567.0)], figure(float("nan"))
    (['0.391', '0.00772', '7.72e-5', '1.23e6'], '–')
    >>> figure(float("inf"))
    'inf'
    """
    if math.isnan(value):
        return "–"
    return rate(value) if math.isfinite(value) else f"{value:g}"
