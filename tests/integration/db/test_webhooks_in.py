"""Webhooks in, over real HTTP into the real PostgreSQL: believed or not, once, late, and in any order."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from itertools import permutations
from random import Random

import anyio
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import func, select, text

from api.app import serving
from api.routes import inbox
from core.clock import FixedClock
from core.errors import StoreLost
from core.ids import PaymentId
from core.money import Money
from db.engine import Work
from db.news_rows import from_json, to_json
from db.payments import StoredPayments
from db.queue import Queue
from db.stores import stored
from db.webhook_inbox import StoredNotices
from db.webhook_tables import webhook_inbox
from payments.capabilities import Can, Capabilities
from payments.gateways.sandbox.gateway import CAPABILITIES, SandboxGateway
from payments.hearing import Hearing
from payments.notice import (
    TOLERANCE_S,
    ChargeNews,
    DisputeNews,
    Distrust,
    Distrusted,
    News,
    Notice,
    OtherNews,
    RefundNews,
    Stage,
)
from payments.outcome import (
    Approved,
    DeclineCode,
    Declined,
    NotAttempted,
    Outcome,
    Pending,
    RequiresAction,
    Unknown,
)
from payments.session import State
from payments.store import Payment
from payments.webhooks.inbox import Inbox

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
NewPayment = Callable[..., Payment]
Client = TestClient[web.Request, web.Application]

_SECRET = b"shared with the gateway"


class TellingGateway(SandboxGateway):
    """A gateway that signs what it tells with an HMAC over time and body."""

    capabilities = Capabilities(
        CAPABILITIES.can | Can.WEBHOOKS, CAPABILITIES.currencies, CAPABILITIES.brands, CAPABILITIES.after
    )

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Notice | Distrusted:
        stamp, _, given = headers.get("x-signature", "").partition(",")
        if not given:
            return Distrusted(Distrust.NO_SIGNATURE)
        if not hmac.compare_digest(_signed(body, stamp), given):
            return Distrusted(Distrust.WRONG_SIGNATURE)
        if abs(now.timestamp() - float(stamp)) > TOLERANCE_S:
            return Distrusted(Distrust.TOO_OLD)
        try:
            told = json.loads(body)
            at = datetime.fromtimestamp(float(stamp), UTC)
            outcome = Approved("ch_1") if told["ok"] else Declined(DeclineCode.DO_NOT_HONOR)
            return Notice(self.name, told["id"], at, ChargeNews(PaymentId(told["payment"]), "ch_1", outcome))
        except (ValueError, KeyError, TypeError) as error:
            return Distrusted(Distrust.MALFORMED, type(error).__name__)


class SilentGateway(SandboxGateway):
    """A gateway that tells nothing."""

    capabilities = Capabilities(
        CAPABILITIES.can & ~Can.WEBHOOKS, CAPABILITIES.currencies, CAPABILITIES.brands, CAPABILITIES.after
    )


class House:
    def __init__(self, work: Work, clock: FixedClock) -> None:
        self.work, self.clock = work, clock
        self.payments = StoredPayments(work, clock)
        self.notices = StoredNotices(work, Queue(), clock, Hearing(stored(work, clock), clock).hear)
        self.gateway = TellingGateway(Random(1))
        self.client: Client | None = None

    async def send(
        self, told: object, *, sign: bool = True, age_s: float = 0, name: str = "sandbox"
    ) -> tuple[int, dict[str, object]]:
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        stamp = str(self.clock.now().timestamp() - age_s)
        headers = {"X-Signature": f"{stamp},{_signed(body, stamp)}"} if sign else {}
        assert self.client is not None
        async with self.client.post(f"/webhooks/{name}", data=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def jobs(self) -> list[str]:
        query = text("SELECT args->>'subject' FROM procrastinate_jobs WHERE task_name = 'hear_notice'")
        async with self.work.begin() as tx:
            return [str(row[0]) for row in await tx.execute(query)]

    async def kept(self) -> int:
        async with self.work.begin() as tx:
            return int((await tx.execute(select(func.count()).select_from(webhook_inbox))).scalar_one())

    async def state(self, payment: PaymentId) -> State:
        found = await self.payments.find(payment)
        assert found is not None
        return found.state


def _signed(body: bytes, stamp: str) -> str:
    return hmac.new(_SECRET, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


@pytest.fixture
async def house(work: Work, clock: FixedClock) -> AsyncIterator[House]:
    house = House(work, clock)
    gateways = {"sandbox": house.gateway, "silent": SilentGateway(Random(1))}
    app = serving(inbox.routes(Inbox(gateways, house.notices, clock)))
    async with TestClient(TestServer(app)) as client:
        house.client = client
        yield house


async def test_a_webhook_is_written_down_with_its_job_and_applied(
    house: House, new_payment: NewPayment
) -> None:
    payment = new_payment()
    await house.payments.open(payment)
    told = {"id": "evt_1", "payment": payment.id, "ok": True}
    assert await house.send(told) == (200, {"kept": True, "new": True})
    assert await house.state(payment.id) is State.PENDING
    assert await house.jobs() == ["sandbox/evt_1"]
    await house.notices.apply("sandbox/evt_1")
    assert await house.state(payment.id) is State.CAPTURED


async def test_the_same_event_fifty_times_at_once_is_one_job(house: House, new_payment: NewPayment) -> None:
    payment = new_payment()
    await house.payments.open(payment)
    answers: list[tuple[int, dict[str, object]]] = []

    async def send() -> None:
        answers.append(await house.send({"id": "evt_1", "payment": payment.id, "ok": True}))

    async with anyio.create_task_group() as group:
        for _ in range(50):
            group.start_soon(send)
    assert {status for status, _ in answers} == {200}
    assert [body["new"] for _, body in answers].count(True) == 1
    assert await house.jobs() == ["sandbox/evt_1"]


@pytest.mark.parametrize("order", list(permutations(["evt_paid", "evt_declined", "evt_paid"])))
async def test_in_any_order_the_first_end_stands(
    house: House, new_payment: NewPayment, order: tuple[str, ...]
) -> None:
    payment = new_payment()
    await house.payments.open(payment)
    for name in ("evt_paid", "evt_declined"):
        await house.send({"id": name, "payment": payment.id, "ok": name == "evt_paid"})
    for name in order:
        await house.notices.apply(f"sandbox/{name}")
    expected = State.CAPTURED if order[0] == "evt_paid" else State.DECLINED
    assert await house.state(payment.id) is expected


@pytest.mark.parametrize(
    ("told", "how", "code"),
    [
        ({"id": "e", "payment": "p", "ok": True}, {"sign": False}, "webhook_no_signature"),
        ({"id": "e", "payment": "p", "ok": True}, {"age_s": 301}, "webhook_too_old"),
        ({"id": "e", "payment": "p", "ok": True}, {"age_s": -301}, "webhook_too_old"),
        (b"{", {}, "webhook_malformed"),
        (b"\xff\xfe", {}, "webhook_malformed"),
        ({"payment": "p"}, {}, "webhook_malformed"),
        ([], {}, "webhook_malformed"),
    ],
)
async def test_what_is_not_believed_is_a_named_problem_and_leaves_nothing(
    house: House, told: object, how: dict[str, bool], code: str
) -> None:
    status, body = await house.send(told, **how)  # type: ignore[arg-type]  # ages and signs alike
    assert (status, body["code"]) == (400, code)
    assert await house.kept() == 0
    assert await house.jobs() == []


@pytest.mark.parametrize("age_s", [299, -299])
async def test_five_minutes_either_way_are_believed(house: House, age_s: float) -> None:
    status, _ = await house.send({"id": "e", "payment": "pay_1", "ok": True}, age_s=age_s)
    assert status == 200


@pytest.mark.parametrize("name", ["nobody", "silent"])
async def test_a_gateway_that_does_not_tell_is_unknown(house: House, name: str) -> None:
    status, body = await house.send({"id": "e", "payment": "p", "ok": True}, name=name)
    assert (status, body["code"]) == (404, "unknown_gateway")


async def test_a_body_without_end_is_refused(house: House) -> None:
    status, _ = await house.send(b"x" * (512 * 1024 + 1))
    assert status == 413
    assert await house.kept() == 0


async def test_news_of_nobody_s_payment_is_heard_and_done_with(house: House) -> None:
    await house.send({"id": "evt_1", "payment": "pay_none", "ok": True})
    await house.notices.apply("sandbox/evt_1")
    async with house.work.begin() as tx:
        assert (await tx.execute(select(webhook_inbox.c.applied_at))).scalar_one() is not None


async def test_what_could_not_be_applied_is_applied_later(
    work: Work, clock: FixedClock, new_payment: NewPayment
) -> None:
    heard: list[Notice] = []

    async def hear(notice: Notice) -> None:
        heard.append(notice)
        if len(heard) == 1:
            raise StoreLost("away")

    notices = StoredNotices(work, Queue(), clock, hear)
    await notices.keep(Notice("sandbox", "evt_1", clock.now(), OtherNews("ping")))
    with pytest.raises(StoreLost):
        await notices.apply("sandbox/evt_1")
    for _ in range(2):
        await notices.apply("sandbox/evt_1")
    assert len(heard) == 2


_NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
_CHARGES: list[Outcome] = [
    Approved("ch_1", False, Money(500, "JPY")),
    Approved("ch_1"),
    Declined(DeclineCode.INSUFFICIENT_FUNDS, "51", "ch_1"),
    RequiresAction("pi_1", "https://bank.example.com"),
    Pending("pi_1"),
    Unknown("silence"),
    NotAttempted("refused"),
]
_NEWS: list[News] = [
    *(ChargeNews(PaymentId("pay_1"), "ch_1", outcome) for outcome in _CHARGES),
    ChargeNews(None, "ch_1", Approved("ch_1")),
    RefundNews("ch_1", "re_1", Money(100, "USD"), Approved("re_1"), "ref_1"),
    DisputeNews("ch_1", "dp_1", Stage.LOST, Money(100, "USD"), "fraudulent", _NOON),
    DisputeNews("ch_1", "dp_1", Stage.OPENED, Money(100, "USD")),
    OtherNews("customer.created"),
]


@pytest.mark.parametrize("news", _NEWS, ids=str)
async def test_news_comes_back_from_json_as_it_went(news: News) -> None:
    assert from_json(json.loads(json.dumps(to_json(news)))) == news
