"""The HTML that every page starts as: Streamlit's, with what is ours from the first moment on.

The style sheet stands behind Streamlit's own, in the page before anything is drawn: so nothing is
drawn twice, nor moves when a style arrives late.
"""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from streamlit import file_util

from dashboard.components.live.address import base_path
from dashboard.components.live.assets import ALL_SCRIPTS, ALL_STYLES, PLOTLY, asset_url
from dashboard.navigation import PAGES
from dashboard.text.en.common import WORDS

HERE = Path(__file__).parent
STATIC = Path(file_util.get_static_dir())  # of Streamlit
MODULES = STATIC / "static" / "js"
IMPORTED = re.compile(r"""(?:from|import|js)["/]["./]*([\w.-]+\.js)\"""")  # by a script or a page
LOW = 'fetchpriority="low"'
SCRIPT = HERE / "frame.js"
# Of Streamlit's own parts those that our pages are made of: it would ask for each when it meets it.
PARTS = (
    "BidiComponent",
    "Button",
    "ButtonGroup",
    "Checkbox",
    "Html",
    "PageLink",
    "Selectbox",
    "TextInput",
)
STYLES = (
    "frame",
    "present",
    "controls",
    "rate",
    "explore",
    "compare",
    "studies",
    "claims",
    "tables",
)


class PageConvertor(Convertor[str]):
    """The address of a page: none, or a word without a dot; a file's has one."""

    regex = r"[^/.]*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("page", PageConvertor())


def document_route() -> Route:
    """Every page of the application, those that there are not too: Streamlit says so."""
    return Route(f"{base_path()}/{{page:page}}", serve, methods=["GET"])


async def serve(request: Request) -> Response:
    """The document; small enough to be sent anew, and it names what browsers keep.

    Streamlit knows its first page by no name: who asks for it by one is led to where it is.
    """
    if request.path_params["page"] == PAGES[0]:
        query = request.url.query
        return RedirectResponse(f"./?{query}" if query else "./")
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    body = document()
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(
            gzip_document(), headers={**headers, "Content-Encoding": "gzip"}, media_type=HTML
        )
    return Response(body, headers=headers, media_type=HTML)


HTML = "text/html"


@cache
def gzip_document() -> bytes:
    return gzip.compress(document().encode(), mtime=0)


@cache
def document() -> str:
    """Streamlit's document with our title, links, script and style."""
    page = (STATIC / "index.html").read_text()
    title = WORDS["title"]
    head = f"<script>{SCRIPT.read_text()}</script>\n{links()}\n</head>"
    page = replace_once(page, "<title>Streamlit</title>", f"<title>{title}</title>")
    page = replace_once(page, "</head>", head)
    return replace_once(page, "</body>", f"<style>\n{style()}</style>\n</body>")


def links() -> str:
    """What is needed after Streamlit's own start, asked for at once; Plotly after all else.

    Low: a browser asks a server for six things at a time, and until Streamlit's own scripts are
    there, all of them, nothing runs.
    """
    urls = [*(f"static/js/{name}" for name in parts()), asset_url(ALL_SCRIPTS)]
    preloads = [f'<link rel="modulepreload" {LOW} href="./{url}">' for url in urls]
    for kind, name in (("style", ALL_STYLES), ("script", PLOTLY)):
        preloads.append(f'<link rel="preload" as="{kind}" {LOW} href="./{asset_url(name)}">')
    return "\n".join(preloads)


def parts() -> list[str]:
    """The files of `PARTS` and all that they import, as a browser finds out only one by one."""
    found: list[str] = []
    ahead = [path.name for name in PARTS for path in MODULES.glob(f"{name}.*.js")]
    known = set(IMPORTED.findall((STATIC / "index.html").read_text()))
    while ahead:
        name = ahead.pop(0)
        if name not in known:
            known.add(name)
            found.append(name)
            ahead += IMPORTED.findall((MODULES / name).read_text("utf-8"))
    return found


@cache
def style() -> str:
    return "\n".join((HERE / "style" / f"{name}.css").read_text() for name in STYLES)


def replace_once(page: str, old: str, new: str) -> str:
    """A document with one thing in the place of another. Raises `ValueError` where it has none."""
    if page.count(old) != 1:
        raise ValueError(f"document: Streamlit's must hold {old} once, got {page.count(old)}.")
    return page.replace(old, new)
