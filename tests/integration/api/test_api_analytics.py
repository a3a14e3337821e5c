"""Analytics over the API: what calls came to, counted once from their facts."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from core.clock import FixedClock
from core.events import CallEnded, CallHandedOver, CallStarted, Fact, Said, Spoke
from core.ids import CallId
from db.analytics import turns
from db.call_hours import CallHours, rounded
from db.facts import KeptFacts
from ivr.sessions import Session
from tests.integration.api.rig import Api

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_NOON = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


async def _call(api: Api, name: str, outcome: str, *facts: Fact) -> None:
    call = CallId(name)
    kept = KeptFacts(api.work, FixedClock(_NOON))
    begin = CallStarted(call, "1000", "+15550101", "pay_bill")
    for fact in (begin, *facts, CallEnded(call, outcome, "normal", 60.0)):
        kept.tell(fact)
    assert await kept.flush()
    await api.sessions.start(Session(call, "1000", "+15550101", "pay_bill", "n1", _NOON))
    await api.sessions.end(call, _NOON + timedelta(seconds=60), outcome, "normal")


def _asked(name: str, understood: bool) -> tuple[Fact, ...]:
    call = CallId(name)
    heard = Spoke(call, "account", "one two", 500, 120)
    again = () if understood else (Said(call, "no_match", "Again?"), heard)
    return (Said(call, "ask_account", "Which account?"), heard, *again, Said(call, "due", "You owe."))


async def _summary(api: Api, hours: int = 2) -> dict[str, Any]:
    since, until = quote(_NOON.isoformat()), quote((_NOON + timedelta(hours=hours)).isoformat())
    status, told = await api.got(f"/v1/analytics/summary?from={since}&to={until}")
    assert status == 200
    assert isinstance(told, dict)
    return told


async def test_a_period_is_added_up_and_each_call_is_counted_once(api: Api) -> None:
    await _call(api, "call_1", "paid", *_asked("call_1", understood=True))
    await _call(api, "call_2", "hung_up", *_asked("call_2", understood=False))
    joined = CallHandedOver(CallId("call_3"), "201", "joined")
    await _call(api, "call_3", "spoke_to_agent", joined)
    hours = CallHours(api.work, batch=2)
    await hours.catch_up()
    await hours.catch_up()
    told = await _summary(api)
    assert (told["calls"], told["answered"], told["paid"]) == (3, 3, 1)
    assert (told["counted"], told["contained"]) == (3, 2)
    assert told["gave_up"] == [{"name": "due", "number": 1}]
    assert [(one["question"], one["asked"], one["understood"]) for one in told["recognizer"]] == [
        ("account", 3, 2)
    ]
    assert told["turns"] == {"number": 3, "p50_ms": 620, "p90_ms": 620, "p95_ms": 620, "p99_ms": 620}
    assert told["days"] == [{"day": "2026-03-01", "calls": 3, "paid": 1}]


async def _days(api: Api, zone: str) -> tuple[int, list[str]]:
    query = f"from=2026-03-01T00:00:00Z&to=2026-03-03T00:00:00Z&zone={quote(zone)}"
    status, told = await api.got(f"/v1/analytics/summary?{query}")
    assert isinstance(told, dict)
    return status, [one["day"] for one in told.get("days", [])]


async def test_days_are_those_of_the_zone_that_was_asked_for(api: Api) -> None:
    await _call(api, "call_1", "paid")
    assert await _days(api, "UTC") == (200, ["2026-03-01"])
    assert await _days(api, "America/New_York") == (200, ["2026-03-01"])
    assert await _days(api, "Pacific/Auckland") == (200, ["2026-03-02"])


@pytest.mark.parametrize("zone", ["Mars/Olympus", "+03:00", "UTC'--", "../etc", "EST5EDT4"])
async def test_a_zone_that_is_none_is_refused(api: Api, zone: str) -> None:
    assert await _days(api, zone) == (400, [])


async def test_a_period_that_is_none_is_refused(api: Api) -> None:
    for query in ("from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z", "from=2026-03-02", "from=x"):
        assert (await api.got(f"/v1/analytics/summary?{query}"))[0] == 400


def test_percentiles_are_those_of_the_lengths_that_were_counted() -> None:
    found = turns({100: 50, 200: 45, 900: 4, 5000: 1})
    assert found is not None
    assert (found.number, found.p50, found.p90, found.p95, found.p99) == (100, 100, 200, 200, 900)
    assert turns({}) is None
    assert [rounded(ms) for ms in (4, 996, 1049, 12_499, 99_999)] == [0, 1000, 1000, 12_000, 60_000]
