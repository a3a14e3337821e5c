"""Reports of providers over real HTTP: believed or not, known or not."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from api.app import serving
from api.routes import reports
from core.clock import FixedClock
from core.letter import Letter
from messages.memory import MemoryPost
from messages.message import MessageState
from messages.post import Outcome
from messages.reporting import Reporting
from messages.sender import Accepted
from messages.senders.form import FormSender
from tests.contract.peers import FORM

pytestmark = pytest.mark.anyio

Client = TestClient[web.Request, web.Application]
SENDER = FormSender(FORM)
DELIVERED = {"MessageSid": "SM1", "MessageStatus": "delivered"}


@pytest.fixture
def post() -> MemoryPost:
    return MemoryPost(FixedClock(datetime(2026, 3, 1, 12, tzinfo=UTC)))


@pytest.fixture
async def client(post: MemoryPost) -> AsyncIterator[Client]:
    async with TestClient(TestServer(serving(reports.routes(Reporting(post, SENDER))))) as client:
        yield client


async def told(
    client: Client, fields: dict[str, str], sender: str = "form", signature: str = ""
) -> tuple[int, str]:
    headers = {
        "X-Twilio-Signature": signature or SENDER._signature(fields),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    path = f"/messages/reports/{sender}"
    async with client.post(path, data=urlencode(fields).encode(), headers=headers) as answer:
        return answer.status, str((await answer.json()).get("code", ""))


async def test_a_report_is_noted_with_its_message(client: Client, post: MemoryPost) -> None:
    await post.put(Letter("code", "+15550100", {"code": "1"}, "k"))
    due = await post.due(post.jobs[0])
    assert due is not None
    await post.note(due, Outcome("form", Accepted(("SM1",))))
    assert await told(client, DELIVERED) == (200, "")
    found = await post.find(due.id)
    assert found is not None
    assert found.state is MessageState.DELIVERED


async def test_one_that_is_not_signed_is_refused(client: Client) -> None:
    assert await told(client, DELIVERED, signature="wrong") == (400, "report_not_believed")


async def test_one_about_nothing_known_is_told_so(client: Client) -> None:
    assert await told(client, DELIVERED) == (404, "unknown_message")


async def test_another_sender_does_not_listen(client: Client) -> None:
    assert await told(client, DELIVERED, sender="json") == (404, "unknown_sender")
