"""Settling in the sandbox: a day settles what was taken or given back by then, when it is asked about."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from payments.sandbox.books import Books, Record

INDIA: Final = timezone(timedelta(hours=5, minutes=30))
_FEE: Final = Decimal("0.02")
_TAX: Final = Decimal("0.18")  # of the fee
_CENT: Final = Decimal("0.01")


def settled(
    books: Books, day: date, due: Callable[[], Sequence[Record]], new: Callable[[Sequence[Record]], Record]
) -> list[Record]:
    """The settlements of that day, in their order.

    Asked about, a day settles what is `due` by then (each with its `id` and `day`), once: `new` makes the
    settlement of it. What comes after is settled by another one.
    """
    before = {name for made in books.listed("settlement") for name in made["settles"]}
    open_ = [one for one in due() if one["id"] not in before and one["day"] <= day.isoformat()]
    if open_ and day <= datetime.now(INDIA).date():
        settles = [one["id"] for one in open_]
        books.keep(new(open_) | {"object": "settlement", "day": day.isoformat(), "settles": settles})
    return [made for made in books.listed("settlement") if made["day"] == day.isoformat()]


def fee_and_tax(amount: str) -> tuple[Decimal, Decimal]:
    """What the vendor keeps of a charge: 2 %, and 18 % of that."""
    fee = (Decimal(amount) * _FEE).quantize(_CENT, ROUND_HALF_UP)
    return fee, (fee * _TAX).quantize(_CENT, ROUND_HALF_UP)


def today() -> str:
    """The day in India."""
    return datetime.now(INDIA).date().isoformat()
