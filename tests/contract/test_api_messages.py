"""The API of messages, templates, disputes and settlements, over real HTTP and the real PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from api.app import serving
from api.routes import disputes, messages, settlements, templates
from core.clock import SystemClock
from core.letter import Letter, Value
from core.money import Money
from db.dispute_list import DisputeList
from db.engine import Work
from db.keys_file import MasterFile
from db.message_lists import StoredMessages
from db.messages import StoredPost
from db.people import People
from db.queue import Queue
from db.settlement_list import SettlementList
from db.settlements import StoredSettlements
from db.stores import stored
from messages.post import Outcome
from messages.sender import TurnedDown
from messages.template_files import TemplateFiles
from messages.templates import Templates
from payments.desk import Desk
from payments.gateways.sandbox import report
from payments.route import FirstRoute
from payments.vault import Vault

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
Client = TestClient[web.Request, web.Application]
REPORT = """kind,ref,charge_ref,payment,gross_minor,fee_minor,currency,at,batch
charge,ch_1,ch_1,,1000,30,USD,2026-03-01T12:00:00+00:00,po_1
payout,payout_1,,,-970,0,USD,2026-03-01T12:00:00+00:00,po_1
"""


@pytest.fixture
def people(tmp_path: Path) -> People:
    return People(MasterFile.made_at(tmp_path / "key"), SystemClock())


@pytest.fixture
def post(work: Work, people: People) -> StoredPost:
    return StoredPost(work, Queue(), SystemClock(), people)


def _shut_desk(work: Work) -> Desk:
    """One that does nothing: these tests look."""
    clock, nobody = SystemClock(), FirstRoute([])
    return Desk(stored(work, clock), Vault(), {}, nobody, clock=clock, chance=Random(1))


@pytest.fixture
async def client(work: Work, post: StoredPost, people: People, tmp_path: Path) -> AsyncIterator[Client]:
    words, own = Templates({"company": "Example Power"}, tmp_path / "own"), tmp_path / "own"
    files = TemplateFiles(words, own)
    room = messages.MessageRoom(post, StoredMessages(work, people), files)
    imports = StoredSettlements(work, SystemClock())
    settled = settlements.SettlementRoom(SettlementList(work), imports, lambda _gateway: report.read)
    table = [
        *messages.routes(room),
        *templates.routes(files),
        *disputes.routes(disputes.DisputeRoom(DisputeList(work), _shut_desk(work))),
        *settlements.routes(settled),
    ]
    async with TestClient(TestServer(serving(table))) as client:
        yield client


async def test_messages_are_listed_in_words_a_page_at_a_time(client: Client, post: StoredPost) -> None:
    for number in range(3):
        await post.put(Letter("code", "+15550177", {"code": f"12345{number}"}, f"k{number}"))
    async with client.get("/v1/messages?limit=2&to=%2B15550177") as answer:
        page = await answer.json()
    assert [one["state"] for one in page["data"]] == ["queued", "queued"]
    assert "123452" in page["data"][0]["text"]
    async with client.get("/v1/messages", params={"cursor": page["next_cursor"]}) as answer:
        [last] = (await answer.json())["data"]
    assert (last["to"], last["template"], last["channel"]) == ("+15550177", "code", "sms")


async def test_what_failed_is_sent_again_and_what_waits_is_not(client: Client, post: StoredPost) -> None:
    values: dict[str, Value] = {
        "amount": Money(1, "USD"),
        "url": "https://pay.example.com/pay/x",
        "until": SystemClock().now(),
    }
    await post.put(Letter("link", "robin@example.com", values, "k"))
    async with client.get("/v1/messages") as answer:
        [one] = (await answer.json())["data"]
    async with client.post(f"/v1/messages/{one['id']}/again") as answer:
        assert answer.status == 400
    due = await post.due(f"{one['id']}/1")
    assert due is not None
    await post.note(due, Outcome("smtp", TurnedDown("no such person", again=False)))
    async with client.post(f"/v1/messages/{one['id']}/again") as answer:
        assert (await answer.json())["state"] == "queued"
    async with client.get("/v1/messages/msg_none") as answer:
        assert answer.status == 404


async def test_a_template_is_read_tried_kept_and_taken_back(client: Client) -> None:
    async with client.get("/v1/templates") as answer:
        shown = {one["id"]: one for one in (await answer.json())["data"]}
    one = shown["en.code.sms.txt"]
    path = f"/v1/templates/{one['id']}"
    async with client.post(f"{path}/preview", json={"text": "{{ company }}: {{ code }}"}) as answer:
        assert await answer.json() == {"text": "Example Power: 123456"}
    async with client.put(path, json={"text": "{{ nothing }}"}, headers={"If-Match": one["etag"]}) as answer:
        assert answer.status == 400
    async with client.put(path, json={"text": "{{ code }}"}, headers={"If-Match": one["etag"]}) as answer:
        kept = await answer.json()
        assert (answer.status, kept["own"], kept["etag"]) == (200, True, answer.headers["ETag"])
    async with client.put(path, json={"text": "x"}, headers={"If-Match": one["etag"]}) as answer:
        assert answer.status == 412
    async with client.put(path, json={"text": None}, headers={"If-Match": kept["etag"]}) as answer:
        assert (await answer.json())["etag"] == one["etag"]


@pytest.mark.parametrize("name", ["en.other.txt", "..%2F..%2Fetc%2Fpasswd", "en"])
async def test_a_template_that_there_is_not_is_not_found(client: Client, name: str) -> None:
    async with client.get(f"/v1/templates/{name}") as answer:
        assert answer.status == 404


async def test_lists_without_anything_are_empty(client: Client) -> None:
    for path in ("/v1/disputes", "/v1/settlements", "/v1/messages"):
        async with client.get(path) as answer:
            assert (answer.status, await answer.json()) == (200, {"data": [], "next_cursor": None})


async def test_a_report_is_brought_in_and_listed_with_its_lines(client: Client) -> None:
    async with client.post("/v1/settlements?gateway=sandbox", data=REPORT.encode()) as answer:
        done = await answer.json()
        assert answer.status == 200, done
    assert (done["new"], done["findings"][0]["difference"]) == (2, "not_ours")
    async with client.get("/v1/settlements?gateway=sandbox") as answer:
        [one] = (await answer.json())["data"]
    assert (one["batch"], one["lines"]) == ("po_1", 2)
    async with client.get("/v1/settlements/sandbox/po_1/lines?limit=1") as answer:
        page = await answer.json()
    assert (len(page["data"]), page["next_cursor"]) == (1, "2")


async def test_a_report_with_a_mistake_is_refused_whole(client: Client) -> None:
    async with client.post("/v1/settlements?gateway=sandbox", data=b"not a report") as answer:
        assert answer.status == 400
