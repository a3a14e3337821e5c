"""A day at a vendor that hands its report out: paid on its page, given back in part, settled, fetched."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import aiohttp
import anyio.to_thread
import pytest
from click.testing import CliRunner

from core.certificate import certificate_in
from core.clock import SystemClock
from core.ids import AccountId
from core.money import Money
from db.engine import Work
from db.stores import stored
from messages.memory import MemoryLetters
from node.commands.settlement import settlement
from node.gateways import further_gateways
from node.money_settings import PaymentsSettings
from payments.limits import Limits
from payments.links.link import LinkState
from payments.links.memory import MemoryLinks
from payments.links.offering import Offering
from payments.links.paying import GoTo, Paying
from payments.processor import OpenGateway
from payments.reconcile import Reconciler
from payments.refunds import Refund
from payments.returning import Returning
from payments.sandbox.books import Books
from payments.sandbox.ccavenue.dialect import ACCESS_CODE, MERCHANT, WORKING_KEY
from payments.sandbox.dialects import DIALECTS
from payments.sandbox.server import Emulator
from payments.sandbox.settling import INDIA
from tests.contract.benches.payer import Back, Payer
from tests.integration.payments.branch import AT_ONCE, owed

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

DUE, BACK = Money(12550, "INR"), Money(2550, "INR")
ACCOUNTS = {
    "payu": 'key = "sandbox"\nsalt = "sandbox-salt"\nemail = "shop@example.com"\nphone = "+15550100"\n',
    "ccavenue": f'merchant = "{MERCHANT}"\naccess_code = "{ACCESS_CODE}"\nworking_key = "{WORKING_KEY}"\n',
}


@asynccontextmanager
async def opened(vendor: str, folder: Path) -> AsyncIterator[tuple[OpenGateway, aiohttp.ClientSession]]:
    """The account `main`, as the settings have it, and a payer's browser."""
    certificate = certificate_in(folder)
    trusting = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=certificate.authority))
    async with (
        Emulator(DIALECTS[vendor](Books()), certificate.context()) as emulator,
        aiohttp.ClientSession(connector=trusting) as session,
    ):
        section = f'[main]\nprocessor = "{vendor}"\n{ACCOUNTS[vendor]}authority = "{certificate.authority}"\n'
        section += f'url = "{emulator.url}"\napi_url = "{emulator.url}"\n'
        (folder / "accounts.toml").write_text(section)
        (gateway,) = further_gateways(PaymentsSettings(accounts=str(folder / "accounts.toml")), SystemClock())
        yield gateway, session
        await gateway.close()


@pytest.mark.parametrize("vendor", sorted(ACCOUNTS))
async def test_what_was_paid_and_given_back_agrees_with_what_is_fetched(
    vendor: str, work: Work, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, stores = SystemClock(), stored(work, SystemClock())
    async with opened(vendor, tmp_path) as (gateway, session):
        links = MemoryLinks(clock, stores.payments.find)
        paying = Paying(links, stores.payments, [gateway], clock, Random(1))
        offering = Offering(
            links, MemoryLetters(), clock, base_url="https://pay.example.com", lasts=timedelta(hours=1)
        )
        made = await offering.make(AccountId("acct_1"), DUE)
        onward = await paying.pay(made.link, "https://pay.example.com/back")
        assert isinstance(onward, GoTo)
        payer = Payer(session)
        assert isinstance(await payer.click(await payer.open(onward.page), "pay", ""), Back)
        found = await links.find(made.link.id)
        assert found is not None
        paid = await paying.look(found)
        assert (paid.state(clock.now()), paid.payment is not None) == (LinkState.PAID, True)
        named = {gateway.name: gateway}
        assert paid.payment is not None
        given = await Returning(stores, named, clock, Limits()).refund(paid.payment, BACK, "key_1", "")
        assert isinstance(given, Refund)
        await Reconciler(stores, named, clock, AT_ONCE).sweep()
        monkeypatch.setenv("TELLERLINE_DATABASE_URL", url)
        monkeypatch.setenv("TELLERLINE_PAYMENTS_STRIPE_KEY", "sk_test_1")
        monkeypatch.setenv("TELLERLINE_PAYMENTS_ACCOUNTS", str(tmp_path / "accounts.toml"))
        asked = ["fetch", "--gateway", "main", "--day", f"{datetime.now(INDIA):%Y-%m-%d}"]
        for words in ("3 new lines were imported, 0 were known; 2 match", "0 new lines", "0 new lines"):
            ran = await anyio.to_thread.run_sync(CliRunner().invoke, settlement, asked)
            assert ran.exit_code == 0, ran.output
            assert words in ran.output
        assert await owed(work, "main") == 0
