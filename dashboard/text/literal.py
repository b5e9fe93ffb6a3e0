"""What a visitor wrote, as it stands, for all that would give its signs a meaning of their own."""

from __future__ import annotations

import html
import re

# Of templates %{x}, of our notes {epoch}, and of TeX; Plotly shows each as the sign it is.
SIGNS = str.maketrans({sign: f"&#{ord(sign)};" for sign in "%{}$"})
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets calculate begins with one of these


def for_plotly(text: str) -> str:
    """Text in a name, a title, a note or a hover template of Plotly.

    >>> for_plotly("<b>%{x}")
    '&lt;b&gt;&#37;&#123;x&#125;'
    """
    return html.escape(text, quote=False).translate(SIGNS)


def for_markdown(text: str) -> str:
    """Text as code, in which Markdown has no other signs.

    >>> for_markdown("ten"), for_markdown("a`b")
    ('`ten`', '`` a`b ``')
    """
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    space = " " * (len(fence) > 1)
    return f"{fence}{space}{text}{space}{fence}"


def for_spreadsheet(text: str) -> str:
    """Text in a cell of CSV that no spreadsheet takes for a formula.

    >>> for_spreadsheet("=1+1"), for_spreadsheet("momentum 0.9")
    ("'=1+1", 'momentum 0.9')
    """
    return f"'{text}" if text.startswith(FORMULA) else text
