"""Bank accounts at every gateway that takes them: a token for good numbers, a refusal for wrong ones."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.certificate import Certificate, certificate_in
from core.ids import new_payment_id
from payments.bank import AccountType, Holder
from payments.capabilities import Can
from payments.card import CardEntry, CardField
from payments.gateway import STORE, TOKENIZE_ACCOUNT
from payments.gateways.stripe.account import Account
from payments.gateways.stripe.gateway import StripeGateway
from payments.orders import Owner, Token
from payments.outcome import DeclineCode, Declined, NotAttempted
from payments.sandbox.books import Books
from payments.sandbox.server import Emulator
from payments.sandbox.stripe.dialect import StripeDialect
from tests.contract.benches.bench import TODAY, Bench, EmulatedBench
from tests.contract.benches.vendors import VENDORS

pytestmark = pytest.mark.anyio

NUMBER = b"000123456789"
HOLDER = Holder("acct 1 & sons", AccountType.CONSUMER_SAVINGS)
TAKING = [name for name, vendor in VENDORS.items() if Can.BANK_DEBIT in vendor.capabilities.can]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(params=TAKING)
async def bench(request: pytest.FixtureRequest, certificate: Certificate) -> AsyncIterator[Bench]:
    async with VENDORS[request.param].open(certificate) as opened:
        yield opened


def account(routing: bytes = b"110000000") -> CardEntry:
    entry = CardEntry()
    for field, digits in ((CardField.ROUTING, routing), (CardField.ACCOUNT, NUMBER)):
        for digit in digits:
            assert entry.append(field, digit)
        entry.finish(field, TODAY)
    return entry


async def token(bench: Bench) -> Token:
    with account() as entry:
        made = await bench.doing(TOKENIZE_ACCOUNT).tokenize_account(
            entry, HOLDER, f"{new_payment_id()}_1_token"
        )
    assert isinstance(made, Token), made
    return made


def test_there_is_a_gateway_that_takes_bank_accounts() -> None:
    assert TAKING


async def test_a_bank_account_becomes_a_token_and_its_number_stays_outside_the_books(bench: Bench) -> None:
    made = await token(bench)
    assert made.bank
    assert not made.reusable
    assert isinstance(bench, EmulatedBench)
    kept = repr(bench.emulator.books.objects)
    assert HOLDER.name in kept
    assert NUMBER.decode() not in kept


async def test_a_bank_account_is_kept_for_a_customer(bench: Bench) -> None:
    once = await token(bench)
    kept = await bench.doing(STORE).store(once, Owner("customer 1"), f"{new_payment_id()}_store")
    assert isinstance(kept, Token)
    assert (kept.value, kept.bank, kept.reusable) == (once.value, True, True)
    assert kept.owner


async def test_a_routing_number_that_no_bank_has_is_refused(bench: Bench) -> None:
    with account(b"110000001") as entry:
        made = await bench.doing(TOKENIZE_ACCOUNT).tokenize_account(entry, HOLDER, "key_token")
    assert isinstance(made, Declined)
    assert made.code is DeclineCode.WRONG_NUMBER


async def test_a_wrong_certificate_gets_no_bank_account(certificate: Certificate, tmp_path: Path) -> None:
    other = certificate_in(tmp_path)
    async with Emulator(StripeDialect(Books()), other.context()) as emulator:
        gateway = StripeGateway(Account("sk_test_1", url=emulator.url, authority=certificate.authority))
        with account() as entry:
            made = await gateway.tokenize_account(entry, HOLDER, "key")
        await gateway.close()
        assert isinstance(made, NotAttempted)
        assert not emulator.books.objects
