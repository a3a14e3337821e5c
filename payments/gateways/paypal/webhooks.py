"""PayPal's webhooks: https://developer.paypal.com/api/rest/webhooks/rest/#verify-the-webhook-signature."""

import base64
import json
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from core.errors import BadInput
from core.ids import PaymentId
from payments.currencies import Currencies
from payments.gateways.paypal import answers
from payments.gateways.paypal.account import Account
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

RESENT_FOR: Final = timedelta(days=3)
"""A webhook that nobody took is sent again for three days, with its first time in the signature."""

_HEADERS: Final = ("paypal-transmission-id", "paypal-transmission-time", "paypal-transmission-sig")
_STAGES: Final = {"RESOLVED_SELLER_FAVOUR": Stage.WON, "RESOLVED_BUYER_FAVOUR": Stage.LOST}


def noticed(
    account: Account, currencies: Currencies, body: bytes, headers: Mapping[str, str], now: datetime
) -> Notice | Distrusted:
    """The event, if one of PayPal's certificates signed it for our webhook in the last three days."""
    transmission, at, signature = (headers.get(name, "") for name in _HEADERS)
    if not (transmission and at and signature and account.webhook_id and account.webhook_certificates):
        return Distrusted(Distrust.NO_SIGNATURE, "no PAYPAL-TRANSMISSION headers, or no webhook is set up")
    signed = f"{transmission}|{at}|{account.webhook_id}|{zlib.crc32(body)}".encode()
    if not _signed(account, signed, signature):
        return Distrusted(Distrust.WRONG_SIGNATURE, "not signed by a certificate that we know")
    try:
        age = now - datetime.fromisoformat(at)
        if not -TOLERANCE_S <= age.total_seconds() <= RESENT_FOR.total_seconds():
            return Distrusted(Distrust.TOO_OLD, f"sent at {at}")
        event = json.loads(body)
        made = datetime.fromisoformat(event["create_time"]).astimezone(UTC)
        return Notice(
            account.name, event["id"], made, _read(event["event_type"], event["resource"], currencies)
        )
    except (ValueError, KeyError, TypeError, IndexError, BadInput) as error:
        return Distrusted(Distrust.MALFORMED, f"not an event of PayPal's ({type(error).__name__})")


def _signed(account: Account, signed: bytes, signature: str) -> bool:
    if account.webhook_certificates is None:
        return False
    for certificate in x509.load_pem_x509_certificates(account.webhook_certificates.read_bytes()):
        key = certificate.public_key()
        try:
            if isinstance(key, rsa.RSAPublicKey):
                key.verify(base64.b64decode(signature), signed, padding.PKCS1v15(), SHA256())
                return True
        except (InvalidSignature, ValueError):
            continue
    return False


def _read(kind: str, about: answers.Json, currencies: Currencies) -> News:
    match kind.split("."):
        case ["PAYMENT", "CAPTURE", "REFUNDED" | "REVERSED"] | ["PAYMENT", "REFUND", _]:
            return _refund(about, currencies)
        case ["PAYMENT", "CAPTURE", _]:
            return ChargeNews(_payment(about), about["id"], answers.of_capture(about))
        case ["PAYMENT", "AUTHORIZATION", "CREATED" | "VOIDED"]:
            return ChargeNews(_payment(about), about["id"], answers.of_authorization(about))
        case ["CUSTOMER", "DISPUTE", _]:
            return _dispute(about, currencies)
        case _:
            return OtherNews(kind)


def _payment(about: answers.Json) -> PaymentId | None:
    return PaymentId(about["custom_id"]) if about.get("custom_id") else None


def _refund(about: answers.Json, currencies: Currencies) -> RefundNews:
    up = next(link["href"] for link in about["links"] if link["rel"] == "up")
    amount = about["amount"]
    return RefundNews(
        charge_ref=up.rpartition("/")[2],
        ref=about["id"],
        amount=currencies.parse(amount["value"], amount["currency_code"]),
        outcome=answers.of_refund(about),
        refund=about.get("custom_id") or "",
    )


def _dispute(about: answers.Json, currencies: Currencies) -> DisputeNews:
    amount, due = about["dispute_amount"], about.get("seller_response_due_date")
    result = (about.get("dispute_outcome") or {}).get("outcome_code", "")
    return DisputeNews(
        charge_ref=about["disputed_transactions"][0]["seller_transaction_id"],
        ref=about["dispute_id"],
        stage=_STAGES.get(result, Stage.OPENED),
        amount=currencies.parse(amount["value"], amount["currency_code"]),
        reason=about.get("reason") or "",
        due_by=datetime.fromisoformat(due).astimezone(UTC) if due else None,
    )
