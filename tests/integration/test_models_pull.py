"""Models are pulled from a server of our own that breaks off, lies, and serves what it should not."""

import hashlib
import io
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from core.errors import BadInput, OutOfReach
from node.models.catalog import Model
from node.models.folder import Condition, installed, verify
from node.models.pull import pull

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


def _archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("model/am/final.mdl", bytes(range(256)) * 4000)
    return packed.getvalue()


ARCHIVE = _archive()


@dataclass
class Hub:
    """Serves the archive; `breaks_after` bytes the connection ends, once."""

    url: str = ""
    breaks_after: int | None = None
    asked: list[str] = field(default_factory=list)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.headers.get("Range", "all"))
        if request.path != "/model.zip":
            return web.Response(status=404)
        first = request.http_range.start or 0
        answer = web.StreamResponse(status=206 if first else 200)
        answer.content_length = len(ARCHIVE) - first
        await answer.prepare(request)
        if self.breaks_after is not None:
            size, self.breaks_after = self.breaks_after, None
            await answer.write(ARCHIVE[first : first + size])
            assert request.transport is not None
            request.transport.close()
            return answer
        await answer.write(ARCHIVE[first:])
        return answer


@asynccontextmanager
async def serving(hub: Hub) -> AsyncIterator[Hub]:
    app = web.Application()
    app.router.add_get("/{name}", hub.serve)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    hub.url = str(runner.addresses[0][1])
    try:
        yield hub
    finally:
        await runner.cleanup()


def _model(hub: Hub, file: str = "model.zip", sha256: str = "") -> Model:
    return Model("m", "recognizer", "en", "MIT", 1, (f"http://127.0.0.1:{hub.url}/{file}",), sha256)


def _silent(_doing: str, _done: float) -> None:
    """No bar."""


async def test_a_model_is_pulled_checked_and_put_in_place(tmp_path: Path) -> None:
    shown: list[float] = []
    async with serving(Hub()) as hub:
        promised = hashlib.sha256(ARCHIVE).hexdigest()
        await pull(_model(hub, sha256=promised), tmp_path, lambda _doing, done: shown.append(done))
    assert verify(tmp_path, "m").condition is Condition.WHOLE
    assert shown[-1] == 1.0


async def test_what_broke_off_goes_on_where_it_was(tmp_path: Path) -> None:
    async with serving(Hub(breaks_after=300_000)) as hub:
        with pytest.raises(OutOfReach, match="Run the same command again"):
            await pull(_model(hub), tmp_path, _silent)
        assert installed(tmp_path) == []
        await pull(_model(hub), tmp_path, _silent)
    first, second = hub.asked
    assert first == "all"
    assert second.startswith("bytes=")
    assert second != "bytes=0-"
    assert verify(tmp_path, "m").condition is Condition.WHOLE


async def test_what_is_not_what_was_promised_is_thrown_away(tmp_path: Path) -> None:
    async with serving(Hub()) as hub:
        with pytest.raises(BadInput, match="thrown away"):
            await pull(_model(hub, sha256="0" * 64), tmp_path, _silent)
        assert installed(tmp_path) == []
        await pull(_model(hub), tmp_path, _silent)
    assert installed(tmp_path) == ["m"]


async def test_a_model_that_is_not_served_is_told_with_its_address(tmp_path: Path) -> None:
    async with serving(Hub()) as hub:
        with pytest.raises(OutOfReach, match=r"other\.zip is not served: HTTP 404"):
            await pull(_model(hub, "other.zip"), tmp_path, _silent)


async def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    async with serving(Hub()) as hub:
        gone = _model(hub)
    with pytest.raises(OutOfReach, match="broke off"):
        await pull(gone, tmp_path, _silent)
