"""What every gateway does: the sandbox in the process, and Stripe's adapter against the emulator."""

import ssl
import typing
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any, TypeVar

import pytest
from pydantic import ConfigDict, TypeAdapter, ValidationError
from stripe.params import _payment_intent_capture_params as captures
from stripe.params import _payment_intent_create_params as intents
from stripe.params import _payment_intent_list_params as lists
from stripe.params import _payment_method_create_params as methods
from stripe.params import _refund_create_params as refunds
from stripe.params import _refund_list_params as refund_lists
from typing_extensions import is_typeddict

from core.ids import PaymentId, new_payment_id, new_refund_id
from core.money import Money
from payments.capabilities import Can, Capabilities
from payments.card import CardEntry, CardField
from payments.gateway import HOLD, PURCHASE, REFUND, TOKENIZE, VERBS, VOIDED, Gateway, Verb
from payments.gateways.sandbox.cards import BOGUS_CARDS, BogusCard, Fate
from payments.gateways.sandbox.gateway import CAPABILITIES as SANDBOX
from payments.gateways.sandbox.gateway import Fault, SandboxGateway
from payments.gateways.stripe.gateway import CAPABILITIES as STRIPE
from payments.gateways.stripe.gateway import Account, StripeGateway
from payments.orders import Charge, RefundOrder, Token
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted, Unknown
from payments.sandbox.api import Answer, Dialect, Params
from payments.sandbox.books import Books
from payments.sandbox.certificate import Certificate, certificate_in
from payments.sandbox.faults import Fault as EmulatedFault
from payments.sandbox.faults import Trouble
from payments.sandbox.server import Emulator

pytestmark = pytest.mark.anyio

TODAY = date(2026, 11, 20)
VISA = b"4242424242424242"
DUE = Money(12550, "USD")


class StrictDialect(Dialect):
    """Takes nothing that the vendor's SDK does not describe."""

    def create_method(self, params: Params) -> Answer:
        _METHOD.validate_python(nested(params))
        return super().create_method(params)

    def create_intent(self, params: Params) -> Answer:
        _INTENT.validate_python(nested(params))
        return super().create_intent(params)

    def list_intents(self, params: Params) -> Answer:
        _LIST.validate_python(nested(params))
        return super().list_intents(params)

    def capture_intent(self, name: str, params: Params) -> Answer:
        _CAPTURE.validate_python(nested(params))
        return super().capture_intent(name, params)

    def create_refund(self, params: Params) -> Answer:
        _REFUND.validate_python(nested(params))
        return super().create_refund(params)

    def list_refunds(self, params: Params) -> Answer:
        _REFUND_LIST.validate_python(nested(params))
        return super().list_refunds(params)


def strict(described: type, module: ModuleType) -> TypeAdapter[Any]:
    """A checker of a TypedDict that refuses keys which it, or one nested in it, does not name."""
    for kind in vars(module).values():
        if is_typeddict(kind):
            kind.__pydantic_config__ = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    adapter = TypeAdapter[Any](described)
    # what a request's options are made of is imported elsewhere, or for type checkers only
    adapter.rebuild(_types_namespace={**vars(typing), **vars(module), "StripeContext": str})
    return adapter


_METHOD = strict(methods.PaymentMethodCreateParams, methods)
_INTENT = strict(intents.PaymentIntentCreateParams, intents)
_LIST = strict(lists.PaymentIntentListParams, lists)
_CAPTURE = strict(captures.PaymentIntentCaptureParams, captures)
_REFUND = strict(refunds.RefundCreateParams, refunds)
_REFUND_LIST = strict(refund_lists.RefundListParams, refund_lists)


def nested(params: Params) -> dict[str, Any]:
    """`{"card[cvc]": "1"}` as `{"card": {"cvc": "1"}}`, and `x[0]` as a list."""
    tree: dict[str, Any] = {}
    for name, text in params.items():
        *path, leaf = name.replace("]", "").split("[")
        branch = tree
        for step in path:
            branch = branch.setdefault(step, {})
        branch[leaf] = text
    return {
        name: list(branch.values()) if isinstance(branch, dict) and "0" in branch else branch
        for name, branch in tree.items()
    }


def test_the_checker_finds_a_key_that_the_vendor_does_not_know() -> None:
    good = {"amount": "1", "currency": "usd", "payment_method_options[card][moto]": "true"}
    _INTENT.validate_python(nested(good))
    with pytest.raises(ValidationError):
        _INTENT.validate_python(nested(good | {"payment_method_options[card][motto]": "true"}))


Kind = TypeVar("Kind", bound=Gateway)


class Bench(ABC):
    """A gateway, and a look behind its counter."""

    gateway: Gateway

    def doing(self, verb: Verb[Kind]) -> Kind:
        """The gateway as one that does this; the test named it as needed."""
        found = verb.of(self.gateway)
        assert found is not None, f"{self.gateway.name} declares no {verb.can}"
        return found

    @abstractmethod
    def charged(self, payment: PaymentId) -> list[int]:
        """The amounts taken for a payment, one for each time money moved."""

    @abstractmethod
    def swallow_the_next_answer(self) -> None:
        """Let the next charge be done and its answer be lost."""

    @abstractmethod
    async def go_away(self) -> None:
        """Be out of reach from now on."""


class SandboxBench(Bench):
    def __init__(self) -> None:
        self.gateway: SandboxGateway = SandboxGateway(Random(7), timeout_s=0.05)

    def charged(self, payment: PaymentId) -> list[int]:
        return [entry.taken_minor for entry in self.gateway.books.of(payment) if entry.taken_minor]

    def swallow_the_next_answer(self) -> None:
        self.gateway.fail(Fault.SILENT)

    async def go_away(self) -> None:
        self.gateway.fail(Fault.REFUSE, times=10)


class StripeBench(Bench):
    def __init__(self, gateway: StripeGateway, emulator: Emulator) -> None:
        self.gateway: StripeGateway = gateway
        self.emulator = emulator

    def charged(self, payment: PaymentId) -> list[int]:
        charges = self.emulator.books.listed("charge")
        return [
            made["amount_captured"]
            for made in charges
            if made["metadata"]["payment"] == payment and made["captured"]
        ]

    def swallow_the_next_answer(self) -> None:
        self.emulator.troubles.plan(Trouble(EmulatedFault.RESET_AFTER_SEND, "/v1/payment_intents"))

    async def go_away(self) -> None:
        await self.emulator.refuse()


@asynccontextmanager
async def sandbox(_: Certificate) -> AsyncIterator[Bench]:
    yield SandboxBench()


@asynccontextmanager
async def stripe(certificate: Certificate) -> AsyncIterator[Bench]:
    async with Emulator(StrictDialect(Books()), certificate.context()) as emulator:
        account = Account("sk_test_123", True, emulator.url, certificate.authority, answer_s=0.5)
        gateway = StripeGateway(account)
        try:
            yield StripeBench(gateway, emulator)
        finally:
            await gateway.close()


Opens = Callable[[Certificate], AbstractAsyncContextManager[Bench]]
BENCHES: dict[str, tuple[Opens, Capabilities]] = {"sandbox": (sandbox, SANDBOX), "stripe": (stripe, STRIPE)}


def who_can(needs: Can) -> pytest.MarkDecorator:
    """Run the test on every gateway that declares all of this, and say so when there is none."""
    names = [name for name, (_, declared) in BENCHES.items() if needs in declared.can]
    assert names, f"no gateway here can {needs}"
    return pytest.mark.parametrize("bench", names, indirect=True)


on_call = who_can(Can.RAW_CARD | Can.CHARGE)
holds = who_can(Can.RAW_CARD | Can.CHARGE | Can.AUTHORIZE | Can.PARTIAL_CAPTURE)
refunds_parts = who_can(Can.RAW_CARD | Can.CHARGE | Can.REFUND | Can.PARTIAL_REFUND)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(params=BENCHES)
async def bench(request: pytest.FixtureRequest, certificate: Certificate) -> AsyncIterator[Bench]:
    open_bench, _ = BENCHES[request.param]
    async with open_bench(certificate) as opened:
        yield opened


def keyed_in(number: bytes = VISA) -> CardEntry:
    entry = CardEntry()
    code = b"1234" if number.startswith(b"37") else b"123"
    for field, digits in (
        (CardField.NUMBER, number),
        (CardField.EXPIRY, b"1234"),
        (CardField.CODE, code),
    ):
        for digit in digits:
            entry.append(field, digit)
        assert entry.finish(field, TODAY) is None
    return entry


async def charge(bench: Bench, number: bytes = VISA, amount: Money = DUE) -> Charge:
    payment = new_payment_id()
    with keyed_in(number) as entry:
        token = await bench.doing(TOKENIZE).tokenize(entry, f"{payment}_1_token")
    assert isinstance(token, Token)
    return Charge(payment, f"{payment}_1", amount, token, "bill 1")


def returned(order: Charge, paid: Approved, minor: int) -> RefundOrder:
    refund = new_refund_id()
    return RefundOrder(refund, order.payment, paid.ref, Money(minor, "USD"), f"{refund}_1", "asked for")


async def test_what_is_declared_is_there(bench: Bench) -> None:
    for verb in VERBS:
        if verb.can in bench.gateway.capabilities.can:
            assert isinstance(bench.gateway, verb.kind), f"{bench.gateway.name} has no {verb.kind.__name__}"


@on_call
async def test_a_good_card_is_charged_once_and_looked_up(bench: Bench) -> None:
    order = await charge(bench)
    outcome = await bench.doing(PURCHASE).purchase(order)
    assert isinstance(outcome, Approved)
    assert outcome.captured
    assert bench.charged(order.payment) == [12550]
    assert await bench.gateway.lookup(order.payment) == outcome
    assert await bench.gateway.lookup(order.payment, outcome.ref) == outcome


@pytest.mark.parametrize(
    "card", [card for card in BOGUS_CARDS if card.fate is Fate.DECLINE], ids=lambda card: card.words
)
@on_call
async def test_each_refusal_comes_in_our_words(bench: Bench, card: BogusCard) -> None:
    order = await charge(bench, card.number)
    outcome = await bench.doing(PURCHASE).purchase(order)
    assert isinstance(outcome, Declined)
    assert (outcome.code, outcome.gateway_code) == (card.decline, card.decline_code or card.code)
    assert bench.charged(order.payment) == []
    assert await bench.gateway.lookup(order.payment) == outcome


@on_call
async def test_an_answer_lost_after_the_charge_is_unknown_until_looked_up(bench: Bench) -> None:
    order = await charge(bench)
    bench.swallow_the_next_answer()
    assert isinstance(await bench.doing(PURCHASE).purchase(order), Unknown)
    assert bench.charged(order.payment) == [12550]
    assert isinstance(await bench.gateway.lookup(order.payment), Approved)


@on_call
async def test_a_gateway_that_charges_and_never_answers_is_unknown(bench: Bench) -> None:
    order = await charge(bench, b"4000000000001109")
    assert isinstance(await bench.doing(PURCHASE).purchase(order), Unknown)
    assert isinstance(await bench.gateway.lookup(order.payment), Approved)


@on_call
async def test_an_order_that_got_lost_is_unknown_and_the_lookup_finds_nothing(bench: Bench) -> None:
    order = await charge(bench, b"4000000000001117")
    assert isinstance(await bench.doing(PURCHASE).purchase(order), Unknown)
    assert isinstance(await bench.gateway.lookup(order.payment), NotAttempted)
    assert bench.charged(order.payment) == []


@on_call
async def test_a_refused_connection_is_surely_not_a_charge(bench: Bench) -> None:
    order = await charge(bench)
    await bench.go_away()
    assert isinstance(await bench.doing(PURCHASE).purchase(order), NotAttempted)
    assert bench.charged(order.payment) == []


@on_call
async def test_the_same_key_twice_charges_once_and_answers_the_same(bench: Bench) -> None:
    order = await charge(bench)
    first = await bench.doing(PURCHASE).purchase(order)
    assert await bench.doing(PURCHASE).purchase(order) == first
    assert bench.charged(order.payment) == [12550]


@on_call
async def test_the_same_key_for_another_amount_charges_nothing_more(bench: Bench) -> None:
    order = await charge(bench)
    await bench.doing(PURCHASE).purchase(order)
    outcome = await bench.doing(PURCHASE).purchase(replace(order, amount=Money(1, "USD")))
    assert not isinstance(outcome, Approved)
    assert bench.charged(order.payment) == [12550]


@holds
async def test_reserved_money_is_taken_later_in_part(bench: Bench) -> None:
    order = await charge(bench)
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
    order = await charge(bench)
    held = await bench.doing(HOLD).authorize(order)
    assert isinstance(held, Approved)
    outcome = await bench.doing(HOLD).capture(held.ref, Money(12551, "USD"), f"{order.key}_capture")
    assert isinstance(outcome, Declined)
    assert bench.charged(order.payment) == []


@holds
async def test_reserved_money_that_was_let_go_cannot_be_taken(bench: Bench) -> None:
    order = await charge(bench)
    held = await bench.doing(HOLD).authorize(order)
    assert isinstance(held, Approved)
    assert isinstance(await bench.doing(HOLD).void(held.ref, f"{order.key}_void"), Approved)
    outcome = await bench.doing(HOLD).capture(held.ref, DUE, f"{order.key}_capture")
    assert isinstance(outcome, Declined)
    voided = Declined(DeclineCode.OTHER, VOIDED, held.ref)
    assert await bench.gateway.lookup(order.payment) == voided


@refunds_parts
async def test_no_more_is_given_back_than_was_taken(bench: Bench) -> None:
    order = await charge(bench)
    paid = await bench.doing(PURCHASE).purchase(order)
    assert isinstance(paid, Approved)
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
    order = await charge(bench)
    paid = await bench.doing(PURCHASE).purchase(order)
    assert isinstance(paid, Approved)
    refunds = bench.doing(REFUND)
    sent, never_sent = returned(order, paid, 1000), returned(order, paid, 1000)
    made = await refunds.refund(sent)
    assert isinstance(made, Approved)
    assert made.ref != paid.ref
    assert await refunds.lookup_refund(sent) == made
    assert isinstance(await refunds.lookup_refund(never_sent), NotAttempted)


@on_call
async def test_a_payment_that_nobody_sent_is_not_found(bench: Bench) -> None:
    await bench.doing(PURCHASE).purchase(await charge(bench))
    assert isinstance(await bench.gateway.lookup(new_payment_id()), NotAttempted)


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


async def test_an_unreachable_gateway_makes_no_token() -> None:
    account = Account("sk_test_123", url="https://127.0.0.1:19499")
    gateway = StripeGateway(account)
    with keyed_in() as entry:
        assert isinstance(await gateway.tokenize(entry, "key"), NotAttempted)
    await gateway.close()


async def test_tls_is_checked_by_the_sdk_too(certificate: Certificate, tmp_path: Path) -> None:
    other = certificate_in(tmp_path)
    async with Emulator(Dialect(Books()), other.context()) as emulator:
        gateway = StripeGateway(Account("sk_test_123", url=emulator.url, authority=certificate.authority))
        order = Charge(new_payment_id(), "key", DUE, Token("stripe", "pm_1"))
        assert isinstance(await gateway.purchase(order), NotAttempted)
        await gateway.close()


def test_the_emulator_speaks_no_old_tls(certificate: Certificate) -> None:
    assert certificate.context().minimum_version is ssl.TLSVersion.TLSv1_2
