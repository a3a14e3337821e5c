"""A hundred callers at once key their cards in, four keys a second: no digit is lost, doubled or moved.

`make bench NAME=capture.digits_lost` plays ten thousand; `TELLERLINE_SEED` another few hundred.
"""

import pytest

from tests.sim.many_captures import SEED, many, wanted

pytestmark = pytest.mark.anyio


async def test_what_is_meant_is_what_is_captured() -> None:
    tally = await many(300, at_once=100, seed=SEED)
    assert tally.captures == 300
    assert tally.slips > 200
    assert (tally.digits_lost, tally.seeds) == (0, [])


async def test_a_digit_that_is_lost_on_purpose_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def losing(chance: object) -> object:
        card = wanted(chance)  # type: ignore[arg-type]
        card.keys[2] = "".join(reversed(card.keys[2].rpartition("*")[2]))
        return card

    monkeypatch.setattr("tests.sim.many_captures.wanted", losing)
    tally = await many(20, at_once=10, seed=SEED)
    assert tally.wrong > 10
