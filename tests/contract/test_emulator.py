"""The emulator of Stripe, asked by Stripe's own SDK: does it speak the dialect?"""

import ast
import asyncio
import inspect
import json
import re
import ssl
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import anyio
import pytest
import stripe
from stripe.params import PaymentMethodCreateParams

from core.certificate import Certificate, certificate_in
from payments.orders import Page
from payments.sandbox.books import Books
from payments.sandbox.server import Emulator
from payments.sandbox.stripe.dialect import StripeDialect
from tests.contract.benches.ear import listening
from tests.contract.benches.payer import Back, Shown, payer

pytestmark = pytest.mark.anyio

PROGRAM = """
import sys
from node.commands.sandbox import sandbox
sandbox(["--port", sys.argv[2], "--folder", sys.argv[1]])
"""


@dataclass
class Desk:
    """The vendor's SDK, and the control endpoints."""

    client: stripe.StripeClient
    session: aiohttp.ClientSession
    url: str

    async def method(self, number: str = "4242424242424242", key: str = "") -> stripe.PaymentMethod:
        return await self.client.v1.payment_methods.create_async(
            {"type": "card", "card": {"number": number, "exp_month": 12, "exp_year": 34, "cvc": "123"}},
            {"idempotency_key": key} if key else {},
        )

    async def pay(self, method: str, key: str, amount: int = 500) -> stripe.PaymentIntent:
        return await self.client.v1.payment_intents.create_async(
            {
                "amount": amount,
                "currency": "usd",
                "payment_method": method,
                "confirm": True,
                "error_on_requires_action": True,
                "metadata": {"payment": "pay_1"},
            },
            {"idempotency_key": key},
        )

    async def fault(self, **about: object) -> int:
        async with self.session.post(f"{self.url}/_faults", json=about) as response:
            return response.status

    async def charges(self) -> list[dict[str, Any]]:
        async with self.session.get(f"{self.url}/_books") as response:
            kept = (await response.json())["objects"]
        return [record for record in kept if record["object"] == "charge"]


@asynccontextmanager
async def sdk(url: str, authority: Path) -> AsyncIterator[Desk]:
    context = ssl.create_default_context(cafile=authority)
    connector = aiohttp.TCPConnector(ssl=context, force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session:
        client = stripe.StripeClient(
            "sk_test_1",
            base_addresses={"api": url},
            http_client=stripe.AIOHTTPClient(session=session, timeout=aiohttp.ClientTimeout(total=1)),
            max_network_retries=0,
        )
        yield Desk(client, session, url)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
async def desk(certificate: Certificate) -> AsyncIterator[Desk]:
    async with (
        Emulator(StripeDialect(Books()), certificate.context()) as emulator,
        sdk(emulator.url, certificate.authority) as opened,
    ):
        yield opened


async def test_a_card_is_charged(desk: Desk) -> None:
    method = await desk.method()
    intent = await desk.pay(method.id, "key_1")
    assert (intent.status, intent.amount_received) == ("succeeded", 500)
    assert method.card is not None
    assert (method.card.brand, method.card.last4, method.card.exp_year) == ("visa", "4242", 2034)
    found = await desk.client.v1.payment_intents.retrieve_async(intent.id)
    assert found.to_dict() == intent.to_dict()


async def test_a_refusal_is_a_card_error_with_the_intent_in_it(desk: Desk) -> None:
    method = await desk.method("4000000000009995")
    with pytest.raises(stripe.CardError) as refused:
        await desk.pay(method.id, "key_1")
    told = refused.value.error
    assert told is not None
    assert (told.code, told.decline_code) == ("card_declined", "insufficient_funds")
    assert told.payment_intent is not None
    assert told.payment_intent.status == "requires_payment_method"


@pytest.mark.parametrize(
    ("number", "code"), [("4242424242424241", "incorrect_number"), ("0000000000000000", "incorrect_number")]
)
async def test_a_number_that_cannot_be_is_refused_at_once(desk: Desk, number: str, code: str) -> None:
    with pytest.raises(stripe.CardError) as refused:
        await desk.method(number)
    assert refused.value.code == code


async def test_every_key_that_the_sdk_relies_on_is_answered(desk: Desk) -> None:
    method = await desk.method()
    intent = await desk.pay(method.id, "key_1")
    refund = await desk.client.v1.refunds.create_async({"payment_intent": intent.id})
    charge = (await desk.charges())[0]
    for kind, answered in (
        (stripe.PaymentMethod, method.to_dict()),
        (stripe.PaymentIntent, intent.to_dict()),
        (stripe.Refund, refund.to_dict()),
        (stripe.Charge, charge),
    ):
        assert needed(kind) - set(answered) == set()


async def test_a_card_is_kept_for_a_customer_and_charged_off_session(desk: Desk) -> None:
    method = await desk.method()
    customer = await desk.client.v1.customers.create_async({"metadata": {"owner": "1"}})
    setup = await desk.client.v1.setup_intents.create_async(
        {"confirm": True, "customer": customer.id, "payment_method": method.id, "usage": "off_session"}
    )
    assert setup.status == "succeeded"
    for kind, answered in ((stripe.SetupIntent, setup), (stripe.Customer, customer)):
        assert needed(kind) - set(answered.to_dict()) == set()
    with pytest.raises(stripe.InvalidRequestError, match="belong"):
        await desk.pay(method.id, "key_1")
    await desk.client.v1.payment_methods.detach_async(method.id)
    with pytest.raises(stripe.InvalidRequestError, match="No such PaymentMethod"):
        await desk.pay(method.id, "key_2")


def bank(routing: str = "110000000", account: str = "000123456789") -> PaymentMethodCreateParams:
    return {
        "type": "us_bank_account",
        "us_bank_account": {
            "routing_number": routing,
            "account_number": account,
            "account_holder_type": "individual",
            "account_type": "savings",
        },
        "billing_details": {"name": "Robin Example"},
    }


async def test_a_bank_account_becomes_a_payment_method_and_waits_for_small_deposits(desk: Desk) -> None:
    method = await desk.client.v1.payment_methods.create_async(bank())
    assert method.us_bank_account is not None
    assert (method.us_bank_account.last4, method.us_bank_account.account_type) == ("6789", "savings")
    customer = await desk.client.v1.customers.create_async({})
    setup = await desk.client.v1.setup_intents.create_async(
        {
            "confirm": True,
            "customer": customer.id,
            "payment_method": method.id,
            "allowed_payment_method_types": ["us_bank_account"],
            "mandate_data": {"customer_acceptance": {"type": "offline"}},
        }
    )
    assert setup.next_action is not None
    assert (setup.status, setup.next_action.type) == ("requires_action", "verify_with_microdeposits")
    for kind, answered in ((stripe.PaymentMethod, method), (stripe.SetupIntent, setup)):
        assert needed(kind) - set(answered.to_dict()) == set()


async def debited(desk: Desk, account: str, key: str) -> stripe.PaymentIntent:
    method = await desk.client.v1.payment_methods.create_async(bank(account=account))
    return await desk.client.v1.payment_intents.create_async(
        {
            "amount": 12550,
            "currency": "usd",
            "payment_method": method.id,
            "allowed_payment_method_types": ["us_bank_account"],
            "confirm": True,
            "mandate_data": {"customer_acceptance": {"type": "offline"}},
            "payment_method_options": {"us_bank_account": {"verification_method": "microdeposits"}},
        },
        {"idempotency_key": key},
    )


async def verified(desk: Desk, intent: str, code: str = "SM11AA") -> stripe.PaymentIntent:
    return await desk.client.v1.payment_intents.verify_microdeposits_async(intent, {"descriptor_code": code})


async def test_a_bank_account_is_debited_once_its_holder_has_told_the_small_deposits(desk: Desk) -> None:
    intent = await debited(desk, "000123456789", "key_1")
    assert intent.next_action is not None
    assert (intent.status, intent.next_action.type) == ("requires_action", "verify_with_microdeposits")
    assert needed(stripe.PaymentIntent) - set(intent.to_dict()) == set()
    with pytest.raises(stripe.InvalidRequestError, match="descriptor code"):
        await verified(desk, intent.id, "SM00XX")
    assert (await verified(desk, intent.id)).status == "processing"
    ended = await desk.client.v1.payment_intents.retrieve_async(intent.id)
    assert (ended.status, ended.amount_received) == ("succeeded", 12550)


@pytest.mark.parametrize(
    ("account", "code"), [("000111111116", "no_account"), ("000222222227", "insufficient_funds")]
)
async def test_a_debit_that_the_bank_sends_back_has_failed(desk: Desk, account: str, code: str) -> None:
    intent = await debited(desk, account, "key_1")
    await verified(desk, intent.id)
    ended = await desk.client.v1.payment_intents.retrieve_async(intent.id)
    assert ended.last_payment_error is not None
    assert (ended.status, ended.last_payment_error.code) == ("requires_payment_method", code)


async def test_a_debit_without_a_mandate_is_refused(desk: Desk) -> None:
    method = await desk.client.v1.payment_methods.create_async(bank())
    with pytest.raises(stripe.InvalidRequestError, match="mandate"):
        await desk.client.v1.payment_intents.create_async(
            {"amount": 500, "currency": "usd", "payment_method": method.id, "confirm": True}
        )


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (bank(routing="110000001"), "routing_number_invalid"),
        (bank(account="123"), "account_number_invalid"),
        ({"type": "us_bank_account"}, "parameter_missing"),
    ],
)
async def test_a_bank_account_that_cannot_be_is_refused(
    desk: Desk, wrong: PaymentMethodCreateParams, code: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await desk.client.v1.payment_methods.create_async(wrong)
    assert refused.value.code == code


async def test_a_card_that_is_refused_is_not_kept(desk: Desk) -> None:
    method = await desk.method("4000000000000002")
    customer = await desk.client.v1.customers.create_async({})
    with pytest.raises(stripe.CardError) as refused:
        await desk.client.v1.setup_intents.create_async(
            {"confirm": True, "customer": customer.id, "payment_method": method.id}
        )
    assert refused.value.error is not None
    assert refused.value.error.setup_intent is not None


async def test_the_sdk_believes_the_emulators_webhooks(desk: Desk) -> None:
    async with listening() as ear:
        async with desk.session.post(
            f"{desk.url}/_hooks", json={"url": ear.url, "secret": "whsec_1"}
        ) as told:
            assert told.status == 200
        method = await desk.method("4000000000000259")
        intent = await desk.pay(method.id, "key_1")
        events = [
            stripe.Webhook.construct_event(heard.body, heard.headers["stripe-signature"], "whsec_1")
            for heard in (await ear.next(), await ear.next())
        ]
    assert [event.type for event in events] == ["payment_intent.succeeded", "charge.dispute.created"]
    assert events[0].data.object["id"] == intent.id
    assert needed(stripe.Event) - set(events[0].to_dict()) == set()
    dispute = await desk.client.v1.disputes.retrieve_async(events[1].data.object["id"])
    assert needed(stripe.Dispute) - set(dispute.to_dict()) == set()
    answered = await desk.client.v1.disputes.update_async(
        dispute.id, {"evidence": {"uncategorized_text": "Paid on 3 March"}, "submit": True}
    )
    assert (answered.status, answered.evidence.uncategorized_text) == ("under_review", "Paid on 3 March")
    with pytest.raises(stripe.InvalidRequestError):
        await desk.client.v1.disputes.update_async(dispute.id, {"submit": True})
    assert (await desk.client.v1.disputes.close_async(dispute.id)).status == "lost"


async def test_an_outage_lasts_its_time_and_then_all_is_well(desk: Desk) -> None:
    method = await desk.method()
    await desk.fault(fault="outage", seconds=0.3)
    with pytest.raises(stripe.APIError):
        await desk.pay(method.id, "key_1")
    with anyio.fail_after(10):
        while True:
            try:
                assert (await desk.pay(method.id, "key_1")).status == "succeeded"
                break
            except stripe.APIError:
                await anyio.sleep(0.05)
    assert len(await desk.charges()) == 1


def needed(kind: type) -> set[str]:
    """The keys that an object of the SDK has without being called optional."""
    tree = ast.parse(inspect.getsource(sys.modules[kind.__module__]))
    body = next(
        node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == kind.__name__
    )
    return {
        line.target.id
        for line in body
        if isinstance(line, ast.AnnAssign)
        and isinstance(line.target, ast.Name)
        and not ast.unparse(line.annotation).startswith(("Optional", "ClassVar"))
    }


async def test_a_key_sent_again_gets_the_same_answer_and_charges_once(desk: Desk) -> None:
    method = await desk.method()
    first = await desk.pay(method.id, "key_1")
    again = await desk.pay(method.id, "key_1")
    assert again.id == first.id
    assert len(await desk.charges()) == 1


async def test_a_refusal_is_replayed_too(desk: Desk) -> None:
    method = await desk.method("4000000000000002")
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            await desk.pay(method.id, "key_1")
    assert len(await desk.charges()) == 1


async def test_a_key_sent_with_other_parameters_is_an_idempotency_error(desk: Desk) -> None:
    method = await desk.method()
    await desk.pay(method.id, "key_1")
    with pytest.raises(stripe.IdempotencyError):
        await desk.pay(method.id, "key_1", amount=501)


async def test_a_key_belongs_to_one_card(desk: Desk) -> None:
    await desk.method("4242424242424242", "key_1")
    with pytest.raises(stripe.IdempotencyError):
        await desk.method("5555555555554444", "key_1")


async def test_an_unknown_parameter_is_refused_as_the_vendor_does(desk: Desk) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter: colour"):
        await desk.client.v1.payment_intents.create_async(
            {"amount": 1, "currency": "usd", "colour": "red"}  # type: ignore[typeddict-unknown-key]
        )


async def test_without_a_key_of_the_account_nobody_is_served(desk: Desk) -> None:
    async with desk.session.get(f"{desk.url}/v1/payment_intents") as response:
        assert response.status == 401


async def test_the_list_turns_its_pages_from_the_newest_on(desk: Desk) -> None:
    method = await desk.method()
    made = [(await desk.pay(method.id, f"key_{n}")).id for n in range(5)]
    first = await desk.client.v1.payment_intents.list_async({"limit": 2})
    listed = [intent.id async for intent in first.auto_paging_iter()]
    assert listed == list(reversed(made))


async def test_a_planned_server_error_charges_nothing(desk: Desk) -> None:
    method = await desk.method()
    assert await desk.fault(fault="500", path="/v1/payment_intents") == 200
    with pytest.raises(stripe.APIError):
        await desk.pay(method.id, "key_1")
    assert await desk.charges() == []
    assert (await desk.pay(method.id, "key_1")).status == "succeeded"


async def test_an_order_that_gets_lost_has_charged_nothing(desk: Desk) -> None:
    method = await desk.method()
    await desk.fault(fault="lost")
    with pytest.raises(stripe.APIConnectionError):
        await desk.pay(method.id, "key_1")
    assert await desk.charges() == []


@pytest.mark.parametrize("fault", ["reset_after_send", "hang"])
async def test_an_answer_that_gets_lost_has_charged_all_the_same(desk: Desk, fault: str) -> None:
    method = await desk.method()
    await desk.fault(fault=fault)
    with pytest.raises(stripe.APIConnectionError):
        await desk.pay(method.id, "key_1")
    assert len(await desk.charges()) == 1


async def test_what_was_answered_as_done_is_denied_after_a_lie(desk: Desk) -> None:
    method = await desk.method()
    await desk.fault(fault="lie", path="/v1/payment_intents")
    lied = await desk.pay(method.id, "key_1")
    assert lied.status == "succeeded"
    assert await desk.charges() == []
    with pytest.raises(stripe.InvalidRequestError, match="No such payment_intent"):
        await desk.client.v1.payment_intents.retrieve_async(lied.id)
    assert (await desk.pay(method.id, "key_1")).id != lied.id


async def test_a_slow_answer_comes(desk: Desk) -> None:
    method = await desk.method()
    await desk.fault(fault="slow", seconds=0.1)
    assert (await desk.pay(method.id, "key_1")).status == "succeeded"


async def test_a_refused_connection_is_taken_again_after_a_while(desk: Desk) -> None:
    await desk.fault(fault="refuse", seconds=0.2)
    assert not await asked_until(desk, served=False)
    assert await asked_until(desk, served=True)


async def asked_until(desk: Desk, served: bool) -> bool:
    """Ask until the port is open, or closed; the state in which it was found at last."""
    found = not served
    with anyio.fail_after(10):
        while found is not served:
            try:
                await desk.method()
            except stripe.APIConnectionError:
                found = False
            else:
                found = True
    return found


@pytest.mark.parametrize("asked", [{"fault": "flood"}, {}, {"fault": "slow", "seconds": "long"}])
async def test_a_fault_that_makes_no_sense_is_refused(desk: Desk, asked: dict[str, object]) -> None:
    assert await desk.fault(**asked) == 400


async def started(folder: Path, port: str) -> tuple[Process, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, str(folder), port, stdout=PIPE, stderr=DEVNULL
    )
    assert process.stdout is not None
    url = re.search(r"https://\S+\d", (await process.stdout.readline()).decode())
    assert url is not None
    return process, url[0]


async def test_the_books_survive_a_kill(tmp_path: Path) -> None:
    process, url = await started(tmp_path, "0")
    async with sdk(url, tmp_path / "ca.pem") as desk:
        method = await desk.method()
        intent = await desk.pay(method.id, "key_1")
        process.kill()
        await process.wait()
    with (tmp_path / "books.jsonl").open("a") as torn:
        torn.write('{"object": {"id": "pi_half')
    process, url = await started(tmp_path, "0")
    try:
        async with sdk(url, tmp_path / "ca.pem") as desk:
            assert (await desk.pay(method.id, "key_1")).id == intent.id
            assert len(await desk.charges()) == 1
    finally:
        process.kill()
        await process.wait()
    written = (tmp_path / "books.jsonl").read_text()
    assert all(json.loads(line) for line in written.splitlines())
    assert "4242424242424242" not in written
    assert (tmp_path / "key.pem").stat().st_mode & 0o077 == 0


async def test_a_checkout_session_is_paid_on_its_page_after_a_card_was_refused(
    desk: Desk, certificate: Certificate
) -> None:
    made = await desk.client.v1.checkout.sessions.create_async(
        {
            "mode": "payment",
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {"currency": "usd", "unit_amount": 500, "product_data": {"name": "bill 1"}},
                }
            ],
            "payment_intent_data": {"metadata": {"payment": "pay_1"}},
            "success_url": "https://shop.example.com/good",
            "cancel_url": "https://shop.example.com/bad",
            "expires_at": int(time.time()) + 3600,
        }
    )
    assert needed(stripe.checkout.Session) - set(made.to_dict()) == set()
    assert (made.status, made.payment_status) == ("open", "unpaid")
    assert made.url is not None
    async with payer(certificate) as somebody:
        refused = await somebody.click(await somebody.open(Page(made.id, made.url)), by="4000000000009995")
        assert isinstance(refused, Shown)
        back = await somebody.click(refused, by="4242424242424242")
    assert back == Back("https://shop.example.com/good")
    paid = await desk.client.v1.checkout.sessions.retrieve_async(made.id)
    assert (paid.status, paid.payment_status) == ("complete", "paid")
    assert isinstance(paid.payment_intent, str)
    intent = await desk.client.v1.payment_intents.retrieve_async(paid.payment_intent)
    assert (intent.status, intent.amount, intent.metadata["payment"]) == ("succeeded", 500, "pay_1")
    assert [one["status"] for one in await desk.charges()] == ["failed", "succeeded"]


async def test_a_checkout_session_that_was_expired_is_paid_by_nobody(desk: Desk) -> None:
    made = await desk.client.v1.checkout.sessions.create_async(
        {
            "mode": "payment",
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {"currency": "usd", "unit_amount": 500, "product_data": {"name": "bill 1"}},
                }
            ],
            "success_url": "https://shop.example.com/good",
            "expires_at": int(time.time()) + 3600,
        }
    )
    gone = await desk.client.v1.checkout.sessions.expire_async(made.id)
    assert (gone.status, gone.url) == ("expired", None)
    with pytest.raises(stripe.InvalidRequestError):
        await desk.client.v1.checkout.sessions.expire_async(made.id)
