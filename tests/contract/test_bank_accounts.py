"""Bank accounts at every gateway that takes them: a token for good numbers, a refusal for wrong ones."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.certificate import Certificate, certificate_in
from core.ids import new_payment_id
from core.money import Money
from payments.bank import AccountType, Holder
from payments.capabilities import Can
from payments.card import CardEntry, CardField
from payments.gateway import HOLD, PURCHASE, STORE, TOKENIZE_ACCOUNT
from payments.gateways.stripe.account import Account
from payments.gateways.stripe.gateway import StripeGateway
from payments.orders import Charge, Owner, Token
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted, Pending
from payments.sandbox.books import Books
from payments.sandbox.server import Emulator
from payments.sandbox.stripe.banks import RIGHT_CODE
from payments.sandbox.stripe.dialect import StripeDialect
from tests.contract.benches.bench import DUE, TODAY, Bench, EmulatedBench
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


def account(routing: bytes = b"110000000", number: bytes = NUMBER) -> CardEntry:
    entry = CardEntry()
    for field, digits in ((CardField.ROUTING, routing), (CardField.ACCOUNT, number)):
        for digit in digits:
            assert entry.append(field, digit)
        entry.finish(field, TODAY)
    return entry


async def token(bench: Bench, number: bytes = NUMBER) -> Token:
    with account(number=number) as entry:
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


async def debit(bench: Bench, number: bytes = NUMBER, amount: Money = DUE) -> Charge:
    payment = new_payment_id()
    return Charge(payment, f"{payment}_1", amount, await token(bench, number), "bill 1")


def deposits_told(bench: Bench, ref: str) -> None:
    assert isinstance(bench, EmulatedBench)
    assert isinstance(bench.emulator.dialect, StripeDialect)
    assert bench.emulator.dialect.verify_deposits(ref, {"descriptor_code": RIGHT_CODE}).status == 200


async def test_a_debit_is_pending_until_the_bank_has_paid(bench: Bench) -> None:
    charge = await debit(bench)
    outcome = await bench.doing(PURCHASE).purchase(charge)
    assert isinstance(outcome, Pending)
    assert "small deposits on https://" in outcome.why
    assert await bench.doing(PURCHASE).purchase(charge) == outcome
    assert await bench.gateway.lookup(charge.payment) == outcome
    assert bench.charged(charge.payment) == []
    deposits_told(bench, outcome.ref)
    assert await bench.gateway.lookup(charge.payment, outcome.ref) == Approved(outcome.ref)
    assert bench.charged(charge.payment) == [DUE.minor]


async def test_a_debit_that_the_bank_sends_back_is_refused(bench: Bench) -> None:
    charge = await debit(bench, b"000222222227")
    outcome = await bench.doing(PURCHASE).purchase(charge)
    assert isinstance(outcome, Pending)
    deposits_told(bench, outcome.ref)
    ended = await bench.gateway.lookup(charge.payment, outcome.ref)
    assert isinstance(ended, Declined)
    assert ended.code is DeclineCode.INSUFFICIENT_FUNDS


async def test_a_bank_account_is_debited_in_dollars_only_and_at_once(bench: Bench) -> None:
    euros = await debit(bench, amount=Money(500, "EUR"))
    assert isinstance(await bench.doing(PURCHASE).purchase(euros), NotAttempted)
    assert isinstance(await bench.doing(HOLD).authorize(await debit(bench)), NotAttempted)


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
