"""Numbers as people write them."""

from __future__ import annotations

import math


def rate(value: float) -> str:
    """A rate or another positive hyperparameter: plain down to 0.001, then with an exponent.

    >>> [rate(v) for v in (1, 0.01, 0.001, 0.00025, 1e-5, 3.1e-7, 0.0)]
    ['1', '0.01', '0.001', '2.5e-4', '1e-5', '3.1e-7', '0']
    """
    if value == 0 or abs(value) >= 1e-3:
        return f"{value:.3g}"
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def percent(value: float, digits: int = 1) -> str:
    """A share as per cent, or a dash where there is none.

    >>> percent(0.824), percent(float("nan"))
    ('82.4 %', '–')
    """
    return "–" if math.isnan(value) else f"{100 * value:.{digits}f} %"


def figure(value: float) -> str:
    """Three significant digits, or a dash.

    >>> figure(0.39142), figure(1234567.0), figure(float("nan"))
    ('0.391', '1.23e+06', '–')
    """
    return "–" if math.isnan(value) else f"{value:.3g}"
