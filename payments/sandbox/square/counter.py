"""Square's payments, refunds, customers and cards on file."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from payments.sandbox.books import Books, Record
from payments.sandbox.dialect import Answer, Params
from payments.sandbox.square.mistakes import refused, wrong

# https://developer.squareup.com/docs/devtools/sandbox/payments#payment-tokens, and the last of our own
NONCES: Final[Mapping[str, str]] = {
    "cnon:card-nonce-ok": "",
    "cnon:card-nonce-rejected-cvv": "CVV_FAILURE",
    "cnon:card-nonce-rejected-postalcode": "ADDRESS_VERIFICATION_FAILURE",
    "cnon:card-nonce-rejected-expiration": "INVALID_EXPIRATION",
    "cnon:card-nonce-declined": "GENERIC_DECLINE",
    "cnon:card-nonce-already-used": "CARD_TOKEN_USED",
    "cnon:gift-card-nonce-insufficient-funds": "INSUFFICIENT_FUNDS",
    "cnon:card-nonce-disputed": "",
}
_SHOWN_CARD: Final = {"card_brand": "VISA", "last_4": "1111", "exp_month": 12, "exp_year": 2034}


class Counter:
    """The vendor's side of the counter."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.heard: list[Record] = []

    def create_payment(self, asked: Any) -> Answer:
        """POST /v2/payments: a token, or a card on file with its customer."""
        source = asked.get("source_id", "")
        kept = self.books.objects.get(source)
        if source not in NONCES and (kept is None or kept["object"] != "card"):
            return wrong(404, "INVALID_REQUEST_ERROR", "NOT_FOUND", "Card nonce not found", "source_id")
        if kept and (not kept["enabled"] or kept["customer_id"] != asked.get("customer_id")):
            return wrong(400, "PAYMENT_METHOD_ERROR", "INVALID_CARD", "The card is not on file.", "source_id")
        code = NONCES.get(source, "")
        if code == "CARD_TOKEN_USED":
            return wrong(400, "INVALID_REQUEST_ERROR", code, "Card nonce already used.", "source_id")
        at, money = now(), asked["amount_money"]
        taken = "COMPLETED" if asked.get("autocomplete", True) else "APPROVED"
        details: Record = {
            "status": "FAILED" if code else "CAPTURED",
            "card": _SHOWN_CARD,
            "entry_method": "KEYED",
        }
        if code:
            details["errors"] = [{"category": "PAYMENT_METHOD_ERROR", "code": code, "detail": code}]
        made = {
            "id": secrets.token_hex(12),
            "object": "payment",
            "created_at": at,
            "updated_at": at,
            "amount_money": money,
            "total_money": money,
            "status": "FAILED" if code else taken,
            "source_type": "CARD",
            "card_details": details,
            "location_id": asked.get("location_id"),
            "reference_id": asked.get("reference_id"),
            "customer_id": asked.get("customer_id"),
            "note": asked.get("note"),
            "order_id": asked.get("order_id"),
            "refund_ids": [],
        }
        self._tell("payment.created", "payment", self.books.keep(made))
        if code:
            return refused(code, shown(made))
        if source == "cnon:card-nonce-disputed":
            self._tell("dispute.created", "dispute", self.books.keep(_dispute(made)))
        return Answer(200, {"payment": shown(made)})

    def list_payments(self, params: Params) -> Answer:
        """GET /v2/payments, the newest first."""
        first, last = params.get("begin_time", ""), params.get("end_time", "9")
        made = [one for one in reversed(self.books.listed("payment")) if first <= one["created_at"] <= last]
        size, start = int(params.get("limit", "100")), int(params.get("cursor", "0"))
        body: Record = {"payments": [shown(one) for one in made[start : start + size]]}
        return Answer(200, body | ({"cursor": str(start + size)} if len(made) > start + size else {}))

    def complete(self, name: str) -> Answer:
        """POST /v2/payments/ID/complete."""
        return self._moved(name, "COMPLETED")

    def cancel(self, name: str) -> Answer:
        """POST /v2/payments/ID/cancel."""
        return self._moved(name, "CANCELED")

    def create_refund(self, asked: Any) -> Answer:
        """POST /v2/refunds."""
        paid = self.books.objects.get(asked.get("payment_id", ""))
        if paid is None or paid["object"] != "payment":
            return wrong(404, "INVALID_REQUEST_ERROR", "NOT_FOUND", "Payment not found.", "payment_id")
        if paid["status"] != "COMPLETED":
            code = "REFUND_ERROR_PAYMENT_NEEDS_COMPLETION"
            return wrong(400, "REFUND_ERROR", code, "The payment is not completed.", "payment_id")
        back = sum(self.books.objects[ref]["amount_money"]["amount"] for ref in paid["refund_ids"])
        if not 0 < asked["amount_money"]["amount"] <= paid["amount_money"]["amount"] - back:
            said = "The requested refund amount exceeds the amount available to refund."
            return wrong(400, "REFUND_ERROR", "REFUND_AMOUNT_INVALID", said, "amount_money.amount")
        made = {
            "id": f"{paid['id']}_{secrets.token_hex(8)}",
            "object": "refund",
            "status": "COMPLETED",
            "amount_money": asked["amount_money"],
            "payment_id": paid["id"],
            "location_id": paid["location_id"],
            "reason": asked.get("reason"),
            "created_at": now(),
            "updated_at": now(),
        }
        self.books.keep(paid | {"refund_ids": [*paid["refund_ids"], made["id"]]})
        self._tell("refund.created", "refund", self.books.keep(made))
        return Answer(200, {"refund": shown(made)})

    def create_customer(self, asked: Any) -> Answer:
        """POST /v2/customers."""
        about = {"reference_id": asked.get("reference_id"), "created_at": now(), "version": 0}
        made = self.books.keep({"id": secrets.token_hex(13).upper(), "object": "customer", **about})
        return Answer(200, {"customer": shown(made)})

    def create_card(self, asked: Any) -> Answer:
        """POST /v2/cards: a token onto a customer's file."""
        code = NONCES.get(asked.get("source_id", ""), "INVALID_CARD")
        if code:
            return wrong(400, "PAYMENT_METHOD_ERROR", code, code, "source_id")
        customer = asked.get("card", {}).get("customer_id")
        if customer not in self.books.objects:
            return wrong(404, "INVALID_REQUEST_ERROR", "NOT_FOUND", "Customer not found.", "card.customer_id")
        about = {"customer_id": customer, "enabled": True, "version": 1, **_SHOWN_CARD}
        made = self.books.keep({"id": f"ccof:{secrets.token_hex(8)}", "object": "card", **about})
        return Answer(200, {"card": shown(made)})

    def disable_card(self, name: str) -> Answer:
        """POST /v2/cards/ID/disable."""
        found = self.books.objects.get(name)
        if found is None or found["object"] != "card":
            return wrong(404, "INVALID_REQUEST_ERROR", "NOT_FOUND", "Card not found.", "card_id")
        return Answer(200, {"card": shown(self.books.keep(found | {"enabled": False}))})

    def one(self, kind: str, name: str) -> Answer:
        """GET an object of a kind by its id."""
        found = self.books.objects.get(name)
        if found is None or found["object"] != kind:
            return wrong(404, "INVALID_REQUEST_ERROR", "NOT_FOUND", f"Could not find {kind}", f"{kind}_id")
        return Answer(200, {kind: shown(found)})

    def _moved(self, name: str, status: str) -> Answer:
        found = self.books.objects.get(name)
        if found is None or found["object"] != "payment":
            return wrong(404, "INVALID_REQUEST_ERROR", "NOT_FOUND", "Could not find payment", "payment_id")
        if found["status"] != "APPROVED":
            said = f"Payment is in state {found['status']}, which is invalid to be moved."
            return wrong(400, "INVALID_REQUEST_ERROR", "BAD_REQUEST", said, "payment_id")
        made = self.books.keep(found | {"status": status, "updated_at": now()})
        self._tell("payment.updated", "payment", made)
        return Answer(200, {"payment": shown(made)})

    def _tell(self, kind: str, name: str, about: Record) -> None:
        data = {"type": name, "id": about["id"], "object": {name: shown(about)}}
        event = {"merchant_id": "SANDBOX", "type": kind, "event_id": secrets.token_hex(16)}
        self.heard.append({"id": event["event_id"], **event, "created_at": now(), "data": data})


def shown(record: Record) -> Record:
    """An object as it is answered."""
    return {
        name: value
        for name, value in record.items()
        if name not in {"object", "enabled"} and value is not None
    }


def now() -> str:
    """The time of day, as Square writes it."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}Z"


def _dispute(made: Record) -> Record:
    due = datetime.now(UTC) + timedelta(days=14)
    return {
        "id": secrets.token_hex(10),
        "object": "dispute",
        "amount_money": made["amount_money"],
        "reason": "NO_KNOWLEDGE",
        "state": "EVIDENCE_REQUIRED",
        "due_at": f"{due:%Y-%m-%dT%H:%M:%S}Z",
        "disputed_payment": {"payment_id": made["id"]},
        "created_at": now(),
    }
