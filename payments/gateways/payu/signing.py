"""PayU's signatures, SHA-512 over fields and the salt: https://docs.payu.in/docs/generate-hash-payu-hosted."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

SIGNED: Final[Sequence[str]] = ("txnid", "amount", "productinfo", "firstname", "email")
_OURS: Final = ("udf1", "udf2", "udf3", "udf4", "udf5")
_EMPTY: Final = [""] * 5  # udf6 to udf10, which nobody fills


def of_form(key: str, salt: str, form: Mapping[str, str]) -> str:
    """The hash of a form that leads a payer to PayU."""
    fields = [form.get(name, "") for name in (*SIGNED, *_OURS)]
    return _hash([key, *fields, *_EMPTY, salt])


def of_answer(key: str, salt: str, answer: Mapping[str, str]) -> str:
    """The hash of what PayU sends back: the same fields from the last to the first, and the status."""
    fields = [answer.get(name, "") for name in reversed((*SIGNED, *_OURS))]
    charges = answer.get("additionalCharges")
    return _hash([*([charges] if charges else []), salt, answer.get("status", ""), *_EMPTY, *fields, key])


def of_command(key: str, salt: str, command: str, about: str) -> str:
    """The hash of a question; `about` is its `var1`."""
    return _hash([key, command, about, salt])


def of_request(key: str, salt: str, at: str) -> str:
    """The Authorization of a GET at the time that its header `Date` tells; it has no body to sign.

    https://docs.payu.in/reference/settlement-detail-range-api, "Authorization header".
    """
    signature = _hash(["", at, salt])
    return f'hmac username="{key}", algorithm="sha512", headers="date", signature="{signature}"'


def _hash(parts: Sequence[str]) -> str:
    return hashlib.sha512("|".join(parts).encode()).hexdigest()
