"""A program leads a capture on a whole line: by a hosted product's forms, on real Asterisk, charged once."""

from pathlib import Path

import aiohttp
import pytest

from node.demo.search import search
from rehearsal.phone import Answered
from rehearsal.script import Dtmf
from tests.integration.line.acting import waiting_for_a_program
from tests.integration.line.program import Program
from tests.integration.line.rig import VISA, Rig

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_ORDER = {"ChargeAmount": "12.50", "PostalCode": "false", "Timeout": "20", "IdempotencyKey": "once"}


async def test_a_program_takes_a_card_and_charges_it(line: Rig) -> None:
    caller = line.number()
    async with (
        line.phone(caller, Dtmf.INFO) as phone,
        aiohttp.ClientSession(headers=line.stack.headers) as http,
    ):
        assert isinstance(await phone.dial("1003", 10), Answered)
        program = Program(line, await waiting_for_a_program(line, caller), http)
        sid = (await program.post(**_ORDER))["Sid"]
        assert (await program.post(**_ORDER))["Sid"] == sid
        await program.take(phone, sid, "payment-card-number", f"{VISA}#")
        await program.take(phone, sid, "expiration-date", "1230")
        await program.take(phone, sid, "security-code", "123")
        await program.post(f"/{sid}", Status="complete")
        shown = await program.settled(sid)
        assert (shown["Result"], shown["PaymentCardNumber"]) == ("success", "*" * 12 + "4242")
        await phone.hang_up()
    [payment] = await line.rows(
        "SELECT state, amount_minor FROM payments WHERE call = :call", call=program.call
    )
    assert (payment["state"], payment["amount_minor"]) == ("captured", 1250)
    trail = await line.rows("SELECT action FROM audit WHERE subject = :call", call=program.call)
    assert "capture begins" in {row["action"] for row in trail}
    assert not search(line.stack.folder, VISA).found


@pytest.mark.parametrize("kind", ["one-time", "reusable"])
async def test_a_program_takes_a_bank_account_and_gets_a_token(line: Rig, kind: str) -> None:
    caller, number = line.number(), "102030405089"
    async with (
        line.phone(caller, Dtmf.INFO) as phone,
        aiohttp.ClientSession(headers=line.stack.headers) as http,
    ):
        assert isinstance(await phone.dial("1003", 10), Answered)
        program = Program(line, await waiting_for_a_program(line, caller), http)
        order = {"PaymentMethod": "ach-debit", "BankAccountType": "consumer-savings", "TokenType": kind}
        sid = (await program.post(**order, Timeout="20"))["Sid"]
        await program.take(phone, sid, "bank-routing-number", "101010106#")
        await program.take(phone, sid, "bank-account-number", f"{number}#")
        await program.post(f"/{sid}", Status="complete")
        shown = await program.settled(sid)
        assert (shown["Result"], shown["BankAccountNumber"]) == ("success", "*" * 10 + "89"), shown
        assert shown["PaymentToken"].startswith("pm_")
        await phone.hang_up()
    files = (file for file in line.stack.folder.rglob("*") if file.is_file())
    assert not [file for file in files if holds(file, number)]


def holds(file: Path, number: str) -> bool:
    try:
        return number.encode() in file.read_bytes()
    except FileNotFoundError:
        return False  # it went meanwhile, as files of a running database do
