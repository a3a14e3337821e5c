"""The emulator of Amazon Pay: whom it lets in, and what it says about sessions."""

import ssl
from collections.abc import AsyncIterator

import aiohttp
import pytest

from core.certificate import Certificate, certificate_in
from payments.sandbox.amazon_pay.dialect import AmazonPayDialect
from payments.sandbox.books import Books
from payments.sandbox.server import Emulator
from tests.contract.benches.amazon_pay import key_pair

pytestmark = pytest.mark.anyio

UNSIGNED = {"authorization": "AMZN-PAY-RSASSA-PSS-V2 PublicKeyId=K, SignedHeaders=accept, Signature=AAAA"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
async def session(certificate: Certificate) -> AsyncIterator[aiohttp.ClientSession]:
    trusted = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=certificate.authority))
    async with aiohttp.ClientSession(connector=trusted) as session:
        yield session


@pytest.mark.parametrize("checked", [True, False])
async def test_a_request_must_be_signed_and_with_a_key_rightly(
    certificate: Certificate, session: aiohttp.ClientSession, checked: bool
) -> None:
    dialect = AmazonPayDialect(Books(), key_pair().public_key() if checked else None)
    async with Emulator(dialect, certificate.context()) as emulator:
        url = f"{emulator.url}/v2/checkoutSessions/nobody"
        async with session.get(url) as answer:
            assert (answer.status, (await answer.json())["reasonCode"]) == (401, "InvalidRequestSignature")
        async with session.get(url, headers=UNSIGNED) as answer:
            assert answer.status == (401 if checked else 404)
