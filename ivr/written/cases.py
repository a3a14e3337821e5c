"""The cases of a branch: a value alone, or a range of numbers such as `1-3` or `100-`."""

import datetime as dt
import re
from decimal import Decimal
from enum import Enum
from typing import Final

from core.money import Money

_NUMBER: Final = r"\d{1,12}(?:\.\d{1,4})?"
_CASE: Final = re.compile(rf"(?P<first>{_NUMBER})(?P<to>-(?P<last>{_NUMBER})?)?")

Kept = str | bool | Money | dt.date
"""What a flow keeps of an answer: digits, yes or no, an amount, a day."""


class Kind(Enum):
    """What a value is."""

    DIGITS = "digits"
    YES_NO = "yes or no"
    AMOUNT = "an amount"
    DAY = "a day"


def mistake_in(case: str, kind: Kind) -> str:
    """Why it is no case for such a value; empty when it is one."""
    if kind is Kind.DAY:
        return "a day cannot be branched on"
    if kind is Kind.YES_NO:
        return "" if case in ("yes", "no") else "must be yes or no"
    found = _CASE.fullmatch(case)
    if found is None or (found["last"] and Decimal(found["last"]) < Decimal(found["first"])):
        return "must be a number, or a range such as 1-3 or 100-"
    return ""


def fits(case: str, value: Kept) -> bool:
    """Whether a value is meant by a case; amounts are compared in whole units of their money."""
    match value:
        case bool():
            return case == ("yes" if value else "no")
        case Money():
            return _within(case, Decimal(value.decimal))
        case str():
            return case == value or (value.isdecimal() and "-" in case and _within(case, Decimal(value)))
        case _:
            return False


def _within(case: str, number: Decimal) -> bool:
    found = _CASE.fullmatch(case)
    if found is None:
        return False
    first = Decimal(found["first"])
    if found["to"] is None:
        return number == first
    return first <= number and (found["last"] is None or number <= Decimal(found["last"]))
