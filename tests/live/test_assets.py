"""What the browser is served."""

from __future__ import annotations

import gzip
import re
import urllib.error
import urllib.request

import pytest

from dashboard.components.live.assets import (
    ALL_SCRIPTS,
    ALL_STYLES,
    COMPONENTS,
    FOLDERS,
    PLOTLY,
    asset_url,
    bundles,
    files,
    loader,
    plotly_path,
    version,
    word_of,
)

OURS = {name: path for name, path in files().items() if name != PLOTLY}


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


@pytest.mark.parametrize("suffix", [".js", ".css"])
def test_all_that_is_ours_is_in_the_one_that_a_page_fetches(server, suffix):
    name = ALL_SCRIPTS if suffix == ".js" else ALL_STYLES
    headers, body = get(f"{server.url}/{asset_url(name)}")
    assert "immutable" in headers["Cache-Control"]
    ours = [path.read_text() for name, path in OURS.items() if name.endswith(suffix)]
    pieces = [piece for source in ours for piece in pieces_of(source)]
    assert [piece for piece in pieces if piece not in body.decode()] == []


def pieces_of(source):
    """What stands between the lines that import and export."""
    return re.split(r"^@?(?:import|export)\b.*\n", source, flags=re.MULTILINE)


def test_every_component_is_in_the_script_that_a_page_fetches():
    components = {name for name, path in OURS.items() if "export default" in path.read_text()}
    named = re.search(r"^export default \{(.*)\};$", bundles()[ALL_SCRIPTS].decode(), re.MULTILINE)
    assert set(re.findall(r'"([^"]+)":', named[1])) == components


def test_whatever_changes_in_a_file_gives_all_of_them_new_addresses():
    contents = ([b"one", b"two"], [b"one", b"Two"], [b"two", b"one"], [b"onetwo", b""], [b"one"])
    assert len({word_of(each) for each in contents}) == len(contents)
    assert version(ALL_SCRIPTS) == version(ALL_STYLES) == version("live/chart.js")


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
