"""PayU's webhooks about payments: https://docs.payu.in/docs/webhooks.

The hash covers the transaction's id, its amount and its status, and neither a time nor PayU's own number:
what is not signed is not read, but for the code of a refusal. Of refunds PayU tells without any signature;
those are looked up.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl

from core.ids import PaymentId
from payments.gateways.payu import answers, signing
from payments.gateways.payu.account import Account
from payments.notice import ChargeNews, Distrust, Distrusted, Notice


def noticed(account: Account, body: bytes, now: datetime) -> Notice | Distrusted:
    """The event, if its hash was made with our salt; the same status of the same payment is one event."""
    try:
        told = _fields(body)
    except ValueError:
        return Distrusted(Distrust.NO_SIGNATURE, "neither a form nor JSON")
    if not told.get("hash"):
        return Distrusted(Distrust.NO_SIGNATURE, "no hash: PayU signs what it tells of payments")
    right = signing.of_answer(account.key, account.salt, told)
    if not hmac.compare_digest(right.encode(), told["hash"].lower().encode()):
        return Distrusted(Distrust.WRONG_SIGNATURE, "signed with another salt, or changed on its way")
    name, status = told.get("txnid", ""), told.get("status", "")
    if not name or not status:
        return Distrusted(Distrust.MALFORMED, "no txnid or no status")
    signed = {
        "status": status,
        "error": told.get("error", ""),
        "error_Message": told.get("error_Message", ""),
    }
    outcome = answers.of_transaction(signed, name)
    return Notice(account.name, f"{name}:{status}", now, ChargeNews(PaymentId(f"pay_{name}"), name, outcome))


def _fields(body: bytes) -> Mapping[str, str]:
    text = body.decode()
    if text.lstrip().startswith("{"):
        return {name: str(value) for name, value in json.loads(text).items() if value is not None}
    return dict(parse_qsl(text, keep_blank_values=True))
