"""The script that every page brings: it says what is true of all of the page.

It stands apart so that whoever says which scripts may run needs no more than this.
"""

from __future__ import annotations

import json
from functools import cache
from itertools import product

from dashboard.navigation import PAGES
from dashboard.text import LANGUAGES, Words

# What is true of the whole page: the language a screen reader speaks, where one is, how it looks.
PAGE = """<script>{
const { language, pages, skip, page, presents } = SAID;
document.documentElement.lang = language;
Object.assign(document.documentElement.dataset, { lrlPages: pages, lrlSkip: skip, lrlPage: page });
document.documentElement.toggleAttribute("data-lrl-present", presents);
document.documentElement.removeAttribute("data-lrl-leaves");
}</script>"""


@cache
def page_script(language: str, page: str, presents: bool) -> str:
    named = {name: Words(language)(f"frame.{name}") for name in ("pages", "skip")}
    said = {"language": language, **named, "page": page, "presents": presents}
    return PAGE.replace("SAID", json.dumps(said))


def page_scripts() -> list[str]:
    """All that `page_script` can be: what a page may run is known beforehand."""
    said = product(LANGUAGES, PAGES, (False, True))
    return [page_script(language, page, presents) for language, page, presents in said]
