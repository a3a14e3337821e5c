"""Square's webhooks: https://developer.squareup.com/docs/webhooks/step3validate."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from core.errors import BadInput
from payments.currencies import Currencies
from payments.gateways.square import answers
from payments.gateways.square.account import Account
from payments.gateways.square.pages import on_a_page, payment_of
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
from payments.outcome import Declined

RESENT_FOR: Final = timedelta(hours=24)
"""A webhook that nobody took is sent again for a day; its time is that of the event."""

_STAGES: Final = {"WON": Stage.WON, "LOST": Stage.LOST, "ACCEPTED": Stage.LOST}


def noticed(
    account: Account, currencies: Currencies, body: bytes, headers: Mapping[str, str], now: datetime
) -> Notice | Distrusted:
    """The event, if it was signed for our address with our key, and is not older than a day."""
    given = headers.get("x-square-hmacsha256-signature", "")
    if not (given and account.webhook_key and account.webhook_url):
        return Distrusted(Distrust.NO_SIGNATURE, "no x-square-hmacsha256-signature, or no webhook is set up")
    signed = account.webhook_url.encode() + body
    right = base64.b64encode(hmac.new(account.webhook_key.encode(), signed, hashlib.sha256).digest())
    if not hmac.compare_digest(right, given.encode()):
        return Distrusted(Distrust.WRONG_SIGNATURE, "signed with another key or for another address")
    try:
        event = json.loads(body)
        at = datetime.fromisoformat(event["created_at"]).astimezone(UTC)
        if not -TOLERANCE_S <= (now - at).total_seconds() <= RESENT_FOR.total_seconds():
            return Distrusted(Distrust.TOO_OLD, f"of {at:%Y-%m-%dT%H:%M:%SZ}")
        return Notice(
            account.name, event["event_id"], at, _read(event["type"], event["data"]["object"], currencies)
        )
    except (ValueError, KeyError, TypeError, BadInput) as error:
        return Distrusted(Distrust.MALFORMED, f"not an event of Square's ({type(error).__name__})")


def _read(kind: str, about: answers.Json, currencies: Currencies) -> News:
    match kind:
        case "payment.created" | "payment.updated":
            payment = about["payment"]
            outcome = answers.of_payment(payment)
            if on_a_page(payment) and isinstance(outcome, Declined):
                return OtherNews(kind)  # whoever is refused on a page may try again there
            return ChargeNews(payment_of(payment), payment["id"], outcome)
        case "refund.created" | "refund.updated":
            refund = about["refund"]
            money = refund["amount_money"]
            return RefundNews(
                charge_ref=refund["payment_id"],
                ref=refund["id"],
                amount=currencies.money(money["amount"], money["currency"]),
                outcome=answers.of_refund(refund),
                refund=(refund.get("reason") or "").partition(" ")[0],
            )
        case "dispute.created" | "dispute.state.updated":
            return _dispute(about["dispute"], currencies)
        case _:
            return OtherNews(kind)


def _dispute(about: answers.Json, currencies: Currencies) -> DisputeNews:
    money, due = about["amount_money"], about.get("due_at")
    return DisputeNews(
        charge_ref=about["disputed_payment"]["payment_id"],
        ref=about["id"],
        stage=_STAGES.get(about["state"], Stage.OPENED),
        amount=currencies.money(money["amount"], money["currency"]),
        reason=about.get("reason") or "",
        due_by=datetime.fromisoformat(due).astimezone(UTC) if due else None,
    )
