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


def around(value: float, half: float) -> str:
    """A value ± half its interval, both with as many decimals.

    They are so many as three digits of the larger one take, or more where else nothing of the
    margin would be seen.

    >>> [around(*both) for both in ((0.43, 0.029), (-0.4301, 0.0001), (0.0123, 0.5), (1234.5, 6))]
    ['0.430 ± 0.029', '−0.4301 ± 0.0001', '0.012 ± 0.500', '1234 ± 6']
    >>> around(1.234e-5, 2e-6), around(0.0, 0.0)
    ('1.23e-5 ± 0.20e-5', '0 ± 0')
    """
    largest = max(abs(value), abs(half))
    if largest == 0:
        return "0 ± 0"
    power = math.floor(math.log10(largest))
    if PLAIN_FROM <= largest < PLAIN_TO:
        decimals = decimals_of(half, power)
        return f"{decimal(value, decimals)} ± {half:.{decimals}f}"
    scale = 10.0**power
    decimals = decimals_of(half / scale, 0)
    mantissas = decimal(value / scale, decimals), f"{half / scale:.{decimals}f}"
    return " ± ".join(f"{mantissa}e{power}" for mantissa in mantissas)


def decimals_of(half: float, power: int) -> int:
    """How many decimals a value of that power of ten has beside its margin."""
    usual, most = 2 - power, 5 - power  # three digits, and six
    first = -math.floor(math.log10(half)) if half > 0 else usual
    return max(0, min(max(usual, first), most))


def percent_around(value: float, half: float) -> str:
    """A share, or a change of one, ± half its interval, with one decimal each.

    >>> percent_around(0.824, 0.004), percent_around(-0.0269, 0.01), percent_around(-1e-5, 0.0)
    ('82.4 ± 0.4 %', '−2.7 ± 1.0 %', '0.0 ± 0.0 %')
    """
    return f"{decimal(100 * value, 1)} ± {100 * half:.1f} %"


def whole_around(value: float, half: float) -> str:
    """A count, such as of epochs, ± half its interval.

    >>> whole_around(22.8, 3.1)
    '23 ± 3'
    """
    return f"{value:.0f} ± {half:.0f}"


def decimal(value: float, decimals: int) -> str:
    """With so many decimals; with a minus sign instead of a hyphen, and none before zero.

    >>> decimal(-0.27, 1), decimal(-0.01, 1)
    ('−0.3', '0.0')
    """
    text = f"{value:.{decimals}f}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")
