"""Numbers as people write them: the one grammar of page, link, JSON and command line.

A field of one number takes a decimal comma, full-width forms, any minus, spaces around the signs,
"1e2" for a whole number, and a per cent sign where it holds a share. Nothing separates thousands:
"1,000" could be 1 or 1000, so it is neither. In a list a comma separates, always; so do the
Chinese "，" and "、". What is not 0 is never read as 0: 1e-400 is refused.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from core.experiment.refusals import Reason, because

WHOLE_CHARACTERS_MAX = 40  # more digits than any whole number here has
EXPONENT_MAX = 30  # of a whole number; beyond, it would fill the memory before it is refused
# What is read as what; digits of every script are read besides.
FORMS = {
    "-": "−‐‑‒–—―﹣－",
    "+": "＋﹢",
    ".": "．。｡﹒٫",
    ",": "，﹐",
    ";": "；﹔",
    ":": "：﹕",
    "%": "％﹪٪",
    "e": "EｅＥ",
    "": "\u200b\u200e\u200f\u2060\ufeff",  # marks without a width, that come along when one copies
}
SIGNS = str.maketrans({form: sign for sign, forms in FORMS.items() for form in forms})
NUMBER = re.compile(
    r"([+-]?) ?([0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?: ?e ?([+-]?) ?([0-9]+))?(?: ?(%))?"
)
ONE_GROUP = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")  # 1,000
GROUPS = re.compile(
    r"([+-]?) ?([1-9][0-9]{0,2}([ ,.'’_])[0-9]{3}(?:\3[0-9]{3})*)(?:(?!\3)[.,]([0-9]+))?"
)
DECIMAL_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+(?:e[+-]?[0-9]+)?%?")
DIGITS = re.compile(r"[0-9]+")
LEADING_ZERO = re.compile(r"0[0-9]+")  # as in the 01 of 0,01
COMMAS = re.compile(f"[,、{FORMS[',']}]")  # all of them separate


class Unreadable(ValueError):  # noqa: N818  what is wrong is the text
    """Text that is refused as a number, where more can be said than what the field must be."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(f"Number: text must be {reason.english}.")


class Written(NamedTuple):
    """A number in plain form: its mantissa as "-1,5", its power of ten, whether it is per cent."""

    mantissa: str
    exponent: int
    per_cent: bool

    @property
    def is_ambiguous(self) -> bool:
        """Whether its separator could part thousands as well as decimals."""
        return not self.exponent and bool(ONE_GROUP.fullmatch(self.mantissa))

    def times(self, power: int) -> str:
        """As Python reads it, times a power of ten."""
        return f"{self.mantissa.replace(',', '.')}e{self.exponent + power}"


def read_number(text: str, share: bool = False) -> float:
    """The number that a text is; of a share also in per cent.

    Raises `Unreadable` where it can be said what is wrong, else `ValueError`.

    >>> [read_number(text) for text in ("0,01", "０．０１", "1e−7", " 1 e-3 ", ".5")]
    [0.01, 0.01, 1e-07, 0.001, 0.5]
    >>> read_number("5 %", share=True)
    0.05
    """
    written = parse(text)
    if written.is_ambiguous and "," in written.mantissa:
        raise ambiguous(written)
    number = float(written.times(-2 if written.per_cent else 0))
    if not number and re.search("[1-9]", written.mantissa):
        raise Unreadable(because("vanishing", meant=0.0))
    if written.per_cent and not share:
        raise Unreadable(because("per_cent", meant=number))
    return number


def read_whole(text: str) -> int:
    """The whole number that a text is.

    Raises `Unreadable` where it can be said what is wrong, else `ValueError`.

    >>> [read_whole(text) for text in (" 42", "1e2", "５", "5.0", "2,5e1")]
    [42, 100, 5, 5, 25]
    """
    written = parse(text)
    if written.is_ambiguous:
        raise ambiguous(written, whole=True)
    if len(written.mantissa) > WHOLE_CHARACTERS_MAX or abs(written.exponent) > EXPONENT_MAX:
        raise ValueError
    value = Decimal(written.times(0))
    if written.per_cent or value != value.to_integral_value():
        raise ValueError
    return int(value)


def ambiguous(written: Written, whole: bool = False) -> Unreadable:
    """Why "1,000" is not read; a whole number cannot be 12.345, so 12345 must be meant."""
    one, other = float(written.times(0)), int(re.sub("[.,]", "", written.mantissa))
    if whole and not one.is_integer():
        return Unreadable(because("separators", meant=other))
    return Unreadable(because("ambiguous_number", one=one, other=other))


def parse(text: str) -> Written:
    """A text in plain form. Raises `Unreadable` and `ValueError`."""
    line = " ".join(plain(text).split())
    match = NUMBER.fullmatch(line)
    if not match:
        raise why_no_number(line)
    sign, mantissa, minus, exponent, per_cent = match.groups(default="")
    power = int(minus + exponent) if exponent else 0
    return Written(sign.replace("+", "") + mantissa, power, bool(per_cent))


def why_no_number(line: str) -> ValueError:
    """Why a text is no number; where its thousands are set apart, with what it would be."""
    match = GROUPS.fullmatch(line)
    if not match:
        return ValueError()
    sign, thousands, _, decimals = match.groups(default="")
    digits = sign + re.sub("[^0-9]", "", thousands)
    return Unreadable(
        because("separators", meant=float(f"{digits}.{decimals}") if decimals else int(digits))
    )


def plain(text: str) -> str:
    """Text with every form of a sign and a digit as the one that is read.

    >>> plain("０．０１，1e−7")
    '0.01,1e-7'
    """
    signs = text.translate(SIGNS)
    return "".join(str(unicodedata.decimal(c, c)) for c in signs)


def between(sign: str, text: str) -> list[str]:
    """What stands between a sign in any of its forms, as it was written.

    >>> between(":", "1e-4：1:９")
    ['1e-4', '1', '９']
    """
    return re.split(f"[{sign}{FORMS[sign]}]", text)


def between_commas(text: str) -> list[str]:
    """What stands between the commas of a list, the Chinese and full-width ones too.

    >>> between_commas("64，32、16")
    ['64', '32', '16']
    """
    return COMMAS.split(text)


def items(text: str) -> list[str]:
    """The values of a list: commas, the Chinese ones too, and spaces separate.

    >>> items("0.1, 0.01  1e-3、2，3")
    ['0.1', '0.01', '1e-3', '2', '3']
    """
    return [item for part in between_commas(text) for item in part.split()]


def with_points(text: str) -> list[str] | None:
    """The values of a list if its commas stand for points; None where they cannot.

    >>> with_points("0,1; 0,01"), with_points("0,1,0,01"), with_points("0.1,0,01")
    (['0.1', '0.01'], ['0.1', '0.01'], ['0.1', '0.01'])
    >>> with_points("0.1, 0.01"), with_points("1,2,3")
    (None, None)
    """
    parts = pieces(text)
    found = [parts] if len(parts) > 1 else [by_pairs(*parts), by_zeros(*parts)] if parts else []
    for numbers in found:
        if any(DECIMAL_COMMA.fullmatch(number) for number in numbers):
            return [number.replace(",", ".") for number in numbers]
    return None


def by_pairs(piece: str) -> list[str]:
    """Numbers if every other comma is decimal: that of a number, that of the list, and so on."""
    halves = piece.split(",")
    if len(halves) % 2 or any(map(LEADING_ZERO.fullmatch, halves[::2])):
        return []
    return [",".join(pair) for pair in zip(halves[::2], halves[1::2], strict=True)]


def by_zeros(piece: str) -> list[str]:
    """Numbers if a comma is decimal behind a 0 and before one that leads.

    >>> by_zeros("0.1,0,01"), by_zeros("1,05,2")
    (['0.1', '0,01'], ['1,05', '2'])
    """
    numbers: list[str] = []
    for half in piece.split(","):
        before = numbers[-1] if numbers else ""
        decimal = DIGITS.fullmatch(before) and (before == "0" or LEADING_ZERO.fullmatch(half))
        if decimal and DIGITS.fullmatch(half):
            numbers[-1] += f",{half}"
        else:
            numbers.append(half)
    return numbers


def looks_decimal(text: str) -> bool:
    """Whether commas of a list must stand for points: others separate, or a zero leads.

    >>> looks_decimal("0,1; 0,01"), looks_decimal("0,01"), looks_decimal("0,5, 0.9")
    (True, True, True)
    >>> looks_decimal("0,5"), looks_decimal("1, 2, 3")
    (False, False)
    """
    parts = pieces(text)
    numbers = [part for part in parts if DECIMAL_COMMA.fullmatch(part)]
    several = len(parts) > 1 and bool(numbers) and all(NUMBER.fullmatch(part) for part in parts)
    return several or any(map(has_leading_zero, parts))


def has_leading_zero(piece: str) -> bool:
    """Whether what follows a comma is no number of its own: the 01 of 0,01, the 000 of 1,000."""
    return any(LEADING_ZERO.fullmatch(item) for item in piece.split(",")[1:])


def pieces(text: str) -> list[str]:
    """What stands between semicolons, and between spaces with or without a comma."""
    return [part for part in re.split(r"\s*;\s*|,?\s+|、", plain(text).strip(" ,;、")) if part]
