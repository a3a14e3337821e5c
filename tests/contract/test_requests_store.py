"""What every store of callers' requests does; `requests` names them."""

import datetime as dt

import pytest

from core.clock import FixedClock
from core.errors import BadInput
from core.ids import AccountId, CallId
from db.engine import Work
from db.requests import StoredRequests
from ivr.memory_requests import MemoryRequests
from ivr.requests import About, Requests, Wish

pytestmark = pytest.mark.anyio

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
CALLED = Wish(About.CALL_BACK, CallId("call_1"), "+15550123", day=dt.date(2026, 3, 4))
DISPUTED = Wish(About.DISPUTE, CallId("call_2"), "", AccountId("acct_1"), "charged twice")


@pytest.fixture(params=["memory", pytest.param("postgresql", marks=pytest.mark.integration)])
def requests(request: pytest.FixtureRequest) -> Requests:
    clock = FixedClock(NOON)
    if request.param == "memory":
        return MemoryRequests(clock)
    work: Work = request.getfixturevalue("work")
    return StoredRequests(work, clock)


async def test_each_has_a_number_of_its_own_and_the_newest_comes_first(requests: Requests) -> None:
    first, second = await requests.add(CALLED), await requests.add(DISPUTED)
    assert second.number > first.number
    assert await requests.all() == [second, first]
    assert await requests.all(1) == [second]
    assert [one.wish for one in await requests.all()] == [DISPUTED, CALLED]


async def test_what_is_done_waits_no_longer(requests: Requests) -> None:
    first, second = await requests.add(CALLED), await requests.add(DISPUTED)
    await requests.done(first.number)
    await requests.done(first.number)
    assert await requests.all(waiting=True) == [second]
    assert (await requests.all())[1].done_at == NOON


async def test_a_request_that_is_not_there_cannot_be_done(requests: Requests) -> None:
    with pytest.raises(BadInput, match="there is no request 77"):
        await requests.done(77)
