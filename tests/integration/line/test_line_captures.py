"""A program leads a capture on a whole line: by a hosted product's forms, on real Asterisk, charged once."""

from typing import Any

import aiohttp
import pytest

from node.demo.search import search
from rehearsal.phone import Answered, Phone
from rehearsal.script import Dtmf
from tests.integration.line.acting import waiting_for_a_program
from tests.integration.line.poll import until
from tests.integration.line.rig import QUICKLY, VISA, Rig

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_ORDER = {"ChargeAmount": "12.50", "PostalCode": "false", "Timeout": "20", "IdempotencyKey": "once"}


class _Program:
    """Posts forms about one call."""

    def __init__(self, line: Rig, call: str, http: aiohttp.ClientSession) -> None:
        self._root, self._http, self.call = f"{line.stack.api}/v1/calls/{call}/payments", http, call

    async def post(self, path: str = "", **form: str) -> dict[str, Any]:
        async with self._http.post(f"{self._root}{path}", data=form) as answer:
            told: dict[str, Any] = await answer.json()
            assert answer.status in {200, 201}, told
            return told

    async def shown(self, sid: str) -> dict[str, Any]:
        async with self._http.get(f"{self._root}/{sid}") as answer:
            shown: dict[str, Any] = await answer.json()
            return shown

    async def take(self, phone: Phone, sid: str, step: str, keys: str) -> None:
        """Have a field captured, key it in once it is asked for, and wait until it is there."""
        await self.post(f"/{sid}", Capture=step)
        await phone.press(keys, QUICKLY)

        async def there() -> bool:
            return step not in (await self.shown(sid))["Required"].split()

        await until(there, 15, f"{step} was not captured")


async def test_a_program_takes_a_card_and_charges_it(line: Rig) -> None:
    caller = line.number()
    async with (
        line.phone(caller, Dtmf.INFO) as phone,
        aiohttp.ClientSession(headers=line.stack.headers) as http,
    ):
        assert isinstance(await phone.dial("1003", 10), Answered)
        program = _Program(line, await waiting_for_a_program(line, caller), http)
        sid = (await program.post(**_ORDER))["Sid"]
        assert (await program.post(**_ORDER))["Sid"] == sid
        await program.take(phone, sid, "payment-card-number", f"{VISA}#")
        await program.take(phone, sid, "expiration-date", "1230")
        await program.take(phone, sid, "security-code", "123")
        await program.post(f"/{sid}", Status="complete")

        async def settled() -> dict[str, Any] | None:
            shown = await program.shown(sid)
            return shown if "Result" in shown else None

        shown = await until(settled, 30, "the capture was not settled")
        assert (shown["Result"], shown["PaymentCardNumber"]) == ("success", "*" * 12 + "4242")
        await phone.hang_up()
    [payment] = await line.rows(
        "SELECT state, amount_minor FROM payments WHERE call = :call", call=program.call
    )
    assert (payment["state"], payment["amount_minor"]) == ("captured", 1250)
    trail = await line.rows("SELECT action FROM audit WHERE subject = :call", call=program.call)
    assert "capture begins" in {row["action"] for row in trail}
    assert not search(line.stack.folder, VISA).found
