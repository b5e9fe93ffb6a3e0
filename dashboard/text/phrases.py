"""Words as they stand in the middle of a sentence."""

from __future__ import annotations


def lower_first(text: str) -> str:
    """For the middle of a sentence; what is no word, such as L2, stays.

    >>> lower_first("Learning rate"), lower_first("L2"), lower_first("RMSprop")
    ('learning rate', 'L2', 'RMSprop')
    """
    is_word = text[:1].isupper() and text[1:2].islower()
    return text[:1].lower() + text[1:] if is_word else text


def raise_first(text: str) -> str:
    """For the start of a sentence.

    >>> raise_first("falls in steps"), raise_first("阶梯下降")
    ('Falls in steps', '阶梯下降')
    """
    return text[:1].upper() + text[1:]


def unbroken(text: str) -> str:
    """A text in which no line ends before a per cent sign.

    >>> unbroken("95 % of 10")
    '95\xa0% of 10'
    """
    return text.replace(" %", "\N{NO-BREAK SPACE}%")
