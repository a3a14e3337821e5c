"""One-time codes: sent, never kept in the clear, good for one subject."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from core.clock import FixedClock
from messages.memory import MemoryLetters
from payments.fraud.one_time_code import Check, CodeTerms, MemoryCodes, OneTimeCodes

pytestmark = pytest.mark.anyio

TO = "+15550123"


class Rig:
    def __init__(self, terms: CodeTerms | None = None) -> None:
        self.clock = FixedClock(datetime(2026, 11, 20, 12, tzinfo=UTC))
        self.kept, self.letters = MemoryCodes(), MemoryLetters()
        self.codes = OneTimeCodes(self.kept, self.letters, bytes(32), self.clock, Random(1), terms=terms)

    def last(self) -> str:
        return str(list(self.letters.put_in.values())[-1].values["code"])


async def test_the_code_that_was_sent_is_right_once() -> None:
    rig = Rig()
    assert await rig.codes.send("call_1", TO)
    assert rig.last().isdigit()
    assert await rig.codes.check("call_1", rig.last()) is Check.RIGHT
    assert await rig.codes.check("call_1", rig.last()) is Check.OVER


async def test_a_code_is_for_its_subject_and_its_time() -> None:
    rig = Rig(CodeTerms(lasts=timedelta(minutes=2)))
    await rig.codes.send("call_1", TO)
    assert await rig.codes.check("call_2", rig.last()) is Check.OVER
    rig.clock.advance(timedelta(minutes=2))
    assert await rig.codes.check("call_1", rig.last()) is Check.OVER


async def test_neither_code_nor_number_is_kept() -> None:
    rig = Rig()
    await rig.codes.send("call_1", TO)
    assert rig.last() not in repr(vars(rig.kept))
    assert TO not in repr(vars(rig.kept))


async def test_a_number_is_not_flooded() -> None:
    rig = Rig(CodeTerms(an_hour=2))
    assert [await rig.codes.send(f"call_{one}", TO) for one in range(3)] == [True, True, False]
    assert len(rig.letters.put_in) == 2
    rig.clock.advance(timedelta(minutes=61))
    assert await rig.codes.send("call_4", TO)
