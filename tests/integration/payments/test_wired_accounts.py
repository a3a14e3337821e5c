"""A line as it is wired, with accounts beside its first gateway: each is asked for what it can do."""

import sys
from contextlib import AsyncExitStack
from pathlib import Path

import anyio
import pytest

from core.certificate import certificate_in
from payments.sandbox.books import Books
from payments.sandbox.payu.dialect import KEY, SALT, PayUDialect
from payments.sandbox.server import Emulator
from payments.sandbox.square.dialect import SquareDialect
from payments.sandbox.stripe.dialect import StripeDialect

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

ACCOUNTS = """
[square_main]
processor = "square"
token = "secret"
location = "L1"
url = "{square}"
authority = "{authority}"

[india]
processor = "payu"
key = "{key}"
salt = "{salt}"
email = "shop@example.com"
phone = "+15550100"
url = "{payu}"
api_url = "{payu}"
authority = "{authority}"
"""


async def test_a_card_is_charged_where_it_is_kept_or_its_payer_offered_a_page_that_takes_it(
    url: str, tmp_path: Path
) -> None:
    certificate = certificate_in(tmp_path)
    async with AsyncExitStack() as stack:
        stripe, square, payu = [
            await stack.enter_async_context(Emulator(spoken, certificate.context()))
            for spoken in (StripeDialect(Books()), SquareDialect(Books()), PayUDialect(Books()))
        ]
        places = {"square": square.url, "payu": payu.url, "authority": certificate.authority}
        (tmp_path / "accounts.toml").write_text(ACCOUNTS.format(**places, key=KEY, salt=SALT))
        where = (url, stripe.url, str(certificate.authority), str(tmp_path))
        command = [sys.executable, "-m", "tests.integration.payments.wired", *where]
        done = await anyio.run_process(command, cwd=Path(__file__).parents[3], stderr=None)
        said = [line for line in done.stdout.decode().splitlines() if "[" not in line]
        assert said == ["paid at square_main", "OnPageOnly", "NotTaken"]
        assert [made["amount_money"]["amount"] for made in square.books.listed("payment")] == [12550]
