"""What stands in a cell of CSV: a spreadsheet calculates a text that begins like a formula.

https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import re

# The wide signs count where a spreadsheet speaks Chinese or Japanese. An apostrophe before them may
# be the text's own, so it gets one more and can be told from ours.
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def for_spreadsheet(text: str) -> str:
    """Text for a cell that no spreadsheet takes for a formula; numbers stay as they are.

    >>> for_spreadsheet("=1+1"), for_spreadsheet("momentum 0.9"), for_spreadsheet("-1e-5")
    ("'=1+1", 'momentum 0.9', '-1e-5')
    """
    return f"'{text}" if FORMULA.match(text) and not is_number(text) else text


def from_spreadsheet(cell: str) -> str:
    """The text that `for_spreadsheet` made a cell of.

    >>> from_spreadsheet("'=1+1"), from_spreadsheet("'tis"), from_spreadsheet("-1e-5")
    ('=1+1', "'tis", '-1e-5')
    """
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def is_number(text: str) -> bool:
    """Whether a text is a number from its first sign to its last.

    >>> is_number("-inf"), is_number("-1+1"), is_number("+1 ")
    (True, False, False)
    """
    try:
        float(text)
    except ValueError:
        return False
    return text == text.strip() and "_" not in text
