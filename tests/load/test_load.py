"""Virtual visitors against the real server: few of them, and not for long."""

from __future__ import annotations

import json
import sys
from subprocess import run
from xml.etree import ElementTree

import pytest

from tests.browser.server import ROOT
from tests.load.__main__ import asked


def test_three_visitors_of_one_link_are_served_and_drawn(tmp_path) -> None:
    drawn = tmp_path / "load.svg"
    command = [sys.executable, "-m", "tests.load", "rush", "own", "--visitors", "3"]
    done = run([*command, "--picture", drawn], cwd=ROOT, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)["scenes"]
    for scene in ("rush", "own"):
        assert report[scene]["errors"] == {}
        assert report[scene]["waits"]["served"]["count"] == 3
        assert report[scene]["waits"]["script"]["count"] == 3
    assert report["rush"]["page process"]["megabytes"]
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
def test_what_is_not_this_machine_or_has_no_end_is_refused(arguments, capsys) -> None:
    with pytest.raises(SystemExit):
        asked(arguments)
    assert arguments[-1] in capsys.readouterr().err
