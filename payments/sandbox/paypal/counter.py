"""PayPal's orders, and the authorizations, captures and refunds that come of them."""

import secrets
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from payments.sandbox.books import Record
from payments.sandbox.dialect import Answer, Params
from payments.sandbox.paypal.cards import Cards
from payments.sandbox.paypal.mistakes import missing, unprocessable


class Counter(Cards):
    """The vendor's side of the counter."""

    def create_order(self, asked: Any) -> Answer:
        """POST /v2/checkout/orders, paid in the same step by a vaulted card."""
        unit = asked["purchase_units"][0]
        source = asked.get("payment_source", {}).get("card", {})
        card = self.books.objects.get(source.get("vault_id", ""))
        if card is None or card["object"] != "card" or card["gone"]:
            return missing("The vaulted card does not exist.")
        if self._invoiced(unit.get("invoice_id")):
            return unprocessable("DUPLICATE_INVOICE_ID", "Duplicate Invoice ID detected.")
        order = self.books.keep(self.new_order(asked, "COMPLETED", {"card": card["card"]}))
        held = asked["intent"] == "AUTHORIZE"
        made = self._payment("authorization" if held else "capture", order, unit["amount"], card["refusal"])
        if card["disputed"]:
            told = _dispute(made)
            self.books.keep({"id": told["dispute_id"], "object": "dispute"} | told)
            self._tell("CUSTOMER.DISPUTE.CREATED", told)
        return Answer(201, self.order(order["id"]).body)

    def new_order(self, asked: Any, status: str, source: Record) -> Record:
        """An order for one unit."""
        unit = asked["purchase_units"][0]
        kept = {name: unit.get(name) for name in ("custom_id", "invoice_id", "amount", "description")}
        about = {"intent": asked["intent"], "status": status, "payment_source": source, "unit": kept}
        return _new("order") | about

    def order(self, name: str) -> Answer:
        """GET /v2/checkout/orders/ID."""
        found = self.books.objects.get(name)
        if found is None or found["object"] != "order":
            return missing("The order does not exist.")
        payments = {
            f"{kind}s": [self.shown(one) for one in self.books.listed(kind) if one["order"] == name]
            for kind in ("authorization", "capture", "refund")
        }
        unit = found["unit"] | {
            "reference_id": "default",
            "payments": {kind: made for kind, made in payments.items() if made},
        }
        shown = {key: found[key] for key in ("id", "intent", "status", "payment_source", "create_time")}
        links = [{"href": found["url"], "rel": "payer-action", "method": "GET"}] if found.get("url") else []
        return Answer(200, shown | {"purchase_units": [unit], "links": links})

    def payment(self, kind: str, name: str) -> Answer:
        """GET /v2/payments/KINDs/ID."""
        found = self.books.objects.get(name)
        if found is None or found["object"] != kind:
            return missing(f"The {kind} does not exist.")
        return Answer(200, self.shown(found))

    def capture(self, name: str, asked: Any) -> Answer:
        """POST /v2/payments/authorizations/ID/capture."""
        held = self.books.objects.get(name)
        if held is None or held["object"] != "authorization":
            return missing("The authorization does not exist.")
        if held["status"] != "CREATED":
            issue = "AUTHORIZATION_VOIDED" if held["status"] == "VOIDED" else "AUTHORIZATION_ALREADY_CAPTURED"
            return unprocessable(issue, "The authorization can not be captured.")
        amount = asked.get("amount") or held["amount"]
        if Decimal(amount["value"]) > Decimal(held["amount"]["value"]):
            return unprocessable("MAX_CAPTURE_AMOUNT_EXCEEDED", "Capture amount exceeds allowable limit.")
        self.books.keep(held | {"status": "CAPTURED"})
        made = self._payment("capture", self.books.objects[held["order"]], amount, "")
        return Answer(201, self.shown(made))

    def void(self, name: str) -> Answer:
        """POST /v2/payments/authorizations/ID/void."""
        held = self.books.objects.get(name)
        if held is None or held["object"] != "authorization":
            return missing("The authorization does not exist.")
        if held["status"] != "CREATED":
            return unprocessable("PREVIOUSLY_CAPTURED", "The authorization can not be voided.")
        gone = self.books.keep(held | {"status": "VOIDED"})
        self._tell("PAYMENT.AUTHORIZATION.VOIDED", self.shown(gone))
        return Answer(204, "")

    def refund(self, name: str, asked: Any) -> Answer:
        """POST /v2/payments/captures/ID/refund."""
        taken = self.books.objects.get(name)
        if taken is None or taken["object"] != "capture":
            return missing("The capture does not exist.")
        back = sum(
            (Decimal(one["amount"]["value"]) for one in self.books.listed("refund") if one["of"] == name),
            start=Decimal(0),
        )
        left = Decimal(taken["amount"]["value"]) - back
        if left == 0:
            return unprocessable("CAPTURE_FULLY_REFUNDED", "The capture has already been fully refunded.")
        amount = asked.get("amount") or taken["amount"] | {"value": str(left)}
        if Decimal(amount["value"]) > left:
            return unprocessable("REFUND_AMOUNT_EXCEEDED", "The refund amount exceeds the remaining amount.")
        made = self.books.keep(
            _new("refund")
            | {
                "order": taken["order"],
                "of": name,
                "status": "COMPLETED",
                "amount": amount,
                "custom_id": asked.get("custom_id"),
                "invoice_id": asked.get("invoice_id"),
            }
        )
        whole = Decimal(amount["value"]) == left
        self.books.keep(taken | {"status": "REFUNDED" if whole else "PARTIALLY_REFUNDED"})
        self._tell("PAYMENT.CAPTURE.REFUNDED", self.shown(made))
        return Answer(201, self.shown(made))

    def report(self, params: Params) -> Answer:
        """GET /v1/reporting/transactions. This one does not lag behind."""
        first, last = (datetime.fromisoformat(params[name]) for name in ("start_date", "end_date"))
        made = [
            _row(one)
            for kind in ("capture", "authorization")
            for one in self.books.listed(kind)
            if first <= datetime.fromisoformat(one["create_time"]) <= last
        ]
        size, page = int(params.get("page_size", "100")), int(params.get("page", "1"))
        rows = made[size * (page - 1) : size * page]
        pages = max(1, -(-len(made) // size))
        return Answer(
            200,
            {"transaction_details": rows, "page": page, "total_items": len(made), "total_pages": pages},
        )

    def shown(self, made: Record) -> Record:
        """A payment as it is answered."""
        hidden = {"object", "order", "of"}
        links = []
        if made["object"] == "refund":
            links = [{"href": f"https://api.sandbox.example/v2/payments/captures/{made['of']}", "rel": "up"}]
        related = {"related_ids": {"order_id": made["order"]}}
        visible = {name: value for name, value in made.items() if name not in hidden and value is not None}
        return visible | {"supplementary_data": related, "links": links, "update_time": made["create_time"]}

    def _payment(self, kind: str, order: Record, amount: Any, refusal: str) -> Record:
        good, bad = ("CREATED", "DENIED") if kind == "authorization" else ("COMPLETED", "DECLINED")
        made = _new(kind) | {
            "order": order["id"],
            "status": bad if refusal else good,
            "amount": amount,
            "custom_id": order["unit"]["custom_id"],
            "invoice_id": order["unit"]["invoice_id"],
            "final_capture": True,
            "processor_response": {"response_code": refusal or "0000", "avs_code": "Y", "cvv_code": "M"},
        }
        told = "CREATED" if kind == "authorization" else "DENIED" if refusal else "COMPLETED"
        if not (refusal and kind == "authorization"):
            self._tell(f"PAYMENT.{kind.upper()}.{told}", self.shown(made))
        return self.books.keep(made)

    def _invoiced(self, invoice: str | None) -> bool:
        """Whether an invoice was paid; a declined one may be tried again."""
        paid = [one for kind in ("capture", "authorization") for one in self.books.listed(kind)]
        return invoice is not None and any(
            one["invoice_id"] == invoice and one["status"] not in {"DECLINED", "DENIED"} for one in paid
        )

    def _tell(self, kind: str, about: Record) -> None:
        event = {
            "id": f"WH-{secrets.token_hex(8).upper()}",
            "event_version": "1.0",
            "create_time": _now(),
            "resource_type": kind.split(".")[1].lower(),
            "event_type": kind,
            "summary": kind,
            "resource": about,
            "links": [],
        }
        self.heard.append(event)


def _new(kind: str) -> Record:
    return {"id": secrets.token_hex(9)[:17].upper(), "object": kind, "create_time": _now()}


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}Z"


def _row(made: Record) -> Record:
    held = made["object"] == "authorization"
    info = {
        "transaction_id": made["id"],
        "paypal_reference_id": made["order"],
        "paypal_reference_id_type": "ODR",
        "transaction_event_code": "T1300" if held else "T0006",
        "transaction_initiation_date": made["create_time"],
        "transaction_updated_date": made["create_time"],
        "transaction_amount": made["amount"],
        "transaction_status": "S" if made["status"] in {"COMPLETED", "CREATED", "CAPTURED"} else "D",
        "custom_field": made["custom_id"],
        "invoice_id": made["invoice_id"],
    }
    return {"transaction_info": info}


def _dispute(made: Record) -> Record:
    due = datetime.now(UTC) + timedelta(days=10)
    return {
        "dispute_id": f"PP-D-{secrets.randbelow(10**9)}",
        "create_time": _now(),
        "disputed_transactions": [{"seller_transaction_id": made["id"], "custom": made["custom_id"]}],
        "reason": "UNAUTHORISED",
        "status": "WAITING_FOR_SELLER_RESPONSE",
        "dispute_amount": made["amount"],
        "seller_response_due_date": f"{due:%Y-%m-%dT%H:%M:%S}Z",
    }
