"""The picture of a data set at its address."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from urllib.parse import quote

import pytest

from core.experiment.data import Blobs, Moons
from dashboard.components.live.points import CHARACTERS_MAX, points_url


def get(url: str, header: str = "Cache-Control") -> tuple[int, str, str]:
    """Status, a header and body of an answer."""
    try:
        answer = urllib.request.urlopen(url, timeout=10)
    except urllib.error.HTTPError as refusal:
        answer = refusal
    with answer:
        return answer.status, answer.headers.get(header, ""), answer.read().decode()


def test_the_address_of_a_data_set_gives_its_figure_to_be_kept_for_a_while(server):
    moons = Moons(samples=60, train_fraction=0.25)
    status, kept, body = get(f"{server.url}/{points_url(moons, 'zh')}")
    assert (status, json.loads(body)) == (200, {"rows": 15, "language": "zh"})
    assert kept.startswith("private, max-age=")


def test_the_answer_names_the_device(server):
    assert get(f"{server.url}/points", "X-Device")[1] == "made%20up"


def test_an_address_without_a_data_set_is_the_tutorials(server):
    assert json.loads(get(f"{server.url}/points")[2])["rows"] == 500


def test_rows_that_cannot_be_made_yet_are_to_be_asked_for_again(server):
    data = Blobs(seed=7)
    server.laboratory.cannot_make.add(data)
    assert get(f"{server.url}/{points_url(data, 'en')}")[0] == 503
    server.laboratory.cannot_make.discard(data)
    assert get(f"{server.url}/{points_url(data, 'en')}")[0] == 200


@pytest.mark.parametrize(
    ("described", "said"),
    [
        ('{"kind": "blobs", "samples": 1000000000}', "`data.samples` must be a whole number from"),
        ('{"kind": "cats"}', "`data.kind` must be one of blobs, moons"),
        ("[1]", "`data` must be an object of named fields"),
        ("{", "`data` must be valid JSON"),
        ("[" * 1500, "`data` must be valid JSON"),
        ("{}" + " " * CHARACTERS_MAX, f"`data` must be of at most {CHARACTERS_MAX} characters"),
    ],
)
def test_what_is_no_data_set_is_refused_in_a_sentence(server, described, said):
    status, _, body = get(f"{server.url}/points?data={quote(described)}")
    assert status == 400
    assert said in body
