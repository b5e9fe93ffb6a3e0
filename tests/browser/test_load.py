"""Virtual visitors of a server that browsers use too: few of them, and not for long."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from subprocess import PIPE, run
from xml.etree import ElementTree

import pytest

from tests.browser.server import ROOT, Server
from tests.load.__main__ import asked


def test_three_visitors_are_served_and_their_waits_drawn(app: Server, tmp_path: Path) -> None:
    drawn = tmp_path / "load.svg"
    options = ("own", "--visitors", "3", "--url", app.url, "--picture", str(drawn))
    done = run(
        [sys.executable, "-m", "tests.load", *options], cwd=ROOT, stdout=PIPE, text=True, check=True
    )
    scene = json.loads(done.stdout)["scenes"]["own"]
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
