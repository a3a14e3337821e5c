"""Ids tell when they were made."""

import time

from core.ids import made_at_ms, new_payment_id


def test_an_id_tells_when_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    made = made_at_ms(new_payment_id())
    assert made is not None
    assert before <= made <= time.time_ns() // 1_000_000


def test_an_id_that_is_not_ours_tells_nothing() -> None:
    assert made_at_ms("pi_3MtwBwLkdIwHu7ix28a3tqPa") is None
    assert made_at_ms("pay_1") is None
