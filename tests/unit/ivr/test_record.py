"""The record of calls, while the store is there and while it is away."""

from dataclasses import replace
from datetime import UTC, datetime

import anyio
import pytest

from core.ids import CallId, new_call_id
from ivr.memory import MemorySessions
from ivr.record import Record
from ivr.sessions import Session

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def _session(call: CallId) -> Session:
    return Session(call, "1000", "+15550123", "pay_bill", "node", NOW)


async def test_what_is_left_is_written_when_the_line_stops() -> None:
    sessions, call = MemorySessions(), new_call_id()
    record = Record(sessions)
    async with anyio.create_task_group() as group:
        await group.start(record.run)
        group.cancel_scope.cancel()
        record.started(_session(call))
        record.ended(call, NOW, "interrupted", "normal")
        record.close()
    assert sessions.all == [replace(_session(call), ended_at=NOW, outcome="interrupted", cause="normal")]


async def test_a_write_is_given_up_after_its_patience() -> None:
    sessions, first, second = MemorySessions(), new_call_id(), new_call_id()
    sessions.lost = True
    record = Record(sessions, patience_s=0.05)
    async with anyio.create_task_group() as group:
        await group.start(record.run)
        record.started(_session(first))
        await record.up_to_date()
        sessions.lost = False
        record.started(_session(second))
        await record.up_to_date()
        record.close()
    assert [session.id for session in sessions.all] == [second]


async def test_a_call_that_ends_after_the_record_was_closed_breaks_nothing() -> None:
    record = Record(MemorySessions())
    async with anyio.create_task_group() as group:
        await group.start(record.run)
        record.close()
    record.ended(new_call_id(), NOW, "paid", "normal")
    await record.up_to_date()
