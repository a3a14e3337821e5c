"""Payments in virtual time: waits take no time, and nothing reaches a socket."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from typing import Any

import anyio
import pytest

from core.clock import Clock
from core.virtual_time import LoopClock, VirtualTimeLoop
from payments.card import CardEntry, CardField
from tests.unit.payments.shop import KeyedIn, ShakyPayments, Shop

TODAY = date(2026, 11, 20)


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    return "asyncio", {"loop_factory": VirtualTimeLoop}


@pytest.fixture
def clock() -> LoopClock:
    return LoopClock(datetime(2026, 11, 20, 12, tzinfo=UTC))


@pytest.fixture
def keyed_in() -> Callable[[bytes], CardEntry]:
    """Makes a complete card of a number."""

    def card(number: bytes = b"4242424242424242") -> CardEntry:
        entry = CardEntry()
        code = b"1234" if number.startswith((b"34", b"37")) else b"123"
        for field, digits in (
            (CardField.NUMBER, number),
            (CardField.EXPIRY, b"1234"),
            (CardField.CODE, code),
        ):
            for digit in digits:
                assert entry.append(field, digit)
            assert entry.finish(field, TODAY) is None
        return entry

    return card


@pytest.fixture
async def shop(clock: Clock, keyed_in: KeyedIn) -> AsyncIterator[Shop]:
    async with anyio.create_task_group() as group:
        shop = Shop(group, clock, keyed_in, ShakyPayments(clock))
        await group.start(shop.desk.run)
        yield shop
        group.cancel_scope.cancel()
