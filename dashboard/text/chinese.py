"""How Chinese sentences are put together."""

from __future__ import annotations

import re
from typing import Any

HAN = "[\u4e00-\u9fff]"
FROM, TO = "\ue000", "\ue001"  # around what is filled in; no text has them
# A name may be in bold.
SPACE_BEFORE = re.compile(rf"(?<={HAN}) (?={FROM}(?:\*\*)?{HAN})")
SPACE_AFTER = re.compile(rf"((?<={HAN})|(?<={HAN}\*\*)){TO} (?={HAN})")


class Chinese(str):
    """A Chinese sentence: a space that parts a Latin word from it goes where a Chinese one stands.

    >>> sentence = Chinese("{name} 与 {other} 相同。")
    >>> sentence.format(name="SGD", other="Adam"), sentence.format(name="动量 0", other="动量")
    ('SGD 与 Adam 相同。', '动量 0 与动量相同。')
    """

    __slots__ = ()

    def format(self, *given: Any, **values: Any) -> str:
        marked = {name: mark(value) for name, value in values.items()}
        filled = super().format(*map(mark, given), **marked)
        filled = SPACE_AFTER.sub(TO, SPACE_BEFORE.sub("", filled))
        return filled.replace(FROM, "").replace(TO, "")


def mark(value: Any) -> Any:
    """A text with its ends marked; any other value as it is."""
    return f"{FROM}{value}{TO}" if isinstance(value, str) else value
