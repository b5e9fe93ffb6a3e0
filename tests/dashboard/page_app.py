"""Pages run without a browser, on a laboratory whose engine is made up."""

from __future__ import annotations

import json
from typing import Any

from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.testing.v1 import AppTest

from core.service import Laboratory

PATIENCE = 60.0  # seconds; a page takes a fraction of one
# Of all pages: each would look for components in every package that is installed, which takes as
# long as all the rest of a page.
COMPONENTS = BidiComponentManager()


class PageApp:
    """One visitor on one page."""

    def __init__(self, page: str, laboratory: Laboratory, **query: str) -> None:
        script = f"from dashboard.pages.{page} import page\npage()"
        self.slot, self.laboratory = f"{page}-job", laboratory
        self.app = AppTest.from_string(script, default_timeout=PATIENCE)
        self.app.query_params.update(query)
        self.app._bidi_component_manager = COMPONENTS
        self.run()

    def run(self) -> None:
        """The script runs again, as after every click."""
        self.app.run()
        assert not self.app.exception

    @property
    def job(self) -> str:
        token: str = self.app.session_state[self.slot]["job"]
        return token

    def wait(self) -> None:
        """Until the job has ended; then the script runs, as the chart would have it."""
        for _ in self.laboratory.follow(self.job):
            pass
        self.run()

    def component(self, key: str) -> dict[str, Any] | None:
        """The data that a component was last given; None where it is not on the page."""
        for element in self.app.get("bidi_component"):
            if element.key == key:
                [data] = json.loads(element.proto.json)
                return dict(data)
        return None

    @property
    def warnings(self) -> list[str]:
        return [warning.value for warning in self.app.warning]

    @property
    def html(self) -> str:
        return "\n".join(element.proto.body for element in self.app.get("html"))

    def buttons(self) -> list[str]:
        return [button.label for button in self.app.button]
