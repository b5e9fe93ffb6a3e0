"""Pages run without a browser, on a laboratory whose engine is made up."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Node

from core.service import Laboratory
from dashboard.failure import FAILED

PATIENCE = 60.0  # seconds; a page takes a fraction of one
# Of all pages: each would look for components in every package that is installed, which takes as
# long as all the rest of a page.
COMPONENTS = BidiComponentManager()
TOLD = re.compile('<p class="lrl-refused" role="alert">(.*)</p>')


class PageApp:
    """One visitor on one page."""

    SCRIPT = "from dashboard.pages.{page} import page\npage()"

    def __init__(self, page: str, laboratory: Laboratory, **query: str) -> None:
        self.slot, self.laboratory = f"{page}-job", laboratory
        self.app = AppTest.from_string(self.SCRIPT.format(page=page), default_timeout=PATIENCE)
        self.app.query_params.update(query)
        self.app._bidi_component_manager = COMPONENTS
        self.run()

    def run(self) -> None:
        """The script runs again, as after every click."""
        self.app.run()
        self.check()

    @property
    def job(self) -> str:
        token: str = self.app.session_state[self.slot]["job"]
        return token

    def wait(self) -> None:
        """Until the job has ended; then the script runs, as the chart would have it."""
        for _ in self.laboratory.follow(self.job):
            pass
        self.run()

    def leave(self) -> None:
        """What the page still trains is stopped, so that it takes no room from other tests."""
        if self.slot in self.app.session_state:
            self.laboratory.cancel(self.job)

    def component(self, key: str) -> dict[str, Any] | None:
        """The data that a component was last given; None where it is not on the page."""
        for element in self.app.get("bidi_component"):
            if element.key == key:
                return data_of(element)
        return None

    def slide(self, key: str, value: float) -> None:
        """A slider is moved to a value and let go."""
        self._send(key, {"value": value})

    def type(self, key: str, text: str) -> None:
        """A text is typed into the field of a slider, or into a box, and entered."""
        if self.component(key):
            self._send(key, {"typed": text})
        else:
            self.app.text_input(key=key).set_value(text)
            self.run()

    def _send(self, key: str, entry: dict[str, Any]) -> None:
        """The script runs again, with what the script of a slider in a browser would send."""
        [slider] = [one for one in self.app.get("bidi_component") if one.key == key]
        sent = {"entry": {**entry, "revision": data_of(slider)["revision"]}}
        states = self.app._tree.get_widget_states()
        states.widgets.append(WidgetState(id=slider.proto.id, json_value=json.dumps(sent)))
        self.app._run(states)
        self.check()

    def check(self) -> None:
        """Neither the script nor what a control asked for has failed."""
        assert not self.app.exception
        assert FAILED not in self.app.session_state

    @property
    def told(self) -> dict[str, str]:
        """What controls were refused, by the keys of the controls that it stands beside."""
        found: dict[str, str] = {}
        before = ""
        for node in self.app.main:
            if isinstance(node, Block):
                continue
            if node.type == "html" and (sentence := TOLD.fullmatch(node.proto.body)):
                found[before] = unescape(sentence[1])
            elif node.type == "bidi_component" and data_of(node).get("error"):
                found[node.key] = data_of(node)["error"]
            before = node.key or ""
        return found

    @property
    def warnings(self) -> list[str]:
        return [warning.value for warning in self.app.warning]

    @property
    def html(self) -> str:
        """All HTML of the page, in which a space that does not break is as any other."""
        html = "\n".join(element.proto.body for element in self.app.get("html"))
        return html.replace("\N{NO-BREAK SPACE}", " ")

    def buttons(self) -> list[str]:
        return [button.label for button in self.app.button]


def data_of(component: Node) -> dict[str, Any]:
    [data] = json.loads(component.proto.json)
    return dict(data)
