"""Thirty callers at once pay their bills by keypad, on the real Asterisk, PostgreSQL and sandbox gateway."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.load.lab import Lab, lab
from tests.load.trial import FAST_PACE, payments

pytestmark = [pytest.mark.anyio, pytest.mark.load]

CALLERS = 30


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Lab]:
    """A line that speaks twice as fast as usual, so that the calls are short."""
    async with lab(tmp_path / "line", {"TELLERLINE_VOICE_WORDS_PER_MINUTE": "300"}) as one:
        yield one


async def test_thirty_callers_at_once_all_pay_and_none_pays_twice(line: Lab) -> None:
    held = await payments(line, CALLERS, lambda _about, _part: None, FAST_PACE)
    assert held.sipp_code == 0, "not every call went by the scenario: see sipp/errors.log"
    assert held.paid is not None
    assert held.paid.all_once, f"the books do not agree: {held.paid}"
