"""Scripts, styles and Plotly for the browser, from this server only and kept by the browser.

A page fetches our scripts as one and the style sheets of components as one: a browser asks for six
things at a time, and each takes both sides a millisecond. By itself each of them is there as well.

An address that carries the version of what it names (`asset_url`) never changes its content, so a
browser may keep it for good; any other address is asked for again, by its entity tag.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.metadata
import importlib.util
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.components.live.bundle import script_bundle, style_bundle

COMPONENTS = Path(__file__).parents[1]
FOLDERS = ("slider", "live", "table", "glossary", "first_visit", "history")  # the browser gets
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
FOR_GOOD = "public, max-age=31536000, immutable"
PLOTLY = "plotly.js"
ALL_SCRIPTS, ALL_STYLES = "all.js", "all.css"  # all of ours


def plotly_path() -> Path:
    """The Plotly.js that the plotly package carries, found without importing the package."""
    spec = importlib.util.find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("plotly: the package must be installed; it carries Plotly.js.")
    return Path(spec.submodule_search_locations[0]) / "package_data" / "plotly.min.js"


@cache
def files() -> dict[str, Path]:
    """The files that are served, by their names below `/assets/`."""
    ours = {
        f"{folder}/{path.name}": path
        for folder in FOLDERS
        for path in sorted((COMPONENTS / folder).iterdir())
        if path.suffix in TYPES
    }
    return {PLOTLY: plotly_path(), **ours}


@cache
def bundles() -> dict[str, bytes]:
    """What else is served: our scripts and style sheets, all in one of each."""
    scripts, styles = (
        {name: path.read_text("utf-8") for name, path in files().items() if name.endswith(suffix)}
        for suffix in TYPES
    )
    del scripts[PLOTLY]
    script = f"{script_bundle(scripts)}\n{STYLED.replace('STYLES', ALL_STYLES)}"
    return {ALL_SCRIPTS: script.encode(), ALL_STYLES: style_bundle(styles).encode()}


def is_served(name: str) -> bool:
    return name in files() or name in bundles()


def content(name: str) -> bytes:
    """What is served by a name."""
    return files()[name].read_bytes() if name in files() else bundles()[name]


@cache
def version(name: str) -> str:
    """A word that changes with the content: Plotly's release, or one hash of all that is ours.

    Our scripts share theirs because they import each other by relative addresses.
    """
    if name == PLOTLY:
        return importlib.metadata.version("plotly")
    ours = (path.read_bytes() for known, path in files().items() if known != PLOTLY)
    return word_of([*ours, *bundles().values()])


def word_of(contents: Sequence[bytes]) -> str:
    """A word for these contents, another for any others."""
    hashes = b"".join(hashlib.sha256(content).digest() for content in contents)
    return hashlib.sha256(hashes).hexdigest()[:12]


def asset_url(name: str) -> str:
    """The address of an asset, relative to the page: "assets/<version>/live/chart.js"."""
    return f"assets/{version(name)}/{name}"


@cache
def gzip_asset(name: str) -> bytes:
    """An asset, gzip-compressed; the same bytes in every process, for the entity tag's sake."""
    return gzip.compress(content(name), compresslevel=6, mtime=0)


async def serve(request: Request) -> Response:
    """One asset, under its versioned address or its plain one."""
    path = request.path_params["path"]
    first, _, rest = path.partition("/")
    name = rest if is_served(rest) else path
    if not is_served(name):
        return Response("No such asset.", status_code=404, media_type="text/plain")
    tag = f'"{version(name)}"'
    headers = {
        "Cache-Control": FOR_GOOD if name == rest and first == version(name) else "no-cache",
        "ETag": tag,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if request.headers.get("if-none-match", "").removeprefix("W/") == tag:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        # Plotly takes a third of a second, a script of ours less than the way to a thread.
        body = await run_in_threadpool(gzip_asset, name) if name == PLOTLY else gzip_asset(name)
        headers["Content-Encoding"] = "gzip"
    else:
        body = await run_in_threadpool(content, name)
    return Response(body, headers=headers, media_type=TYPES[Path(name).suffix])


def asset_routes(base: str = "") -> list[Route]:
    """The route of all assets; `base` is a path the whole app lives under, such as "/lab"."""
    return [Route(f"{base}/assets/{{path:path}}", serve, methods=["GET", "HEAD"])]


# What stands below all scripts: who imports them has the style sheets as well.
STYLED = """\
const sheet = Object.assign(document.createElement("link"), {
  rel: "stylesheet",
  href: new URL("STYLES", import.meta.url).href,
});
const styled = new Promise((done) => (sheet.onload = sheet.onerror = done));
document.head.append(sheet);
await styled;
"""
LOADER = """\
const at = (path) => new URL(path, document.baseURI).href;
const load = async () => (await import(at("SCRIPTS"))).default["NAME"];
let loaded;
export default async ({ data, ...component }) =>
  (await (loaded ??= load()))({ ...component, data: data[0] });
"""


def loader(name: str) -> str:
    """The small script that a component carries inline: it fetches ours, and takes `<name>.js`.

    Streamlit sends inline scripts again with every run; what is fetched, the browser keeps.
    """
    return LOADER.replace("SCRIPTS", asset_url(ALL_SCRIPTS)).replace("NAME", f"{name}.js")
