"""The live routes over a fake laboratory, served on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import uvicorn
from starlette.applications import Starlette

from dashboard.components.live.assets import asset_routes
from dashboard.components.live.routes import routes
from tests.live.fake import FakeLaboratory


@dataclass
class Server:
    url: str
    laboratory: FakeLaboratory


class Announcing(uvicorn.Server):
    """Says when it can be asked."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets=None) -> None:
        await super().startup(sockets)
        self.ready.set()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    laboratory = FakeLaboratory()
    live = routes(lambda: laboratory, laboratory.summarise, laboratory.draw)
    app = Starlette(routes=[*live, *asset_routes()])
    serving = Announcing(uvicorn.Config(app, port=0, log_level="warning", ws="websockets-sansio"))
    thread = threading.Thread(target=serving.run)
    thread.start()
    assert serving.ready.wait(10)
    port = serving.servers[0].sockets[0].getsockname()[1]
    yield Server(f"http://127.0.0.1:{port}", laboratory)
    serving.should_exit = True
    thread.join()
