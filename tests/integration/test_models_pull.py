"""Models are pulled from a server of our own that breaks off, lies, and serves what it should not."""

import hashlib
import io
import zipfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from core.errors import BadInput, OutOfReach
from node.models.catalog import Model
from node.models.folder import Condition, installed, verify
from node.models.promised import Hubs
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
    async with served(app) as port:
        hub.url = str(port)
        yield hub


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[int]:
    """The port that it listens on."""
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _model(hub: Hub, file: str = "model.zip", sha256: str = "") -> Model:
    return Model("m", "recognizer", "en", "MIT", 1, {file: f"http://127.0.0.1:{hub.url}/{file}"}, sha256)


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


def _git(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


@asynccontextmanager
async def hubs_with(large: bytes, small: bytes, *, lie: bool = False) -> AsyncIterator[Hubs]:
    """All hubs on one port: they publish hashes of what they serve, or of something else."""
    promised = b"something else" if lie else large

    async def tree(request: web.Request) -> web.Response:
        assert request.path == "/hf/api/models/maker/model/tree/main/en"
        return web.json_response(
            [
                {
                    "type": "file",
                    "path": "en/v.onnx",
                    "oid": "0",
                    "lfs": {"oid": hashlib.sha256(promised).hexdigest()},
                },
                {"type": "file", "path": "en/v.json", "oid": _git(small)},
            ]
        )

    async def contents(request: web.Request) -> web.Response:
        assert request.query["ref"] == "v1"
        return web.json_response({"sha": _git(promised)})

    async def listed(_: web.Request) -> web.Response:
        return web.json_response([{"name": "m", "md5": hashlib.md5(promised).hexdigest()}])

    async def serve(request: web.Request) -> web.Response:
        return web.Response(body=small if request.path.endswith(".json") else large)

    app = web.Application()
    app.router.add_get("/hf/api/models/{rest:.*}", tree)
    app.router.add_get("/api/repos/maker/model/contents/v.onnx", contents)
    app.router.add_get("/vosk/model-list.json", listed)
    app.router.add_get("/{rest:.*}", serve)
    async with served(app) as port:
        base = f"http://127.0.0.1:{port}"
        yield Hubs(f"{base}/hf", f"{base}/gh", f"{base}/api", f"{base}/vosk")


def _voice(hubs: Hubs) -> Model:
    at = f"{hubs.huggingface}/maker/model/resolve/main/en"
    return Model("v", "voice", "en", "MIT", 1, {"v.onnx": f"{at}/v.onnx", "v.json": f"{at}/v.json"})


def _detector(hubs: Hubs) -> Model:
    return Model("d", "detector", "", "MIT", 1, {"v.onnx": f"{hubs.github}/maker/model/raw/v1/v.onnx"})


def _zipped(hubs: Hubs) -> Model:
    return Model("m", "recognizer", "en", "MIT", 1, {"m.zip": f"{hubs.vosk}/m.zip"})


@pytest.mark.parametrize("model", [_voice, _detector, _zipped])
async def test_what_a_hub_says_of_its_files_is_asked_and_kept_to(
    tmp_path: Path, model: Callable[[Hubs], Model]
) -> None:
    async with hubs_with(ARCHIVE, b"{}") as hubs:
        pulled = await pull(model(hubs), tmp_path, _silent, hubs=hubs)
    assert pulled.unpromised == ()
    assert [verify(tmp_path, name).condition for name in installed(tmp_path)] == [Condition.WHOLE]


@pytest.mark.parametrize("model", [_voice, _detector, _zipped])
async def test_what_is_not_what_the_hub_says_is_thrown_away(
    tmp_path: Path, model: Callable[[Hubs], Model]
) -> None:
    async with hubs_with(ARCHIVE, b"{}", lie=True) as hubs:
        with pytest.raises(BadInput, match="as its maker says"):
            await pull(model(hubs), tmp_path, _silent, hubs=hubs)
    assert installed(tmp_path) == []


async def test_a_file_of_which_no_hub_says_anything_is_named(tmp_path: Path) -> None:
    async with serving(Hub()) as hub:
        assert (await pull(_model(hub), tmp_path, _silent)).unpromised == ("model.zip",)


async def test_a_voice_lies_there_under_the_names_that_the_line_looks_for(tmp_path: Path) -> None:
    async with hubs_with(ARCHIVE, b"{}") as hubs:
        await pull(_voice(hubs), tmp_path, _silent, hubs=hubs)
    assert sorted(file.name for file in (tmp_path / "v").iterdir()) == ["sums.json", "v.json", "v.onnx"]
