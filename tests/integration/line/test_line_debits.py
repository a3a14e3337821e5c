"""A bank account is debited on a call, and days later the bank tells by webhook what came of it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from node.stack.stack import Wish
from payments.sandbox.stripe.banks import RIGHT_CODE
from rehearsal.phone import Answered
from rehearsal.script import Dtmf
from tests.contract.benches.ear import Ear, listening
from tests.integration.line.acting import waiting_for_a_program
from tests.integration.line.poll import until
from tests.integration.line.program import Program
from tests.integration.line.rig import Rig, rig
from tests.integration.line.test_line_captures import holds

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

ROUTING = "101010106"
_SECRET = "whsec_of_the_sandbox"
_DEBIT = {
    "PaymentMethod": "ach-debit",
    "BankAccountType": "consumer-savings",
    "BankAccountHolder": "Robin Example",
    "ChargeAmount": "12.50",
    "Timeout": "20",
}
_POSTED = """SELECT account, amount_minor FROM ledger_entries e JOIN ledger_transactions t
              ON t.id = e.transaction_id WHERE t.reference LIKE :payment || '%'"""


@pytest.fixture(scope="module")
async def line(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """A line that believes the sandbox's webhooks, and asks after nothing by itself while a test lasts."""
    environment = {
        "TELLERLINE_PAYMENTS_STRIPE_WEBHOOK_SECRET": _SECRET,
        "TELLERLINE_PAYMENTS_RECONCILE_AFTER_S": "3600",
        "TELLERLINE_WEBHOOKS_PRIVATE": "true",
    }
    async with rig(tmp_path_factory.mktemp("line"), Wish(environment=environment)) as one:
        hook = {"url": f"{one.stack.api}/webhooks/sandbox", "secret": _SECRET}
        async with one.gateway() as http, http.post("/_hooks", json=hook) as answer:
            assert answer.status == 200
        yield one


async def debited(line: Rig, account: str) -> str:
    """A caller keys in a bank account that a program has debited; the payment."""
    caller = line.number()
    async with (
        line.phone(caller, Dtmf.INFO) as phone,
        aiohttp.ClientSession(headers=line.stack.headers) as http,
    ):
        assert isinstance(await phone.dial("1003", 10), Answered)
        program = Program(line, await waiting_for_a_program(line, caller), http)
        sid = (await program.post(**_DEBIT))["Sid"]
        await program.take(phone, sid, "bank-routing-number", f"{ROUTING}#")
        await program.take(phone, sid, "bank-account-number", f"{account}#")
        await program.post(f"/{sid}", Status="complete")
        shown = await program.settled(sid)
        assert (shown["Result"], shown["BankAccountNumber"]) == ("success", "*" * 10 + account[-2:]), shown
        await line.said(caller, "debit_ordered")
        await phone.hang_up()
    [payment] = await line.rows("SELECT id, receipt FROM payments WHERE call = :call", call=program.call)
    assert shown["PaymentConfirmationCode"] == payment["receipt"]
    return str(payment["id"])


async def state(line: Rig, payment: str) -> tuple[str, str]:
    [row] = await line.rows("SELECT state, reason FROM payments WHERE id = :payment", payment=payment)
    return row["state"], row["reason"]


async def deposits_confirmed(line: Rig, payment: str) -> None:
    """The account's holder tells the small deposits, and the days that the bank takes go by."""
    async with line.gateway() as http:
        async with http.get("/_books") as answer:
            objects = (await answer.json())["objects"]
        [intent] = [one["id"] for one in objects if one.get("metadata", {}).get("payment") == payment]
        async with http.post(
            f"/v1/payment_intents/{intent}/verify_microdeposits",
            data={"descriptor_code": RIGHT_CODE},
            headers={"Authorization": "Bearer sk_test_sandbox"},
        ) as answer:
            assert answer.status == 200, await answer.text()


async def ended(line: Rig, payment: str) -> tuple[str, str]:
    """The payment's state and reason, once it is no longer open."""

    async def over() -> tuple[str, str] | None:
        found = await state(line, payment)
        return found if found[0] != "unknown" else None

    return await until(over, 20, f"{payment} stays open")


async def told(line: Rig, ear: Ear, topic: str) -> None:
    """Have the line tell a program of a topic."""
    async with (
        aiohttp.ClientSession(headers=line.stack.headers) as http,
        http.post(
            f"{line.stack.api}/v1/webhooks/endpoints", json={"url": ear.url, "topics": [topic]}
        ) as answer,
    ):
        assert answer.status == 201, await answer.text()


async def heard(ear: Ear) -> dict[str, Any]:
    message: dict[str, Any] = json.loads((await ear.next()).body)
    return message


async def test_the_ledger_moves_when_the_bank_tells_that_it_has_paid(line: Rig) -> None:
    async with listening() as ear:
        await told(line, ear, "payment.settled")
        payment = await debited(line, "102030405089")
        assert (await state(line, payment))[0] == "unknown"
        assert "small deposits" in (await state(line, payment))[1]
        assert await line.rows(_POSTED, payment=payment) == []
        await deposits_confirmed(line, payment)
        assert (await ended(line, payment))[0] == "captured"
        posted = await line.rows(_POSTED, payment=payment)
        assert sorted(abs(row["amount_minor"]) for row in posted) == [1250, 1250]
        message = await heard(ear)
        assert (message["type"], message["data"]["payment"]) == ("payment.settled", payment)
    [kept] = await line.rows("SELECT count(*) AS news FROM webhook_inbox WHERE applied_at IS NOT NULL")
    assert kept["news"] >= 2  # it was under way, and it was paid


async def test_a_debit_that_the_bank_sends_back_moves_no_money_and_is_told(line: Rig) -> None:
    number = "102030222227"  # at the sandbox an account without money, as at Stripe
    async with listening() as ear:
        await told(line, ear, "payment.declined")
        payment = await debited(line, number)
        await deposits_confirmed(line, payment)
        assert await ended(line, payment) == ("declined", "insufficient_funds (insufficient_funds)")
        assert await line.rows(_POSTED, payment=payment) == []
        message = await heard(ear)
        assert (message["type"], message["data"]["payment"]) == ("payment.declined", payment)
    async with (
        aiohttp.ClientSession(headers=line.stack.headers) as http,
        http.get(f"{line.stack.api}/v1/payments/{payment}") as answer,
    ):
        shown = await answer.json()
    assert shown["state"] == "declined"
    files = (file for file in line.stack.folder.rglob("*") if file.is_file())
    assert not [file for file in files if holds(file, number)]
