"""TLS in front of the API: new enough, followed when the files change, never left without a certificate."""

import os
import shutil
import signal
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import anyio
import pytest
from aiohttp import web

from api.app import serving
from api.route import Asked, Route
from api.scopes import Scope
from core.certificate import Certificate, certificate_in
from core.errors import BadInput
from node import tls as node_tls
from node.http import serve
from node.settings import ApiSettings
from node.stack.ports import HOST, free_ports
from node.tls import Tls

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def _nothing(_asked: Asked[None, None]) -> web.Response:
    return web.Response(status=204)


@asynccontextmanager
async def _served(tls: Tls) -> AsyncIterator[int]:
    port = free_ports().api
    app = serving([Route("GET", "/v1/nothing", _nothing, Scope.OPEN, "Nothing")])
    async with anyio.create_task_group() as tasks:
        await tasks.start(serve, app, ApiSettings(host=HOST, port=port), tls)
        yield port
        tasks.cancel_scope.cancel()


def _trust(certificate: Certificate) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate.authority)


async def _headers(port: int, trust: ssl.SSLContext) -> dict[str, str]:
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"https://{HOST}:{port}/v1/nothing", ssl=trust) as answer,
    ):
        assert answer.status == 204
        return dict(answer.headers)


async def test_whoever_comes_by_tls_is_told_to_come_by_it_always(tmp_path: Path) -> None:
    made = certificate_in(tmp_path)
    async with _served(Tls(made.chain, made.key)) as port:
        assert "max-age=31536000" in (await _headers(port, _trust(made)))["Strict-Transport-Security"]


async def test_an_old_tls_is_refused(tmp_path: Path) -> None:
    made = certificate_in(tmp_path)
    old = _trust(made)
    old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with pytest.warns(DeprecationWarning, match="TLS"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    async with _served(Tls(made.chain, made.key)) as port:
        with pytest.raises(aiohttp.ClientConnectorError):
            await _headers(port, old)


async def test_a_new_certificate_is_served_once_its_files_lie_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(node_tls, "_LOOK_S", 0.05)
    old, new = certificate_in(tmp_path / "old"), certificate_in(tmp_path / "new")
    async with _served(Tls(old.chain, old.key)) as port:
        await _headers(port, _trust(old))
        shutil.copy(new.chain, old.chain)  # the pair does not fit meanwhile
        await anyio.sleep(0.2)
        await _headers(port, _trust(old))
        shutil.copy(new.key, old.key)
        await _until_believed(port, new)
        assert not await _believed(port, old)


async def test_a_new_certificate_is_served_at_once_on_sighup(tmp_path: Path) -> None:
    old, new = certificate_in(tmp_path / "old"), certificate_in(tmp_path / "new")
    async with _served(Tls(old.chain, old.key)) as port:
        await _headers(port, _trust(old))
        shutil.copy(new.chain, old.chain)
        shutil.copy(new.key, old.key)
        os.kill(os.getpid(), signal.SIGHUP)
        await _until_believed(port, new)


async def _until_believed(port: int, certificate: Certificate) -> None:
    with anyio.fail_after(8):
        while not await _believed(port, certificate):  # noqa: ASYNC110 - nobody tells when it is read
            await anyio.sleep(0.05)


async def _believed(port: int, certificate: Certificate) -> bool:
    try:
        await _headers(port, _trust(certificate))
    except aiohttp.ClientConnectorCertificateError:
        return False
    return True


def test_files_that_are_no_certificate_are_told_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("nonsense")
    with pytest.raises(BadInput, match=r"cert\.pem"):
        Tls(tmp_path / "cert.pem", tmp_path / "key.pem")
