"""Words as they stand in the middle of a sentence."""

from __future__ import annotations

import re

BETWEEN_SIGNS = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


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


def typeset(text: str) -> str:
    """A sentence in which no line ends before a per cent sign, nor Chinese has a space in it.

    Its sentences have a space around names, which are not always Latin.

    >>> typeset("95 % of 10"), typeset("与 学习率 1 相比")
    ('95\xa0% of 10', '与学习率 1 相比')
    """
    return BETWEEN_SIGNS.sub("", text.replace(" %", "\N{NO-BREAK SPACE}%"))
