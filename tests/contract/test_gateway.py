"""What every gateway does: the sandbox in the process, and each adapter against its vendor's emulator."""

import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pydantic import ValidationError

from core.certificate import Certificate, certificate_in
from core.ids import new_payment_id, new_refund_id
from core.money import Money
from payments.capabilities import Can
from payments.gateway import HOLD, PURCHASE, REFUND, STORE, TOKENIZE, VERBS, VOIDED
from payments.gateways.stripe.account import Account
from payments.gateways.stripe.gateway import StripeGateway
from payments.orders import Charge, Initiator, Owner, RefundOrder, Token
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted, Unknown
from payments.sandbox.books import Books
from payments.sandbox.server import Emulator
from payments.sandbox.stripe.dialect import StripeDialect
from tests.contract.benches.bench import DUE, Bench, Refusal, keyed_in
from tests.contract.benches.strict_stripe import INTENT, nested
from tests.contract.benches.vendors import VENDORS

pytestmark = pytest.mark.anyio


def test_the_checker_finds_a_key_that_the_vendor_does_not_know() -> None:
    good = {"amount": "1", "currency": "usd", "payment_method_options[card][moto]": "true"}
    INTENT.validate_python(nested(good))
    with pytest.raises(ValidationError):
        INTENT.validate_python(nested(good | {"payment_method_options[card][motto]": "true"}))


def who_can(needs: Can) -> pytest.MarkDecorator:
    """Run the test on every gateway that declares all of this, and say so when there is none."""
    names = [name for name, vendor in VENDORS.items() if needs in vendor.capabilities.can]
    assert names, f"no gateway here can {needs}"
    return pytest.mark.parametrize("bench", names, indirect=True)


charges = who_can(Can.CHARGE)
holds = who_can(Can.CHARGE | Can.AUTHORIZE)
holds_parts = who_can(Can.CHARGE | Can.AUTHORIZE | Can.PARTIAL_CAPTURE)
refunds_parts = who_can(Can.CHARGE | Can.REFUND | Can.PARTIAL_REFUND)
stores = who_can(Can.CHARGE | Can.STORE_CARD)
refuses = pytest.mark.parametrize(
    ("bench", "refusal"),
    [
        pytest.param(name, refusal, id=f"{name}-{refusal.words}")
        for name, vendor in VENDORS.items()
        for refusal in vendor.refusals
    ],
    indirect=["bench"],
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(params=VENDORS)
async def bench(request: pytest.FixtureRequest, certificate: Certificate) -> AsyncIterator[Bench]:
    async with VENDORS[request.param].open(certificate) as opened:
        yield opened


def returned(order: Charge, paid: Approved, minor: int) -> RefundOrder:
    refund = new_refund_id()
    return RefundOrder(refund, order.payment, paid.ref, Money(minor, "USD"), f"{refund}_1", "asked for")


async def test_what_is_declared_is_there(bench: Bench) -> None:
    for verb in VERBS:
        if verb.can in bench.gateway.capabilities.can:
            assert isinstance(bench.gateway, verb.kind), f"{bench.gateway.name} has no {verb.kind.__name__}"


async def test_who_takes_cards_says_where_they_go(bench: Bench) -> None:
    if (taking := TOKENIZE.of(bench.gateway)) is not None:
        assert urlsplit(taking.cards_go_to).scheme == "https"


@charges
async def test_a_good_card_is_charged_once_and_looked_up(bench: Bench) -> None:
    order = await bench.charge()
    outcome = await bench.doing(PURCHASE).purchase(order)
    assert isinstance(outcome, Approved)
    assert outcome.captured
    assert bench.charged(order.payment) == [12550]
    assert await bench.gateway.lookup(order.payment) == outcome
    assert await bench.gateway.lookup(order.payment, outcome.ref) == outcome


@refuses
async def test_each_refusal_comes_in_our_words(bench: Bench, refusal: Refusal) -> None:
    order = await bench.charge(refusal.card, refusal.amount)
    outcome = await bench.doing(PURCHASE).purchase(order)
    assert isinstance(outcome, Declined)
    assert (outcome.code, outcome.gateway_code) == (refusal.code, refusal.gateway_code)
    assert bench.charged(order.payment) == []
    assert await bench.gateway.lookup(order.payment) == outcome


@charges
async def test_an_answer_lost_after_the_charge_is_unknown_until_looked_up(bench: Bench) -> None:
    order = await bench.charge()
    bench.swallow_the_next_answer()
    assert isinstance(await bench.doing(PURCHASE).purchase(order), Unknown)
    assert bench.charged(order.payment) == [12550]
    assert isinstance(await bench.gateway.lookup(order.payment), Approved)


@pytest.mark.parametrize("bench", ["sandbox", "stripe"], indirect=True)
async def test_a_gateway_that_charges_and_never_answers_is_unknown(bench: Bench) -> None:
    order = await bench.charge(b"4000000000001109")
    assert isinstance(await bench.doing(PURCHASE).purchase(order), Unknown)
    assert isinstance(await bench.gateway.lookup(order.payment), Approved)


@charges
async def test_an_order_that_got_lost_is_unknown_and_the_lookup_finds_nothing(bench: Bench) -> None:
    order = await bench.charge()
    bench.lose_the_next_order()
    assert isinstance(await bench.doing(PURCHASE).purchase(order), Unknown)
    bench.wait_until_lookups_are_sure()
    assert isinstance(await bench.gateway.lookup(order.payment), NotAttempted)
    assert bench.charged(order.payment) == []


@charges
async def test_a_refused_connection_is_surely_not_a_charge(bench: Bench) -> None:
    order = await bench.charge()
    await bench.go_away()
    assert isinstance(await bench.doing(PURCHASE).purchase(order), NotAttempted)
    assert bench.charged(order.payment) == []


@charges
async def test_a_lookup_that_cannot_be_asked_says_nothing(bench: Bench) -> None:
    order = await bench.charge()
    paid = await bench.doing(PURCHASE).purchase(order)
    assert isinstance(paid, Approved)
    if await bench.go_away_for_lookups():
        assert isinstance(await bench.gateway.lookup(order.payment), Unknown)
        assert isinstance(await bench.gateway.lookup(order.payment, paid.ref), Unknown)


@charges
async def test_the_same_key_twice_charges_once_and_answers_the_same(bench: Bench) -> None:
    order = await bench.charge()
    first = await bench.doing(PURCHASE).purchase(order)
    assert await bench.doing(PURCHASE).purchase(order) == first
    assert bench.charged(order.payment) == [12550]


@charges
async def test_the_same_key_for_another_amount_charges_nothing_more(bench: Bench) -> None:
    order = await bench.charge()
    await bench.doing(PURCHASE).purchase(order)
    outcome = await bench.doing(PURCHASE).purchase(replace(order, amount=Money(1, "USD")))
    assert not isinstance(outcome, Approved)
    assert bench.charged(order.payment) == [12550]


@holds_parts
async def test_reserved_money_is_taken_later_in_part(bench: Bench) -> None:
    order = await bench.charge()
    held = await bench.doing(HOLD).authorize(order)
    assert isinstance(held, Approved)
    assert not held.captured
    assert bench.charged(order.payment) == []
    assert await bench.gateway.lookup(order.payment) == held
    taken = await bench.doing(HOLD).capture(held.ref, Money(10000, "USD"), f"{order.key}_capture")
    assert isinstance(taken, Approved)
    assert bench.charged(order.payment) == [10000]


@holds
async def test_more_than_was_reserved_is_not_taken(bench: Bench) -> None:
    order = await bench.charge()
    held = await bench.doing(HOLD).authorize(order)
    assert isinstance(held, Approved)
    outcome = await bench.doing(HOLD).capture(held.ref, Money(12551, "USD"), f"{order.key}_capture")
    assert isinstance(outcome, Declined)
    assert bench.charged(order.payment) == []


@holds
async def test_reserved_money_that_was_let_go_cannot_be_taken(bench: Bench) -> None:
    order = await bench.charge()
    held = await bench.doing(HOLD).authorize(order)
    assert isinstance(held, Approved)
    assert isinstance(await bench.doing(HOLD).void(held.ref, f"{order.key}_void"), Approved)
    outcome = await bench.doing(HOLD).capture(held.ref, DUE, f"{order.key}_capture")
    assert isinstance(outcome, Declined)
    voided = Declined(DeclineCode.OTHER, VOIDED, held.ref)
    assert await bench.gateway.lookup(order.payment) == voided


@refunds_parts
async def test_no_more_is_given_back_than_was_taken(bench: Bench) -> None:
    order = await bench.charge()
    paid = await bench.doing(PURCHASE).purchase(order)
    assert isinstance(paid, Approved)
    await bench.settle(paid.ref)
    refunds = bench.doing(REFUND)
    first = returned(order, paid, 12000)
    part = await refunds.refund(first)
    again = await refunds.refund(first)
    too_much = await refunds.refund(returned(order, paid, 551))
    rest = await refunds.refund(returned(order, paid, 550))
    nothing_left = await refunds.refund(returned(order, paid, 1))
    assert isinstance(part, Approved)
    assert again == part
    assert isinstance(too_much, Declined)
    assert isinstance(rest, Approved)
    assert isinstance(nothing_left, Declined)


@refunds_parts
async def test_a_refund_is_found_by_our_reference(bench: Bench) -> None:
    order = await bench.charge()
    paid = await bench.doing(PURCHASE).purchase(order)
    assert isinstance(paid, Approved)
    await bench.settle(paid.ref)
    refunds = bench.doing(REFUND)
    sent, never_sent = returned(order, paid, 1000), returned(order, paid, 1000)
    made = await refunds.refund(sent)
    assert isinstance(made, Approved)
    assert made.ref != paid.ref
    assert await refunds.lookup_refund(sent) == made
    assert isinstance(await refunds.lookup_refund(never_sent), NotAttempted)


async def test_a_payment_that_nobody_sent_is_not_found(bench: Bench) -> None:
    payment = new_payment_id()
    bench.wait_until_lookups_are_sure()
    assert isinstance(await bench.gateway.lookup(payment), NotAttempted)


@stores
async def test_a_stored_card_is_charged_again_by_the_merchant_alone(bench: Bench) -> None:
    once = await bench.token(bench.good)
    stored = await bench.doing(STORE).store(once, Owner("customer 1"), f"{new_payment_id()}_store")
    assert isinstance(stored, Token)
    assert stored.reusable
    for _ in range(2):
        payment = new_payment_id()
        order = Charge(payment, f"{payment}_1", DUE, stored, "month", Initiator.MERCHANT)
        assert isinstance(await bench.doing(PURCHASE).purchase(order), Approved)
        assert bench.charged(payment) == [12550]


@stores
async def test_a_forgotten_card_is_never_charged_again(bench: Bench) -> None:
    once = await bench.token(bench.good)
    stored = await bench.doing(STORE).store(once, Owner("customer 1"), f"{new_payment_id()}_store")
    assert isinstance(stored, Token)
    for _ in range(2):  # gone, and gone before
        assert await bench.doing(STORE).forget(stored) is None
    payment = new_payment_id()
    order = Charge(payment, f"{payment}_1", DUE, stored, "month", Initiator.MERCHANT)
    assert isinstance(await bench.doing(PURCHASE).purchase(order), Declined | NotAttempted)
    assert bench.charged(payment) == []


@pytest.mark.parametrize(
    "written",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111%201111%201111%201111",
        "4111+1111+1111+1111",
    ],
)
async def test_a_card_does_not_survive_scrubbing(bench: Bench, written: str) -> None:
    planted = (
        f"POST /v1 card[number]={written}&card[cvc]=987&card%5Bcvc%5D=987&x=1\r\n"
        "Authorization: Bearer sk_live_abc123\r\n\r\n"
        f'{{"number": "{written}", "cvc": "987", "last4": "1111"}}'
    )
    left = bench.gateway.scrub(planted)
    assert written not in left
    assert "987" not in left
    assert "abc123" not in left
    assert '"last4": "1111"' in left
    assert "x=1" in left


@pytest.mark.parametrize("code", ["987", "9876"])
async def test_a_card_in_the_vendors_own_shape_does_not_survive_scrubbing(bench: Bench, code: str) -> None:
    planted = bench.planted.format(number="4111111111111111", code=code, key="k3ySecret")
    left = bench.gateway.scrub(planted)
    assert all(secret in planted for secret in ("4111111111111111", code, "k3ySecret"))
    assert "4111" not in left
    assert code not in left
    assert "k3ySecret" not in left
    assert left.endswith("last4: 1111")


async def test_an_unreachable_gateway_makes_no_token() -> None:
    account = Account("sk_test_123", url="https://127.0.0.1:19499")
    gateway = StripeGateway(account)
    with keyed_in() as entry:
        assert isinstance(await gateway.tokenize(entry, "key"), NotAttempted)
    await gateway.close()


async def test_tls_is_checked_by_the_sdk_too(certificate: Certificate, tmp_path: Path) -> None:
    other = certificate_in(tmp_path)
    async with Emulator(StripeDialect(Books()), other.context()) as emulator:
        gateway = StripeGateway(Account("sk_test_123", url=emulator.url, authority=certificate.authority))
        order = Charge(new_payment_id(), "key", DUE, Token("stripe", "pm_1"))
        assert isinstance(await gateway.purchase(order), NotAttempted)
        await gateway.close()


def test_the_emulator_speaks_no_old_tls(certificate: Certificate) -> None:
    assert certificate.context().minimum_version is ssl.TLSVersion.TLSv1_2
