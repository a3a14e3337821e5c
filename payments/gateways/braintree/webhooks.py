"""Braintree's webhooks: a signed form with an XML document in base64.

https://developer.paypal.com/braintree/docs/guides/webhooks/parse. Braintree tells of disputes and of what it
paid out; it does not tell of a charge when it is made, nor of a refund that goes well.
"""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import parse_qs

from core.errors import BadInput
from core.ids import PaymentId
from payments.currencies import Currencies
from payments.gateways.braintree.account import Account
from payments.gateways.braintree.answers import Json
from payments.gateways.braintree.xml import read
from payments.notice import (
    TOLERANCE_S,
    ChargeNews,
    DisputeNews,
    Distrust,
    Distrusted,
    News,
    Notice,
    OtherNews,
    Stage,
)
from payments.outcome import Approved, DeclineCode, Declined

RESENT_FOR: Final = timedelta(hours=24)
"""A webhook that nobody took is sent again for a day, with its first time in it."""

_STAGES: Final = {
    "dispute_opened": Stage.OPENED,
    "dispute_won": Stage.WON,
    "dispute_lost": Stage.LOST,
    "dispute_accepted": Stage.LOST,
    "dispute_auto_accepted": Stage.LOST,
    "dispute_expired": Stage.LOST,
}
_TAKEN: Final = frozenset({"transaction_disbursed", "transaction_settled"})
_FAILED: Final = frozenset({"transaction_settlement_declined"})


def noticed(account: Account, currencies: Currencies, body: bytes, now: datetime) -> Notice | Distrusted:
    """The notification, if it was signed with the account's private key within the last day."""
    form = parse_qs(body.decode("ascii", "replace"))
    signature, payload = form.get("bt_signature", [""])[0], form.get("bt_payload", [""])[0]
    given = dict(pair.split("|", 1) for pair in signature.split("&") if "|" in pair).get(account.public_key)
    if given is None:
        return Distrusted(Distrust.NO_SIGNATURE, "no bt_signature by this account's public key")
    if not _signed(account.private_key, payload, given):
        return Distrusted(Distrust.WRONG_SIGNATURE, "signed with another key, or changed on its way")
    try:
        told = read(base64.b64decode(payload))["notification"]
        at = datetime.fromisoformat(told["timestamp"]).astimezone(UTC)
        subject = told["subject"] if isinstance(told["subject"], dict) else {}
        notice = _notice(account.name, told["kind"], at, subject, currencies)
    except (ValueError, KeyError, TypeError, BadInput) as error:
        return Distrusted(Distrust.MALFORMED, f"not a notification of Braintree's ({type(error).__name__})")
    if not -TOLERANCE_S <= (now - at).total_seconds() <= RESENT_FOR.total_seconds():
        return Distrusted(Distrust.TOO_OLD, f"made at {at:%Y-%m-%dT%H:%M:%SZ}")
    return notice


def _signed(key: str, payload: str, given: str) -> bool:
    """HMAC-SHA1 under the SHA-1 of the private key, over the payload with or without its last newline."""
    secret = hashlib.sha1(key.encode()).digest()  # noqa: S324 - the vendor's choice
    right = (hmac.new(secret, text.encode(), hashlib.sha1).hexdigest() for text in (payload, f"{payload}\n"))
    return any(hmac.compare_digest(one.encode(), given.encode()) for one in right)


def _notice(name: str, kind: str, at: datetime, subject: Json, currencies: Currencies) -> Notice:
    """Notifications have no id of their own: the kind and whom it is about stand for it."""
    about = next((part for part in subject.values() if isinstance(part, dict) and "id" in part), None)
    ref = f"{about['id']}:{about.get('status', '')}" if about else at.isoformat()
    return Notice(name, f"{kind}:{ref}", at, _news(kind, subject, currencies))


def _news(kind: str, subject: Json, currencies: Currencies) -> News:
    if kind in _STAGES:
        return _dispute(kind, subject["dispute"], currencies)
    if kind in _TAKEN or kind in _FAILED:
        told = subject["transaction"]
        order, ref = told.get("order_id"), told["id"]
        code = str(told.get("processor_settlement_response_code") or kind)
        outcome = Approved(ref) if kind in _TAKEN else Declined(DeclineCode.OTHER, code, ref)
        return ChargeNews(PaymentId(order) if order else None, ref, outcome)
    return OtherNews(kind)


def _dispute(kind: str, told: Json, currencies: Currencies) -> DisputeNews:
    due = told.get("reply_by_date")
    return DisputeNews(
        charge_ref=told["transaction"]["id"],
        ref=told["id"],
        stage=_STAGES[kind],
        amount=currencies.parse(told["amount_disputed"], told["currency_iso_code"]),
        reason=told.get("reason") or "",
        due_by=datetime.fromisoformat(due).replace(tzinfo=UTC) if due else None,
    )
