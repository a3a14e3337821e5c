"""Captures over real HTTP on the loopback, as an application that knew a hosted pay verb asks for them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from api.app import build
from api.broadcast import Broadcast
from api.services import PartHealth, Recordings, Services
from core.errors import StoreLost
from core.ids import CallId
from ivr.capture.guard import Check, Need
from pbx.call import Call, NotReached
from pbx.fake.phone import Phone
from pbx.switch import Dial
from tests.contract.test_api import _FactLog, _NoPayments, _Sessions
from tests.sim.callers import VISA
from tests.sim.house import SimHouse, open_house

pytestmark = pytest.mark.anyio

_FORM = {
    "IdempotencyKey": "k1",
    "StatusCallback": "https://shop.example.com/hooks",
    "ChargeAmount": "12.50",
    "Currency": "usd",
    "PostalCode": "false",
    "Timeout": "30",
}

_WRONG = [
    ("ChargeAmount", "x"),
    ("ChargeAmount", "1000000.01"),
    ("Currency", "dollars"),
    ("ValidCardTypes", "visa monopoly"),
    ("Timeout", "601"),
    ("MaxAttempts", "4"),
    ("Input", "speech"),
    ("TokenType", "forever"),
    ("Shoes", "brown"),
    ("StatusCallback", "ftp://example.com"),
    ("Action", "ftp://example.com"),
    ("StatusCallbackMethod", "GET"),
    ("PaymentConnector", "Elsewhere"),
    ("SecurityCode", "perhaps"),
]


@dataclass
class Shop:
    """An application, and a caller who waits for it."""

    house: SimHouse
    phone: Phone
    client: TestClient[Request, Application]

    async def post(self, path: str, **form: str) -> tuple[int, dict[str, Any]]:
        answer = await self.client.post(f"/v1/calls/{self.phone.call.id}/{path}", data=form)
        return answer.status, await answer.json()

    async def keyed(self, step: str, field: str, keys: str) -> None:
        """Have a field captured, key it in, and wait until the session says that it is there."""
        _, view = await self.post(f"payments/{self.sid}", Capture=step)
        assert view["For"] == step
        await self.phone.press(keys, gap_s=0.02, held_ms=10)
        with anyio.fail_after(10):
            while step in view["Required"].split():
                await anyio.lowlevel.checkpoint()
                view = await self.shown(self.sid)
        assert set(view[field]) <= set("*0123456789")

    async def shown(self, sid: str) -> dict[str, Any]:
        answer = await self.client.get(f"/v1/calls/{self.phone.call.id}/payments/{sid}")
        assert answer.status == 200
        shown: dict[str, Any] = await answer.json()
        return shown

    @property
    def sid(self) -> str:
        return self.house.captures.on(self.phone.call.id).view.id


@asynccontextmanager
async def _shop(checks: dict[Need, Check] | None = None) -> AsyncIterator[Shop]:
    async with open_house(checks=checks) as house:

        async def health() -> list[PartHealth]:
            return []

        async def place(dial: Dial) -> Call | NotReached:
            return await house.switch.originate(dial)

        phone = house.switch.place(flow="for_application")
        await phone.hears_out("One moment")
        await anyio.sleep(0.1)
        services = Services(
            _Sessions(),
            _NoPayments(),
            Recordings(Path("/nonexistent")),
            Broadcast(_FactLog()),
            health,
            lambda: b"",
            place,
            house.captures,
        )
        async with TestClient(TestServer(build(services))) as client:
            yield Shop(house, phone, client)
        phone.hang_up()
        await house.runner.drained()


async def test_a_card_is_taken_by_forms_as_a_hosted_product_takes_them() -> None:
    async with _shop() as shop:
        status, view = await shop.post("payments", **_FORM)
        assert (status, view["CallSid"]) == (201, shop.phone.call.id)
        assert view["Required"] == "payment-card-number expiration-date security-code"
        sid = shop.sid
        await shop.keyed("payment-card-number", "PaymentCardNumber", f"{VISA}#")
        await shop.keyed("expiration-date", "ExpirationDate", "1230")
        await shop.keyed("security-code", "SecurityCode", "123")
        status, _ = await shop.post(f"payments/{sid}", Status="complete")
        assert status == 200
        with anyio.fail_after(10):
            while "Result" not in (view := await shop.shown(sid)):
                await anyio.lowlevel.checkpoint()
        assert (view["Result"], view["PaymentCardNumber"]) == ("success", "*" * 12 + "4242")
        assert VISA not in repr(shop.house.outbox.posted)


async def test_a_program_that_knew_a_hosted_product_changes_the_host_alone() -> None:
    async with _shop() as shop:
        there = f"/2010-04-01/Accounts/AC01/Calls/{shop.phone.call.id}/Payments"
        opened = await shop.client.post(f"{there}.json", data=_FORM)
        told = await opened.json()
        assert (opened.status, told["account_sid"], told["call_sid"]) == (201, "AC01", shop.phone.call.id)
        assert told["uri"] == f"{there}/{told['sid']}.json"
        for update in ({"Capture": "payment-card-number"}, {"Status": "cancel"}):
            form = {**update, "IdempotencyKey": "k2", "StatusCallback": _FORM["StatusCallback"]}
            answer = await shop.client.post(told["uri"], data=form)
            assert (answer.status, (await answer.json())["sid"]) == (202, told["sid"])
        with anyio.fail_after(10):
            while not any(one.data["Status"] == "cancel" for one in shop.house.outbox.posted):
                await anyio.lowlevel.checkpoint()
        assert {one.event for one in shop.house.outbox.posted} == {"payment.capture.form"}


async def test_who_asks_in_json_is_told_in_json() -> None:
    async with _shop() as shop:
        path, order = f"/v1/calls/{shop.phone.call.id}/payments", {"statusCallback": _FORM["StatusCallback"]}
        assert (await shop.client.post(path, json=order)).status == 201
        shop.house.captures.on(shop.phone.call.id).cancel()
        with anyio.fail_after(10):
            while not shop.house.outbox.posted:
                await anyio.lowlevel.checkpoint()
        assert {one.event for one in shop.house.outbox.posted} == {"payment.capture"}


async def test_the_same_key_in_the_header_is_the_same_session_in_json_too() -> None:
    async with _shop() as shop:
        path, order = f"/v1/calls/{shop.phone.call.id}/payments", {"chargeAmount": "5", "postalCode": False}
        ids = []
        for _ in range(2):
            answer = await shop.client.post(path, json=order, headers={"Idempotency-Key": "once"})
            assert answer.status == 201
            ids.append((await answer.json())["Sid"])
        assert ids[0] == ids[1]


async def test_a_wrong_parameter_is_refused_with_its_name() -> None:
    async with _shop() as shop:
        for name, value in _WRONG:
            answered, problem = await shop.post("payments", **{name: value})
            assert (name, answered, problem["code"]) == (name, 400, "bad_input")
            assert name.lower() in problem["detail"].replace(" ", "").lower()
        kind = {"PaymentMethod": "ach-debit", "BankAccountType": "piggy-bank"}
        answered, problem = await shop.post("payments", **kind)
        assert (answered, problem["code"]) == (400, "invalid-bank-account-type")


async def test_wrong_updates_have_the_hosted_products_words() -> None:
    async with _shop() as shop:
        await shop.post("payments", **_FORM)
        path = f"payments/{shop.sid}"
        told = [
            await shop.post("payments", **{**_FORM, "IdempotencyKey": "k2"}),
            await shop.post(path, Capture="security-code"),
            await shop.post(path, Status="complete"),
            await shop.post(path, Capture="shoe-size"),
            await shop.post(path, Capture="security-code", Status="cancel"),
            await shop.post(path, Status="sleep"),
            await shop.post("payments/cap_other", Status="cancel"),
        ]
        assert [(status, problem["code"]) for status, problem in told] == [
            (409, "session-in-progress"),
            (409, "invalid-card-number-security-code-capture-sequence"),
            (400, "validation-error"),
            (400, "bad_input"),
            (400, "bad_input"),
            (400, "bad_input"),
            (404, "not_found"),
        ]


async def test_a_call_that_is_not_up_is_not_found() -> None:
    async with _shop() as shop:
        answer = await shop.client.post("/v1/calls/call_none/payments", data=_FORM)
        assert answer.status == 404


async def test_where_the_line_may_take_no_card_the_application_and_the_caller_are_told() -> None:
    async def lost(_call: CallId) -> None:
        raise StoreLost("the database does not answer")

    async with _shop({Need.AUDIT: lost}) as shop:
        async with anyio.create_task_group() as group:
            group.start_soon(shop.phone.hears, "record that we must keep")
            status, problem = await shop.post("payments", **_FORM)
        assert (status, problem["code"]) == (503, "internal-error")
        assert "audit log is down" in problem["detail"]


async def test_the_six_tools_are_listed_with_a_schema_each() -> None:
    async with _shop() as shop:
        listed = await (await shop.client.get("/v1/tools")).json()
        assert [tool["name"] for tool in listed["tools"]] == [
            "start-capture",
            "capture-card",
            "capture-security-code",
            "capture-expiry-date",
            "finish-capture",
            "cancel-capture",
        ]
        assert all(tool["parameters"]["type"] == "object" for tool in listed["tools"])


async def test_a_model_takes_a_whole_card_by_tools() -> None:
    async with _shop() as shop:
        path = f"/v1/calls/{shop.phone.call.id}/tools"

        async def uses(tool: str, **given: str) -> dict[str, Any]:
            answer = await shop.client.post(f"{path}/{tool}", json=given)
            assert answer.status == 200, await answer.text()
            shown: dict[str, Any] = await answer.json()
            return shown

        sid = (await uses("start-capture", chargeAmount="5.00", currency="usd"))["Sid"]
        for tool, step, keys in (
            ("capture-card", "payment-card-number", f"{VISA}#"),
            ("capture-expiry-date", "expiration-date", "1230"),
            ("capture-security-code", "security-code", "123"),
        ):
            assert (await uses(tool))["For"] == step
            await shop.phone.press(keys, gap_s=0.02, held_ms=10)
            with anyio.fail_after(10):
                while step in (await shop.shown(sid))["Required"].split():
                    await anyio.lowlevel.checkpoint()
        await uses("finish-capture")
        with anyio.fail_after(10):
            while "Result" not in (told := await shop.shown(sid)):
                await anyio.lowlevel.checkpoint()
        assert (told["Result"], told["PaymentCardNumber"]) == ("success", "*" * 12 + "4242")
        assert [payment.amount.minor for payment in shop.house.payments.all] == [500]


async def test_tools_start_lead_and_cancel_a_capture() -> None:
    async with _shop() as shop:
        path = f"/v1/calls/{shop.phone.call.id}/tools"
        steps: list[tuple[str, dict[str, str], int]] = [
            ("capture-card", {}, 404),
            ("start-capture", {"chargeAmount": "5.00", "shoes": "brown"}, 400),
            ("start-capture", {"chargeAmount": "5.00"}, 200),
            ("capture-security-code", {}, 409),
            ("capture-card", {}, 200),
            ("capture-expiry-date", {}, 200),
            ("finish-capture", {}, 400),
            ("cancel-capture", {}, 200),
            ("dance", {}, 400),
        ]
        for tool, given, status in steps:
            answer = await shop.client.post(f"{path}/{tool}", json=given)
            assert (tool, answer.status) == (tool, status)
            if (tool, status) == ("start-capture", 200):  # what no tool can take is not required
                required = (await answer.json())["Required"]
                assert required == "payment-card-number expiration-date security-code"
