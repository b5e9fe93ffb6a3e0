"""Tabs of one browser: new profiles, and tabs that are used again by test after test.

To compile a page's scripts takes two seconds of a core, whenever a profile is new; a tab that has
shown the page before keeps them. So most tests take a tab that others have left, emptied.
"""

from __future__ import annotations

import json
import os
import shutil
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize

from tests.browser.rest import FOLLOWED

LAPTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
DEVICES: dict[str, dict[str, Any]] = {
    "laptop": {"viewport": LAPTOP},
    "phone": {"viewport": PHONE, "has_touch": True, "is_mobile": True, "device_scale_factor": 2},
}
# Playwright waits by evaluating text, which our pages do not allow (tests/browser/test_policy.py).
FREE: dict[str, Any] = {"bypass_csp": True}
USUAL: dict[str, Any] = {**DEVICES["laptop"], **FREE, "locale": "en-US"}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
KEPT = 4  # tabs that wait for their next test; each holds some 200 MB
EMPTY = "about:blank"
PATIENCE_MS = 60_000  # for what a browser does by itself, where other tests keep the cores busy


def chromium() -> str | None:
    """The browser to launch; None for the one that Playwright brings."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


def is_error(said: ConsoleMessage) -> bool:
    """Apart from what belongs to a page that works.

    Streamlit looks for its server below a page before it looks above; and a picture of points is
    asked for again where no worker had time for it (503).
    """
    url = said.location["url"]
    expected = "/_stcore/" in url or ("/points?" in url and " 503 " in said.text)
    return said.type == "error" and not expected


class Tabs:
    """Hands out tabs and takes them back; `errors` is what their consoles have said meanwhile."""

    def __init__(self, browser: Browser) -> None:
        self.errors: list[str] = []
        self._browser = browser
        self._free: dict[str, Page] = {}  # by what was asked for, the longest unused first
        self._lent: dict[Page, str] = {}

    def open(self, **options: Any) -> Page:
        """A tab of a new profile."""
        context = self._browser.new_context(**{**USUAL, **options})
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(FOLLOWED)
        page = context.new_page()
        page.on("console", lambda said: is_error(said) and self.errors.append(said.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        self._lent[page] = ""
        return page

    def lend(self, color_scheme: str = "light", **options: Any) -> Page:
        """A tab with these properties; where there is one, one that was used before."""
        given = {**USUAL, **options}
        name = json.dumps(given, sort_keys=True)
        page = self._free.pop(name, None) or self.open(**given)
        self._lent[page] = name
        page.set_viewport_size(given["viewport"])
        page.emulate_media(color_scheme=color_scheme)
        return page

    def take_back(self, keep: bool) -> None:
        """All that was handed out; what was lent is kept for the next test, or closed as well."""
        for page, name in self._lent.items():
            if keep and name:
                self._empty(page)
                self._free[name] = page
            else:
                page.context.close()
        self._lent.clear()
        while len(self._free) > KEPT:
            self._free.pop(next(iter(self._free))).context.close()

    def close(self) -> None:
        self.take_back(keep=False)
        while self._free:
            self._free.popitem()[1].context.close()

    def _empty(self, page: Page) -> None:
        """As its next user is to find it: nothing open, nothing remembered of the sites it saw."""
        site = page.evaluate("location.origin")
        page.goto(EMPTY)
        page.mouse.move(0, 0)
        page.context.clear_cookies()
        session = page.context.new_cdp_session(page)
        session.send("Storage.clearDataForOrigin", {"origin": site, "storageTypes": "all"})
        session.detach()
