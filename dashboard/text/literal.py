"""What a visitor wrote, as it stands, for all that would give its signs a meaning of their own."""

from __future__ import annotations

import html
import re

# Of templates %{x}, of our notes {epoch}, and of TeX; Plotly shows each as the sign it is.
SIGNS = str.maketrans({sign: f"&#{ord(sign)};" for sign in "%{}$"})


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
