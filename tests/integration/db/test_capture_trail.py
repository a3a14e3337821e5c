"""Captures on the audit trail: written down before the first digit, or none begins."""

import pytest

from core.clock import SystemClock
from core.errors import StoreLost
from core.ids import CallId
from db.audit import Intact, verify
from db.engine import Limits, Work
from db.trail import CaptureTrail

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_a_capture_that_begins_is_a_row_of_the_chain(work: Work) -> None:
    await CaptureTrail(work, SystemClock()).begins(CallId("call_1"))
    found = await verify(work)
    assert isinstance(found, Intact)
    assert found.rows == 1


async def test_a_database_that_is_away_is_told() -> None:
    away = Work("postgresql://nobody@127.0.0.1:1/none", Limits(connections=1, connect_s=1, pool_s=1))
    try:
        with pytest.raises(StoreLost):
            await CaptureTrail(away, SystemClock()).begins(CallId("call_1"))
    finally:
        await away.close()
