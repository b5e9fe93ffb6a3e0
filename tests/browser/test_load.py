"""Virtual visitors of a server that browsers use too: few of them, and not for long."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.browser.server import Server
from tests.load.__main__ import asked, main


def test_three_visitors_are_served_and_their_waits_drawn(
    app: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = tmp_path / "load.svg"
    main(["own", "--visitors", "3", "--url", app.url, "--picture", str(drawn)])
    scene = json.loads(capsys.readouterr().out)["scenes"]["own"]
    assert scene["errors"] == {}
    assert scene["waits"]["served"]["count"] == 3
    assert scene["waits"]["script"]["count"] == 3
    assert ElementTree.parse(drawn).getroot().tag.endswith("svg")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--url", "http://10.0.0.1:8501"],
        ["--visitors", "0"],
        ["--seconds", "4000"],
        ["siege"],
    ],
)
def test_what_is_not_this_machine_or_has_no_end_is_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        asked(arguments)
    assert arguments[-1] in capsys.readouterr().err
