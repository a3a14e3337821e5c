"""The emulator of PayU, driven by PayU's own SDK, and asked in the words of its documents for the rest."""

import hashlib
import json
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import aiohttp
import anyio
import anyio.to_thread
import pytest
from base.payubase import Base
from payu_websdk import payuClient

from core.certificate import Certificate, certificate_in
from payments.orders import Page
from payments.sandbox.books import Books
from payments.sandbox.payu.dialect import KEY, SALT, PayUDialect
from payments.sandbox.server import Emulator
from payments.sandbox.settling import INDIA
from tests.contract.benches.payer import Back, Payer

pytestmark = pytest.mark.anyio

FORM = {
    "key": KEY,
    "txnid": "txn1",
    "amount": "10.00",
    "productinfo": "iPhone",
    "firstname": "Ashish",
    "email": "payer@example.com",
    "phone": "9876543210",
    "surl": "https://shop.example.com/good",
    "furl": "https://shop.example.com/bad",
}


def sha512(text: str) -> str:
    return hashlib.sha512(text.encode()).hexdigest()


def form(**more: str) -> dict[str, str]:
    made = FORM | more
    signed = "|".join(made[name] for name in ("key", "txnid", "amount", "productinfo", "firstname", "email"))
    return made | {"hash": sha512(f"{signed}|||||||||||{SALT}")}


@dataclass
class Desk:
    """A merchant, and a payer of theirs."""

    session: aiohttp.ClientSession
    emulator: Emulator

    async def command(self, command: str, var1: str, **more: str) -> Any:
        signed = sha512(f"{KEY}|{command}|{var1}|{SALT}")
        asked = {"key": KEY, "command": command, "var1": var1, "hash": signed, **more}
        url = f"{self.emulator.url}/merchant/postservice.php?form=2"
        async with self.session.post(url, data=asked) as answer:
            return json.loads(await answer.text())

    async def settled(self, salt: str = SALT, **asked: str) -> Any:
        at = format_datetime(datetime.now(UTC), usegmt=True)
        signature = sha512(f"|{at}|{salt}")
        said = f'hmac username="{KEY}", algorithm="sha512", headers="date", signature="{signature}"'
        url, headers = f"{self.emulator.url}/settlement/range", {"Date": at, "Authorization": said}
        async with self.session.get(url, params=asked, headers=headers) as answer:
            return await answer.json()

    async def pays(self, by: str = "", deed: str = "pay", **more: str) -> Back:
        payer = Payer(self.session)
        shown = await payer.open(Page("txn1", f"{self.emulator.url}/_payment", form(**more)))
        back = await payer.click(shown, deed, by)
        assert isinstance(back, Back)
        return back


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
async def desk(certificate: Certificate) -> AsyncIterator[Desk]:
    trusted = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=certificate.authority))
    async with (
        Emulator(PayUDialect(Books()), certificate.context()) as emulator,
        aiohttp.ClientSession(connector=trusted) as session,
    ):
        yield Desk(session, emulator)


async def test_who_paid_carries_back_what_payu_signed(desk: Desk) -> None:
    back = await desk.pays()
    assert back.url == FORM["surl"]
    told = back.fields
    fields = "|".join(told[name] for name in ("email", "firstname", "productinfo", "amount", "txnid", "key"))
    assert told["hash"] == sha512(f"{SALT}|success|||||||||||{fields}")
    found = (await desk.command("verify_payment", "txn1"))["transaction_details"]["txn1"]
    assert (found["status"], found["unmappedstatus"], found["error_code"]) == ("success", "captured", "E000")
    checked = await desk.command("check_payment", found["mihpayid"])
    assert checked["transaction_details"]["txnid"] == "txn1"


@pytest.mark.parametrize(
    ("by", "deed", "state"), [("E307", "pay", "failed"), ("", "give_up", "userCancelled")]
)
async def test_who_did_not_pay_is_sent_to_the_other_address(
    desk: Desk, by: str, deed: str, state: str
) -> None:
    back = await desk.pays(by, deed)
    assert back.url == FORM["furl"]
    assert (back.fields["status"], back.fields["unmappedstatus"]) == ("failure", state)


async def test_a_form_that_was_changed_is_refused(desk: Desk) -> None:
    changed = form() | {"amount": "1.00"}
    shown = await Payer(desk.session).open(Page("txn1", f"{desk.emulator.url}/_payment", changed))
    assert (shown.payable, shown.said) == (False, "Error. Hash mismatch.")


async def test_a_transaction_is_found_by_its_id_and_several_at_once(desk: Desk) -> None:
    await desk.pays()
    answer = await desk.command("verify_payment", "txn1|txn2")
    assert answer["msg"] == "1 out of 2 Transactions Fetched Successfully"
    assert answer["transaction_details"]["txn2"]["status"] == "Not Found"


async def test_a_refund_is_queued_then_done_and_its_token_is_taken_once(desk: Desk) -> None:
    await desk.pays()
    number = (await desk.command("verify_payment", "txn1"))["transaction_details"]["txn1"]["mihpayid"]
    asked = {"var2": "token1", "var3": "4.00"}
    made = await desk.command("cancel_refund_transaction", number, **asked)
    assert (made["status"], made["error_code"]) == (1, 102)
    again = await desk.command("cancel_refund_transaction", number, **asked)
    assert (again["status"], again["error_code"]) == (0, "106")
    more = await desk.command("cancel_refund_transaction", number, var2="token2", var3="6.01")
    assert more["error_code"] == "105"
    told = (await desk.command("check_action_status", number, var2="payuid"))["transaction_details"][number]
    assert [(one["token"], one["status"]) for one in told.values()] == [("token1", "SUCCESS")]


async def test_a_command_signed_with_another_salt_is_refused(desk: Desk) -> None:
    answer = await desk.command("verify_payment", "txn1", hash="0" * 128)
    assert answer == {"status": 0, "msg": "Invalid Hash."}


async def test_the_vendors_sdk_sends_a_payer_verifies_and_gives_back(
    desk: Desk, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.authority))
    client = payuClient.Client(KEY, SALT, "TEST")
    api = f"{desk.emulator.url}/merchant/postservice.php?form=2"
    asked = {"key": KEY, "salt": SALT, "paymentURL": f"{desk.emulator.url}/_payment", "apiURL": api}
    Base().set_params(asked)
    fields = {name: value for name, value in FORM.items() if name != "key"}
    shown = client.generatePaymentForm(fields)  # it puts the hash and the key in
    assert asked["paymentURL"] in shown
    payer = Payer(desk.session)
    back = await payer.click(await payer.open(Page("txn1", asked["paymentURL"], fields)), "pay", "")
    assert isinstance(back, Back)
    assert client.validateReverseHash(dict(back.fields))
    told = await told_by(client.verifyPayment, "txn1")
    made = told["transaction_details"]["txn1"]
    assert (told["status"], made["status"], made["unmappedstatus"]) == (1, "success", "captured")
    number = made["mihpayid"]
    assert (await told_by(client.checkPayment, number))["transaction_details"]["txnid"] == "txn1"
    given = await told_by(client.cancelRefundTransaction, number, "token_1", "4.00")
    assert (given["status"], given["error_code"]) == (1, 102)
    again = await told_by(client.cancelRefundTransaction, number, "token_2", "6.01")
    assert (again["status"], again["error_code"]) == (0, "105")


async def test_settlements_are_told_by_pages_to_whoever_signs_the_time(desk: Desk) -> None:
    for number in range(3):
        await desk.pays(txnid=f"txn{number}")
    today = datetime.now(INDIA).date().isoformat()
    asked = {"dateFrom": today, "pageSize": "2"}
    first = await desk.settled(**asked, page="1")
    second = await desk.settled(**asked, page="2")
    parts = [one["result"]["data"] for one in (first, second)]
    assert first["result"]["totalCount"] == 3
    assert [len(part[0]["transaction"]) for part in parts] == [2, 1]
    assert len({part[0]["settlementId"] for part in parts}) == 1
    paid = sum(float(one["merchantNetAmount"]) for part in parts for one in part[0]["transaction"])
    assert parts[0][0]["settlementAmount"] == f"{paid:.2f}"
    assert (await desk.settled(**asked, page="3"))["message"] == "No data found"
    assert await desk.settled(salt="another", **asked) == {"message": "Unauthorized"}


async def told_by(command: Callable[..., str], *about: str) -> Any:
    """What the SDK, which waits, gives back: the text that was answered."""
    return json.loads(await anyio.to_thread.run_sync(command, *about))
