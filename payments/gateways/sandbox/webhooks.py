"""The bogus gateway's webhooks: JSON, signed by HMAC-SHA256 over the time and the raw body."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from core.errors import BadInput
from core.ids import PaymentId
from core.money import Money
from payments.notice import (
    TOLERANCE_S,
    ChargeNews,
    DisputeNews,
    Distrust,
    Distrusted,
    News,
    Notice,
    OtherNews,
    RefundNews,
    Stage,
)
from payments.outcome import Approved, DeclineCode, Declined, Outcome

HEADER: Final = "sandbox-signature"


def signed(body: bytes, secret: bytes, at: datetime) -> dict[str, str]:
    """The header that goes with a body: `t=SECONDS,v1=HMAC`."""
    stamp = str(int(at.timestamp()))
    return {HEADER: f"t={stamp},v1={_hmac(body, secret, stamp)}"}


def written(event: str, at: datetime, news: News) -> bytes:
    """The body that tells of something."""
    return json.dumps({"id": event, "at": at.timestamp(), **_fields(news)}).encode()


def heard(
    gateway: str, body: bytes, headers: Mapping[str, str], secret: bytes, now: datetime
) -> Notice | Distrusted:
    """Check the signature, then read the body."""
    parts = dict(part.partition("=")[::2] for part in headers.get(HEADER, "").split(","))
    stamp, signature = parts.get("t", ""), parts.get("v1", "")
    if not signature or not stamp.isdigit():
        return Distrusted(Distrust.NO_SIGNATURE, f"there is no {HEADER} header of the form t=...,v1=...")
    if not hmac.compare_digest(signature.encode(), _hmac(body, secret, stamp).encode()):
        return Distrusted(Distrust.WRONG_SIGNATURE, "the signature is not that of this body")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE_S:
        return Distrusted(Distrust.TOO_OLD, f"signed {now.timestamp() - int(stamp):.0f} s ago")
    try:
        told = json.loads(body)
        return Notice(gateway, str(told["id"]), datetime.fromtimestamp(float(told["at"]), UTC), _news(told))
    except (ValueError, KeyError, TypeError, AttributeError, BadInput) as error:
        return Distrusted(Distrust.MALFORMED, f"the body cannot be read ({type(error).__name__})")


def _fields(news: News) -> dict[str, object]:
    match news:
        case ChargeNews(payment, ref, outcome):
            return {"kind": "charge", "payment": payment, "ref": ref, **_outcome_fields(outcome)}
        case RefundNews(charge_ref, ref, amount, outcome, refund):
            about = {"kind": "refund", "charge_ref": charge_ref, "ref": ref, "refund": refund}
            return about | _amount_fields(amount) | _outcome_fields(outcome)
        case DisputeNews(charge_ref, ref, stage, amount, reason, _):
            about = {"kind": "dispute", "charge_ref": charge_ref, "ref": ref, "stage": stage.value}
            return about | {"reason": reason} | _amount_fields(amount)
        case OtherNews(kind):
            return {"kind": kind}


def _news(told: Mapping[str, Any]) -> News:
    match told["kind"]:
        case "charge":
            payment = PaymentId(told["payment"]) if told["payment"] else None
            return ChargeNews(payment, str(told["ref"]), _outcome(told))
        case "refund":
            amount = Money(int(told["minor"]), told["currency"])
            return RefundNews(told["charge_ref"], told["ref"], amount, _outcome(told), told["refund"])
        case "dispute":
            amount = Money(int(told["minor"]), told["currency"])
            return DisputeNews(told["charge_ref"], told["ref"], Stage(told["stage"]), amount, told["reason"])
        case kind:
            return OtherNews(str(kind))


def _amount_fields(amount: Money) -> dict[str, object]:
    return {"minor": amount.minor, "currency": amount.currency}


def _outcome_fields(outcome: Outcome) -> dict[str, object]:
    match outcome:
        case Approved(_, captured):
            return {"outcome": "approved", "captured": captured}
        case Declined(code, gateway_code):
            return {"outcome": "declined", "code": code.value, "word": gateway_code}
        case _:
            raise BadInput(f"the sandbox tells of what is decided, not of {outcome}")


def _outcome(told: Mapping[str, Any]) -> Outcome:
    if told["outcome"] == "approved":
        return Approved(str(told["ref"]), bool(told["captured"]))
    return Declined(DeclineCode(told["code"]), str(told["word"]), str(told["ref"]))


def _hmac(body: bytes, secret: bytes, stamp: str) -> str:
    return hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
