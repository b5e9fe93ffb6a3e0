"""Scripts, styles and Plotly for the browser, from this server only and kept by the browser.

An address that carries the version of what it names (`asset_url`) never changes its content, so a
browser may keep it for good; any other address is asked for again, by its entity tag.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.metadata
import importlib.util
from functools import cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

COMPONENTS = Path(__file__).parents[1]
FOLDERS = (
    "slider",  # first: a page can be used as soon as its sliders can
    "live",
    "table",
    "glossary",
    "first_visit",
    "history",
)  # whose files the browser gets
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
FOR_GOOD = "public, max-age=31536000, immutable"
PLOTLY = "plotly.js"


def plotly_path() -> Path:
    """The Plotly.js that the plotly package carries, found without importing the package."""
    spec = importlib.util.find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("plotly: the package must be installed; it carries Plotly.js.")
    return Path(spec.submodule_search_locations[0]) / "package_data" / "plotly.min.js"


@cache
def files() -> dict[str, Path]:
    """What is served, by its name below `/assets/`."""
    ours = {
        f"{folder}/{path.name}": path
        for folder in FOLDERS
        for path in sorted((COMPONENTS / folder).iterdir())
        if path.suffix in TYPES
    }
    return {PLOTLY: plotly_path(), **ours}


@cache
def version(name: str) -> str:
    """A word that changes with the content: Plotly's release, or one hash of all our scripts.

    Our scripts share theirs because they import each other by relative addresses.
    """
    if name == PLOTLY:
        return importlib.metadata.version("plotly")
    scripts = (path.read_bytes() for known, path in files().items() if known != PLOTLY)
    return hashlib.sha256(b"\0".join(scripts)).hexdigest()[:12]


def asset_url(name: str) -> str:
    """The address of an asset, relative to the page: "assets/<version>/live/chart.js"."""
    return f"assets/{version(name)}/{name}"


@cache
def gzip_asset(name: str) -> bytes:
    """An asset, gzip-compressed; the same bytes in every process, for the entity tag's sake."""
    return gzip.compress(files()[name].read_bytes(), compresslevel=6, mtime=0)


async def serve(request: Request) -> Response:
    """One asset, under its versioned address or its plain one."""
    path = request.path_params["path"]
    first, _, rest = path.partition("/")
    name = rest if rest in files() else path
    if name not in files():
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
        body = await run_in_threadpool(files()[name].read_bytes)
    return Response(body, headers=headers, media_type=TYPES[Path(name).suffix])


def asset_routes(base: str = "") -> list[Route]:
    """The route of all assets; `base` is a path the whole app lives under, such as "/lab"."""
    return [Route(f"{base}/assets/{{path:path}}", serve, methods=["GET", "HEAD"])]


def scripts() -> list[str]:
    """The addresses of all our scripts, to be fetched before they are needed."""
    return [asset_url(name) for name in files() if name != PLOTLY and name.endswith(".js")]


def styles() -> list[str]:
    """The addresses of the style sheets that come with components."""
    return [asset_url(name) for name in files() if name.endswith(".css")]


LOADER = """\
const at = (path) => new URL(path, document.baseURI).href;
const load = async () => {
  const sheet = Object.assign(document.createElement("link"), {
    rel: "stylesheet",
    href: at("STYLE"),
  });
  const styled = new Promise((done) => (sheet.onload = sheet.onerror = done));
  document.head.append(sheet);
  const [script] = await Promise.all([import(at("SCRIPT")), styled]);
  return script.default;
};
let loaded;
export default async ({ data, ...component }) =>
  (await (loaded ??= load()))({ ...component, data: data[0] });
"""


def loader(name: str) -> str:
    """The small script that a component carries inline: it fetches `<name>.js` and `<name>.css`.

    Streamlit sends inline scripts again with every run; what is fetched, the browser keeps.
    """
    urls = {"STYLE": asset_url(f"{name}.css"), "SCRIPT": asset_url(f"{name}.js")}
    script = LOADER
    for placeholder, url in urls.items():
        script = script.replace(placeholder, url)
    return script
