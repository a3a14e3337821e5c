"""Webhooks out on the real PostgreSQL, over real HTTP: signed, retried, given up, sent again."""

import base64
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count
from random import Random
from urllib.parse import parse_qsl

import anyio
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import text
from standardwebhooks import Webhook, WebhookVerificationError

from api.broadcast import Broadcast
from core.clock import FixedClock, SystemClock
from core.errors import BadInput
from core.events import CallEnded, CaptureEnded, Fact, PaymentMoved, Pressed, Spoke
from core.ids import CallId, PaymentId
from db.engine import Work
from db.fact_rows import insert_rows, to_row
from db.jobs import Jobs
from db.queue import Queue
from db.relay import Relay
from db.timeline import Timeline
from db.webhook_deliveries import StoredDeliveries
from db.webhook_endpoints import CALLBACKS, StoredEndpoints
from db.webhook_events import DELIVER, StoredEvents
from payments.webhooks.courier import Courier
from payments.webhooks.delivery import Delivery, DeliveryState
from payments.webhooks.outbox import JsonValue
from payments.webhooks.poster import Poster
from tests.integration.line.poll import until

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


@dataclass
class Receiver:
    """Somebody's server: answers with the next of `answers`, then with 204."""

    answers: list[int] = field(default_factory=list)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    async def hear(self, request: web.Request) -> web.Response:
        self.heard.append(({k.lower(): v for k, v in request.headers.items()}, await request.read()))
        status = self.answers.pop(0) if self.answers else 204
        return web.Response(status=status, headers={"Location": "/other"} if status == 302 else {})


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/{tail:.*}", receiver.hear)
    async with TestServer(app) as server:
        receiver.url = str(server.make_url("/hooks"))
        yield receiver


class House:
    """The parts of webhooks out, put together as in a node; the jobs are done by hand."""

    def __init__(self, work: Work, url: str, clock: FixedClock, poster: Poster) -> None:
        self.work, self.clock = work, clock
        queue = Queue()
        self.endpoints = StoredEndpoints(work, clock)
        self.events = StoredEvents(work, queue, clock)
        self.deliveries = StoredDeliveries(work, queue, clock)
        self.courier = Courier(self.deliveries, poster, clock, Random(1))
        self.relay = Relay(work, self.events, Broadcast(Timeline(work, url)))

    async def jobs(self) -> list[str]:
        """The subjects of the jobs that wait."""
        query = text("SELECT args->>'subject' FROM procrastinate_jobs WHERE task_name = :task ORDER BY id")
        async with self.work.begin() as tx:
            return [str(row[0]) for row in await tx.execute(query, {"task": DELIVER})]

    async def work_off(self) -> None:
        """Do every job that was ever queued, in order: those that were done before must do nothing."""
        done: set[str] = set()
        while left := [job for job in await self.jobs() if job not in done]:
            for job in left:
                await self.courier.deliver(job)
                done.add(job)

    async def only(self) -> Delivery:
        [delivery] = await self.deliveries.all()
        return delivery


@pytest.fixture
async def house(work: Work, url: str, clock: FixedClock) -> AsyncIterator[House]:
    async with Poster(private=True, within_s=5) as poster:
        yield House(work, url, clock, poster)


_CALL = CallId("call_1")
_NUMBERS = count(1)


async def _told(house: House, *facts: Fact) -> None:
    async with house.work.begin() as tx:
        rows = [to_row(fact, house.clock.now(), "words", next(_NUMBERS)) for fact in facts]
        await insert_rows(tx, rows)


async def _has(house: House, number: int) -> bool:
    return len(await house.jobs()) == number


async def _moved(house: House, state: str = "captured", told: int = 1) -> None:
    fact = PaymentMoved(CallId("call_1"), PaymentId("pay_1"), state, 12550, "USD", "sandbox", "")
    async with house.work.begin() as tx:
        await insert_rows(tx, [to_row(fact, house.clock.now(), "test", told)])


async def test_a_settled_payment_is_told_signed_to_whoever_asked_for_it(
    house: House, receiver: Receiver, clock: FixedClock
) -> None:
    _, secret = await house.endpoints.add(receiver.url, ["payment.*"])
    await house.endpoints.add(receiver.url + "/calls", ["call.ended"])
    await _moved(house)
    await house.relay.catch_up()
    await house.work_off()
    [(headers, body)] = receiver.heard
    told = json.loads(body)
    assert (told["type"], told["data"]["payment"]) == ("payment.settled", "pay_1")
    assert told["data"]["amount_minor"] == 12550
    assert headers["webhook-timestamp"] == str(int(clock.now().timestamp()))
    assert headers["webhook-id"].startswith("evt_")
    assert (await house.only()).state is DeliveryState.DELIVERED
    with pytest.raises(WebhookVerificationError, match="too old"):  # our clock stands in March
        Webhook(secret).verify(body, headers)


async def test_the_vendor_neutral_library_believes_what_we_sign(
    work: Work, url: str, receiver: Receiver
) -> None:
    async with Poster(private=True) as poster:
        house = House(work, url, SystemClock(), poster)  # type: ignore[arg-type]  # the time must be true
        endpoint, old = await house.endpoints.add(receiver.url, ["*"])
        new = await house.endpoints.rotate(endpoint.id, timedelta(hours=1))
        await _moved(house)
        await house.relay.catch_up()
        await house.work_off()
    [(headers, body)] = receiver.heard
    assert len(headers["webhook-signature"].split()) == 2
    for secret in (old, new):
        assert Webhook(secret).verify(body, headers)["type"] == "payment.settled"
    with pytest.raises(WebhookVerificationError):
        Webhook(new).verify(body + b" ", headers)


async def test_the_old_secret_no_longer_signs_when_its_time_is_over(
    house: House, receiver: Receiver, clock: FixedClock
) -> None:
    endpoint, _ = await house.endpoints.add(receiver.url, ["*"])
    await house.endpoints.rotate(endpoint.id, timedelta(hours=1))
    clock.advance(timedelta(hours=1))
    await _moved(house)
    await house.relay.catch_up()
    await house.work_off()
    assert len(receiver.heard[0][0]["webhook-signature"].split()) == 1


async def test_a_fact_is_told_once_however_many_relays_there_are(
    house: House, work: Work, url: str, receiver: Receiver
) -> None:
    await house.endpoints.add(receiver.url, ["*"])
    await _moved(house)
    others = [Relay(work, house.events, Broadcast(Timeline(work, url))) for _ in range(4)]
    async with anyio.create_task_group() as group:
        for relay in (house.relay, *others):
            group.start_soon(relay.catch_up)
    await house.work_off()
    assert len(receiver.heard) == 1


async def test_each_word_and_key_is_told_to_whoever_asks_for_it_by_name_and_no_word_goes_out(
    house: House, receiver: Receiver
) -> None:
    await house.endpoints.add(receiver.url, ["*"])
    facts: list[Fact] = [Pressed(_CALL, "account", 8), Spoke(_CALL, "pay_now", "yes please", 500, 90)]
    await _told(house, *facts)
    await house.relay.catch_up()
    assert await house.jobs() == []
    await house.endpoints.add(receiver.url, ["conversation.*"])
    await _told(house, *facts)
    await house.relay.catch_up()
    await house.work_off()
    bodies = [json.loads(body) for _, body in receiver.heard]
    assert [(one["type"], one["data"]["question"]) for one in bodies] == [
        ("conversation.pressed", "account"),
        ("conversation.spoke", "pay_now"),
    ]
    assert "yes please" not in str(receiver.heard)


async def test_a_relay_that_waits_hears_of_words_and_keys_once_somebody_asks_for_them(
    house: House, receiver: Receiver, work: Work, url: str
) -> None:
    await house.endpoints.add(receiver.url, ["capture.ended"])
    facts = Broadcast(Timeline(work, url, gather_s=0.01))
    async with anyio.create_task_group() as group:
        await group.start(facts.run)
        group.start_soon(Relay(work, house.events, facts).run)
        await _told(house, CallEnded(_CALL, "paid", "normal", 9.0))
        for number in (1, 2):
            await _told(house, CaptureEnded(_CALL, "success"))
            await until(partial(_has, house, number), 10, "the relay sleeps")
        group.cancel_scope.cancel()


async def test_what_fails_is_tried_ten_times_and_then_lies_with_the_dead_letters(
    house: House, receiver: Receiver
) -> None:
    receiver.answers = [500] * 50
    await house.endpoints.add(receiver.url, ["*"])
    await _moved(house)
    await house.relay.catch_up()
    await house.work_off()
    delivery = await house.only()
    assert (delivery.state, delivery.attempts, len(receiver.heard)) == (DeliveryState.DEAD, 10, 10)
    assert delivery.answer == "answered 500"
    assert {headers["webhook-id"] for headers, _ in receiver.heard} == {delivery.event}


async def test_a_dead_letter_is_sent_again_with_the_same_id(house: House, receiver: Receiver) -> None:
    receiver.answers = [500] * 10
    await house.endpoints.add(receiver.url, ["*"])
    await _moved(house)
    await house.relay.catch_up()
    await house.work_off()
    dead = await house.only()
    again = await house.deliveries.resend(dead.id, house.events)
    with pytest.raises(BadInput, match="still tried"):
        await house.deliveries.resend(again, house.events)
    await house.work_off()
    states = {one.id: one.state for one in await house.deliveries.all()}
    assert states == {dead.id: DeliveryState.DEAD, again: DeliveryState.DELIVERED}
    assert receiver.heard[-1][0]["webhook-id"] == dead.event


async def test_a_retry_waits_longer_each_time_and_is_queued_with_the_note(
    house: House, receiver: Receiver, clock: FixedClock
) -> None:
    receiver.answers = [503, 503]
    await house.endpoints.add(receiver.url, ["*"])
    await _moved(house)
    await house.relay.catch_up()
    waits = []
    for _ in range(2):
        await house.courier.deliver((await house.jobs())[-1])
        delivery = await house.only()
        assert delivery.next_at is not None
        waits.append((delivery.next_at - clock.now()).total_seconds())
    assert 4 <= waits[0] <= 6
    assert 240 <= waits[1] <= 360
    assert len(await house.jobs()) == 3


async def test_one_who_answers_410_is_told_nothing_more(house: House, receiver: Receiver) -> None:
    receiver.answers = [410]
    await house.endpoints.add(receiver.url, ["*"])
    await _moved(house)
    await house.relay.catch_up()
    await house.work_off()
    [endpoint] = await house.endpoints.all()
    assert endpoint.disabled_at is not None
    await _moved(house, "refunded", told=2)
    await house.relay.catch_up()
    assert len(await house.jobs()) == 1


async def test_what_waits_for_a_disabled_endpoint_is_given_up(house: House, receiver: Receiver) -> None:
    endpoint, _ = await house.endpoints.add(receiver.url, ["*"])
    await _moved(house)
    await house.relay.catch_up()
    await house.endpoints.disable(endpoint.id, "moved away")
    await house.work_off()
    assert receiver.heard == []
    assert (await house.only()).answer == "the endpoint is disabled: moved away"


async def test_a_redirect_is_not_followed(house: House, receiver: Receiver) -> None:
    receiver.answers = [302]
    await house.endpoints.add(receiver.url, ["*"])
    await _moved(house)
    await house.relay.catch_up()
    await house.courier.deliver((await house.jobs())[0])
    assert len(receiver.heard) == 1
    assert (await house.only()).answer == "answered 302"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "10.1.2.3", "169.254.169.254", "0.0.0.0"]
)
async def test_our_own_network_is_not_posted_to(
    work: Work, url: str, clock: FixedClock, receiver: Receiver, host: str
) -> None:
    port = receiver.url.rpartition(":")[2]
    async with Poster() as poster:
        house = House(work, url, clock, poster)
        await house.events.post(f"http://{host}:{port}", "capture.progress", {}, key="one")
        await house.courier.deliver((await house.jobs())[0])
    assert receiver.heard == []
    assert "not public" in (await house.only()).answer


async def test_a_message_with_its_own_url_is_posted_once_for_its_key(
    house: House, receiver: Receiver
) -> None:
    for digits in (1, 2):
        await house.events.post(receiver.url, "capture.progress", {"digits": digits}, key="call_1/7")
    await house.work_off()
    [(_, body)] = receiver.heard
    assert json.loads(body)["data"] == {"digits": 1}


async def test_what_is_told_by_a_form_is_its_fields_alone_and_signed(
    house: House, receiver: Receiver
) -> None:
    told: dict[str, JsonValue] = {
        "PaymentCardNumber": "************4242",
        "PartialResult": False,
        "Attempt": 1,
        "Required": "",
    }
    await house.events.post(receiver.url, "payment.capture.form", told, key="cap_1/1")
    secret = await house.endpoints.rotate(CALLBACKS, timedelta(0))
    await house.work_off()
    [(headers, body)] = receiver.heard
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(body.decode(), keep_blank_values=True)) == {
        "PaymentCardNumber": "************4242",
        "PartialResult": "false",
        "Attempt": "1",
        "Required": "",
    }
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    signed = hmac.digest(base64.b64decode(secret.removeprefix("whsec_")), said, "sha256")
    assert f"v1,{base64.b64encode(signed).decode()}" in headers["webhook-signature"].split()


async def test_what_was_rolled_back_is_not_posted(house: House, receiver: Receiver) -> None:
    async with house.work.begin() as tx:
        await house.events.post_in(tx, receiver.url, "capture.progress", {}, key="one")
        await tx.rollback()
    assert await house.jobs() == []
    assert await house.deliveries.all() == []


async def test_a_running_node_delivers_by_itself(
    work: Work, url: str, clock: FixedClock, receiver: Receiver
) -> None:
    async with Poster(private=True) as poster:
        house = House(work, url, clock, poster)
        await house.endpoints.add(receiver.url, ["call.*"])
        async with _running(house, url):
            async with work.begin() as tx:
                ended = CallEnded(CallId("call_1"), "paid", "normal_clearing", 61.5)
                await insert_rows(tx, [to_row(ended, clock.now(), "test", 1)])
            with anyio.fail_after(30):
                while not receiver.heard:  # noqa: ASYNC110 - the job engine tells nobody of a finished job
                    await anyio.sleep(0.02)
    assert json.loads(receiver.heard[0][1])["type"] == "call.ended"


@asynccontextmanager
async def _running(house: House, url: str) -> AsyncIterator[None]:
    async def never(payment: PaymentId) -> None:
        raise AssertionError(payment)

    broadcast = Broadcast(Timeline(house.work, url))
    relay = Relay(house.work, house.events, broadcast)
    jobs = Jobs(house.work, url, never, handles={DELIVER: house.courier.deliver})
    async with anyio.create_task_group() as group:
        await group.start(broadcast.run)
        group.start_soon(relay.run)
        group.start_soon(jobs.run)
        yield
        group.cancel_scope.cancel()


@pytest.mark.parametrize("topics", [[], ["payments"], ["payment.settled", "nothing.*"]], ids=str)
async def test_a_topic_that_does_not_exist_is_refused(house: House, topics: list[str]) -> None:
    with pytest.raises(BadInput, match="no topic"):
        await house.endpoints.add("https://shop.example.com/hooks", topics)
    assert await house.endpoints.all() == []
