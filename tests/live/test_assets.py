"""What the browser is served."""

from __future__ import annotations

import gzip
import re
import urllib.error
import urllib.request

import pytest

from dashboard.components.live.assets import (
    COMPONENTS,
    FOLDERS,
    PLOTLY,
    asset_url,
    files,
    loader,
    plotly_path,
)


def get(url, **headers):
    """The headers and body of an answer; its status where it is no 200."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        answer = urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code
    with answer:
        return answer.headers, answer.read()


def test_a_versioned_address_is_kept_for_good(server):
    headers, body = get(f"{server.url}/{asset_url('live/chart.js')}")
    assert "immutable" in headers["Cache-Control"]
    assert body == (COMPONENTS / "live" / "chart.js").read_bytes()


def test_a_plain_or_outdated_address_is_asked_for_again(server):
    for path in ("assets/live/chart.js", "assets/0123456789ab/live/chart.js"):
        headers, _ = get(f"{server.url}/{path}")
        assert headers["Cache-Control"] == "no-cache"


def test_an_unchanged_asset_is_not_sent_again(server):
    headers, _ = get(f"{server.url}/assets/plotly.js")
    assert get(f"{server.url}/assets/plotly.js", If_None_Match=headers["ETag"]) == 304


def test_plotly_comes_compressed_to_a_third(server):
    headers, body = get(f"{server.url}/{asset_url(PLOTLY)}", Accept_Encoding="gzip")
    plain = plotly_path().read_bytes()
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == plain
    assert len(body) < len(plain) / 3


@pytest.mark.parametrize("path", ["assets/", "assets/chart.py", "assets/..%2Flive%2Fchart.py"])
def test_nothing_else_is_served(server, path):
    assert get(f"{server.url}/{path}") == 404


def test_every_import_between_scripts_is_served():
    for name, path in files().items():
        if name == PLOTLY:
            continue
        for module in re.findall(r'from "\./([\w.]+)"', path.read_text()):
            assert f"{path.parent.name}/{module}" in files()


def test_nothing_comes_from_another_server():
    for folder in FOLDERS:
        for path in (COMPONENTS / folder).iterdir():
            if path.suffix in (".js", ".css"):
                assert "//" not in re.sub(
                    r"^\s*//.*|\s//\s.*|\*/|/\*", "", path.read_text(), flags=re.M
                )


def test_the_inline_script_of_a_component_is_small():
    assert len(loader("live/chart")) < 1_000
