"""The dashboard as the line serves it: its document, its files, and addresses that are not the page's."""

import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from api import site
from api.app import serving
from api.route import Table
from api.routes import reference

pytestmark = pytest.mark.anyio
Client = TestClient[web.Request, web.Application]
_SCRIPT = b"console.log('the page')"


def _table(folder: Path | None) -> Table:
    return [*site.routes(folder), *reference.routes([])]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text('<meta name="csp-nonce" content=""><div id="root"></div>')
    (tmp_path / "assets" / "index-a1b2.js").write_bytes(_SCRIPT)
    (tmp_path / "assets" / "index-a1b2.js.gz").write_bytes(gzip.compress(_SCRIPT))
    (tmp_path / ".stamp").write_text("not a part of the page")
    (tmp_path.parent / "secret.txt").write_text("beside the page")
    return tmp_path


@pytest.fixture
async def client(folder: Path) -> AsyncIterator[Client]:
    async with TestClient(TestServer(serving(_table(folder)))) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/calls", "/payments/pay_1?tab=x", "/index.html", "/docsomething/x"])
async def test_every_address_of_the_page_is_its_document(client: Client, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status, answer.content_type) == (200, "text/html")
    assert '<div id="root">' in await answer.text()


async def test_each_document_carries_a_number_of_its_own_which_its_policy_names(client: Client) -> None:
    seen = set()
    for _ in range(2):
        answer = await client.get("/")
        found = re.search(r'content="([^"]+)"', await answer.text())
        assert found is not None
        assert f"'nonce-{found[1]}'" in answer.headers["Content-Security-Policy"]
        seen.add(found[1])
    assert len(seen) == 2


async def test_the_policy_lets_no_script_stand_in_the_page(client: Client) -> None:
    policy = (await client.get("/")).headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


async def test_a_file_with_its_hash_in_its_name_is_kept_for_a_year_and_comes_packed(client: Client) -> None:
    answer = await client.get("/assets/index-a1b2.js")
    assert await answer.read() == _SCRIPT
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.content_type == "text/javascript"


@pytest.mark.parametrize(
    "path", ["/v1/nothing", "/v1/", "/webhooks/nobody", "/pay/nothing", "/assets/gone.js"]
)
async def test_what_is_not_the_pages_is_not_found(client: Client, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status, answer.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "/.stamp"]
)
async def test_nothing_beside_the_page_can_be_had(client: Client, path: str) -> None:
    answer = await client.get(path)
    assert answer.status == 404
    assert "beside" not in await answer.text()


async def test_the_reader_page_of_the_api_stays_reached(client: Client) -> None:
    assert "Tellerline" in await (await client.get("/docs")).text()


async def test_where_it_is_not_built_the_line_says_how_to_build_it() -> None:
    async with TestClient(TestServer(serving(_table(None)))) as client:
        assert "make web" in await (await client.get("/")).text()
        assert (await client.get("/calls")).status == 404
