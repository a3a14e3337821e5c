"""Names of things: prefixed, unguessable and sortable by the time they were made."""

import os
import time
from typing import NewType

CallId = NewType("CallId", str)
PaymentId = NewType("PaymentId", str)
AccountId = NewType("AccountId", str)
AttemptId = NewType("AttemptId", str)
RefundId = NewType("RefundId", str)

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
_TIME_CHARS = 9  # milliseconds since 1970 until the year 3084
_SHIFTS = range(5 * _TIME_CHARS - 5, -1, -5)
_RANDOM_CHARS = 16  # 80 bits
_LENGTH = _TIME_CHARS + _RANDOM_CHARS
_CHARS = 8 * _ALPHABET.encode()  # a byte's character is that of its last five bits


def new_call_id() -> CallId:
    """A call's id, `call_` and 25 characters."""
    return CallId(_new("call"))


def new_payment_id() -> PaymentId:
    """A payment's id, `pay_` and 25 characters."""
    return PaymentId(_new("pay"))


def new_account_id() -> AccountId:
    """An account's id, `acct_` and 25 characters."""
    return AccountId(_new("acct"))


def new_attempt_id() -> AttemptId:
    """The id of an attempt to pay, `att_` and 25 characters."""
    return AttemptId(_new("att"))


def new_refund_id() -> RefundId:
    """A refund's id, `ref_` and 25 characters."""
    return RefundId(_new("ref"))


def new_id(prefix: str) -> str:
    """An id of a thing that only one room knows: the prefix, `_` and 25 characters."""
    return _new(prefix)


def made_at_ms(name: str) -> int | None:
    """When an id of ours was made, in milliseconds since 1970; None for an id that is not ours."""
    _, _, tail = name.rpartition("_")
    if len(tail) != _LENGTH or not set(tail) <= set(_ALPHABET):
        return None
    at_ms = 0
    for char in tail[:_TIME_CHARS]:
        at_ms = at_ms << 5 | _ALPHABET.index(char)
    return at_ms


def _new(prefix: str) -> str:
    at_ms = time.time_ns() // 1_000_000
    made = bytes([at_ms >> shift & 31 for shift in _SHIFTS]) + os.urandom(_RANDOM_CHARS)
    return f"{prefix}_{made.translate(_CHARS).decode()}"
