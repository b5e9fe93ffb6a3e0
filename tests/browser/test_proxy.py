"""`docs/nginx.conf` as it stands there, in front of the laboratory."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import subprocess
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page
from websockets.sync.client import connect

from tests.browser.conftest import KNOWN
from tests.browser.explore import wait_done
from tests.browser.server import ROOT, Server, free_port

CONFIGURATION = ROOT / "docs" / "nginx.conf"
PLACES = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
MAIN = """
daemon off; user {user}; pid {folder}/nginx.pid; error_log stderr;
events {{ }}
http {{ access_log off; {places} include {folder}/lab.conf; }}
"""
START_SECONDS = 20


def program() -> str:
    unpacked = ROOT / ".venv" / "nginx" / "usr" / "sbin" / "nginx"
    named = (os.environ.get("NGINX"), "nginx", "/usr/sbin/nginx", str(unpacked))
    found = next((path for name in named if name and (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("needs nginx: `scripts/test` unpacks it where apt-get is, or install nginx")
    return found


@contextmanager
def proxied(folder: Path, *ports: int, below: str = "/") -> Iterator[str]:
    """The address of nginx with that configuration, in front of servers at these ports."""
    port = free_port()
    text = CONFIGURATION.read_text()
    text = replaced(text, "listen 80;", f"listen 127.0.0.1:{port};")
    servers = "\n".join(f"server 127.0.0.1:{one};" for one in ports)
    text = replaced(text, "server 127.0.0.1:8501;", servers)
    if below != "/":  # as its comment says
        text = replaced(text, "location / {", "location /other/ {")
        text = re.sub(r"# (location /lab/ {)\n\s*# ( .*)\n\s*# }", r"\1\n\2\n}", text)
    (folder / "lab.conf").write_text(text)
    places = "".join(f"{name}_temp_path {folder}/{name};\n" for name in PLACES)
    main = MAIN.format(user=getpass.getuser(), folder=folder, places=places)
    (folder / "main.conf").write_text(main)
    command = [program(), "-p", str(folder), "-c", str(folder / "main.conf")]
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, stderr=out)
    late = threading.Timer(START_SECONDS, process.kill)
    late.start()
    try:
        while not answers(f"http://127.0.0.1:{port}"):
            assert process.poll() is None, log.read_text()
        late.cancel()
        yield f"http://127.0.0.1:{port}{'' if below == '/' else below}"
    finally:
        late.cancel()
        process.terminate()
        process.wait()


def replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) >= 1
    return text.replace(old, new, 1)


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def port_of(server: Server) -> int:
    return int(server.url.rpartition(":")[2].partition("/")[0])


def paints(page: Page, url: str) -> None:
    """Streamlit's socket and the live one go through: the page is at rest, its curve is whole."""
    page.goto(f"{url}/?{KNOWN}")
    wait_done(page)
    page.goto("about:blank")  # before the proxy goes


def test_a_curve_is_painted_through_the_proxy(
    tab: Callable[..., Page], app: Server, tmp_path: Path
) -> None:
    with proxied(tmp_path, port_of(app)) as url:
        paints(tab(), url)


def test_and_below_a_path(tab: Callable[..., Page], below: Server, tmp_path: Path) -> None:
    with proxied(tmp_path, port_of(below), below="/lab") as url:
        paints(tab(), url)


def test_a_name_passes_the_proxy_and_has_to_be_allowed(app: Server, tmp_path: Path) -> None:
    with proxied(tmp_path, port_of(app)) as url:
        asked = urllib.request.Request(url, headers={"Host": "lab.example.org"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(asked, timeout=10)
        assert "LEARNING_RATE_LAB_HOSTS=lab.example.org" in refused.value.read().decode()
        with connect(f"{url.replace('http', 'ws')}/live", origin=url):  # type: ignore[arg-type]
            pass


@contextmanager
def named(name: str) -> Iterator[int]:
    """A server that says its name and for whom it was asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(f"{name} {self.headers['X-Forwarded-For']}".encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_browser_stays_with_its_replica_and_a_class_has_both(tmp_path: Path) -> None:
    with named("a") as one, named("b") as other, proxied(tmp_path, one, other) as url:
        seen = set()
        for _ in range(30):  # browsers at one address; all at one replica: once in 2 ** 29
            jar = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            jar.addheaders = [("X-Forwarded-For", "203.0.113.9")]  # a claim, which is not passed on
            said = {jar.open(url, timeout=10).read().decode() for _ in range(3)}
            assert len(said) == 1
            seen |= said
        assert seen == {"a 127.0.0.1", "b 127.0.0.1"}
