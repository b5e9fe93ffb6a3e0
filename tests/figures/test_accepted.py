"""Every picture is the one that a person looked at and accepted.

Where one has changed and is meant to, look at it (`python -m tests.figures`), then accept it:
`pytest tests/figures --accept-figures`.
"""

from __future__ import annotations

import json

import plotly.graph_objects
import pytest

from tests.figures.files import ACCEPTED, accept, file_of, text_of
from tests.figures.programs import PROGRAMS


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_picture_is_as_it_was_accepted(name: str, pytestconfig: pytest.Config):
    text = text_of(PROGRAMS[name]())
    if pytestconfig.getoption("accept_figures"):
        accept(name, text)
    assert text == file_of(name).read_text("utf-8")


@pytest.mark.parametrize("name", PROGRAMS)
def test_plotly_knows_every_property_of_a_picture(name: str):
    plotly.graph_objects.Figure(json.loads(file_of(name).read_text("utf-8")))  # else it raises


def test_no_accepted_picture_is_left_of_a_program_that_is_gone():
    assert {path.stem for path in ACCEPTED.iterdir()} == set(PROGRAMS)
