"""Razorpay's orders, payments, refunds and disputes."""

import secrets
import time
from typing import Any

from payments.sandbox.books import Books, Record
from payments.sandbox.dialect import Answer, Params
from payments.sandbox.razorpay import means
from payments.sandbox.razorpay.mistakes import missing, refused, wrong

_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"


class Counter:
    """The vendor's side of the counter."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.heard: list[Record] = []

    def create_order(self, asked: Any) -> Answer:
        """POST /v1/orders."""
        if not isinstance(asked.get("amount"), int) or asked["amount"] < 100:
            return wrong("Order amount less than minimum amount allowed")
        made = new("order") | {
            "amount": asked["amount"],
            "amount_paid": 0,
            "amount_due": asked["amount"],
            "currency": asked["currency"],
            "receipt": asked.get("receipt"),
            "offer_id": None,
            "status": "created",
            "attempts": 0,
            "notes": asked.get("notes") or [],
        }
        return Answer(200, shown(self.books.keep(made)))

    def list_orders(self, params: Params) -> Answer:
        """GET /v1/orders."""
        receipt = params.get("receipt")
        made = [one for one in self.books.listed("order") if receipt is None or one["receipt"] == receipt]
        return Answer(200, collection(made))

    def payments_of(self, name: str) -> Answer:
        """GET /v1/orders/ID/payments, the newest first."""
        made = [one for one in reversed(self.books.listed("payment")) if one["order_id"] == name]
        return Answer(200, collection(made))

    def create_recurring(self, asked: Any) -> Answer:
        """POST /v1/payments/create/recurring, of a mandate."""
        token = str(asked.get("token"))
        known = token in {means.GOOD_TOKEN, means.DISPUTED_TOKEN} or token.startswith(means.REFUSING)
        if not known or asked.get("customer_id") != means.CUSTOMER:
            return missing()
        reason = token.removeprefix(means.REFUSING) if token.startswith(means.REFUSING) else ""
        return self._created(asked, "card", reason, disputed=token == means.DISPUTED_TOKEN)

    def create_upi(self, asked: Any) -> Answer:
        """POST /v1/payments/create/upi, by collect: the payer's app is asked, and answers at once here."""
        reason = means.reason_of(str(asked.get("upi", {}).get("vpa", "")))
        if reason is None:
            return wrong("Invalid VPA. Please enter a valid Virtual Payment Address")
        answer = self._created(asked, "upi", reason)
        return answer if answer.status == 200 else Answer(200, self._begun(asked["order_id"]))

    def payment(self, name: str) -> Answer:
        """GET /v1/payments/ID."""
        found = self.found(name, "payment")
        return Answer(200, shown(found)) if found else missing()

    def refund(self, name: str, asked: Any) -> Answer:
        """POST /v1/payments/ID/refund."""
        paid = self.found(name, "payment")
        if paid is None:
            return missing()
        if paid["status"] not in {"captured", "refunded"}:
            return wrong("The payment status should be captured for action to be taken")
        left = paid["amount"] - paid["amount_refunded"]
        amount = asked.get("amount", left)
        if left == 0:
            return wrong("The payment has been fully refunded already")
        if not 0 < amount <= left:
            return wrong("The total refund amount is greater than the refund payment amount")
        made = new("rfnd") | {
            "entity": "refund",
            "object": "refund",
            "amount": amount,
            "currency": paid["currency"],
            "payment_id": name,
            "notes": asked.get("notes") or [],
            "receipt": asked.get("receipt"),
            "acquirer_data": {"arn": None},
            "status": "processed",
            "speed_requested": asked.get("speed", "normal"),
            "speed_processed": "normal",
        }
        whole = (
            {"status": "refunded", "refund_status": "full"}
            if amount == left
            else {"refund_status": "partial"}
        )
        self.books.keep(paid | {"amount_refunded": paid["amount_refunded"] + amount} | whole)
        self.books.keep(made)
        self.tell("refund.processed", refund=made, payment=self.books.objects[name])
        return Answer(200, shown(made))

    def refunds_of(self, name: str) -> Answer:
        """GET /v1/payments/ID/refunds."""
        made = [one for one in reversed(self.books.listed("refund")) if one["payment_id"] == name]
        return Answer(200, collection(made))

    def dispute(self, name: str) -> Answer:
        """GET /v1/disputes/ID."""
        found = self.found(name, "dispute")
        return Answer(200, shown(found)) if found else missing()

    def found(self, name: str, kind: str) -> Record | None:
        """An object of a kind."""
        found = self.books.objects.get(name)
        return found if found is not None and found["object"] == kind else None

    def paid(self, order: Record, method: str, reason: str, notes: Any, disputed: bool = False) -> Record:
        """An attempt to pay an order."""
        made = new("pay") | {
            "entity": "payment",
            "object": "payment",
            "amount": order["amount"],
            "currency": order["currency"],
            "status": "failed" if reason else "captured",
            "order_id": order["id"],
            "invoice_id": None,
            "international": False,
            "method": method,
            "amount_refunded": 0,
            "refund_status": None,
            "captured": not reason,
            "description": None,
            "notes": notes or [],
            "fee": None if reason else order["amount"] * 2 // 100,
            "tax": None if reason else 0,
            "error_code": "BAD_REQUEST_ERROR" if reason else None,
            "error_reason": reason or None,
            "error_source": "customer" if reason else None,
            "error_step": "payment_authorization" if reason else None,
            "error_description": "Your payment could not be completed." if reason else None,
        }
        state = (
            {"status": "attempted"}
            if reason
            else {"status": "paid", "amount_paid": order["amount"], "amount_due": 0}
        )
        self.books.keep(order | state | {"attempts": order["attempts"] + 1})
        self.books.keep(made)
        self.tell("payment.failed" if reason else "payment.captured", payment=made)
        if disputed and not reason:
            about = self.books.keep(_dispute(made))
            self.tell("payment.dispute.created", dispute=about, payment=made)
        return made

    def tell(self, kind: str, **about: Record) -> None:
        """Have an event sent; the first thing is the one that it is about."""
        self.heard.append(
            {
                "id": secrets.token_hex(7),
                "entity": "event",
                "account_id": "acc_sandbox",
                "event": kind,
                "contains": list(about),
                "payload": {name: {"entity": shown(one)} for name, one in about.items()},
                "created_at": int(time.time()),
            }
        )

    def _created(self, asked: Any, method: str, reason: str, disputed: bool = False) -> Answer:
        order = self.found(str(asked.get("order_id")), "order")
        if order is None:
            return missing()
        if order["status"] == "paid":
            return wrong("Order already paid")
        if (asked.get("amount"), asked.get("currency")) != (order["amount"], order["currency"]):
            return wrong(
                "Payment amount is different from your order amount. To pay successfully, please try again."
            )
        made = self.paid(order, method, reason, asked.get("notes"), disputed)
        if reason:
            return refused(reason, made["id"], order["id"])
        return Answer(200, self._begun(order["id"]))

    def _begun(self, order: str) -> Record:
        made = [one for one in self.books.listed("payment") if one["order_id"] == order][-1]
        return {"razorpay_payment_id": made["id"], "razorpay_order_id": order, "razorpay_signature": "0" * 64}


def new(prefix: str) -> Record:
    """An object with an id of Razorpay's form."""
    name = "".join(secrets.choice(_ALPHABET) for _ in range(14))
    return {"id": f"{prefix}_{name}", "entity": prefix, "object": prefix, "created_at": int(time.time())}


def shown(record: Record) -> Record:
    """An object as it is answered."""
    return {name: value for name, value in record.items() if name != "object"}


def collection(records: list[Record]) -> Record:
    """A list as it is answered."""
    return {"entity": "collection", "count": len(records), "items": [shown(one) for one in records]}


def _dispute(payment: Record) -> Record:
    return new("disp") | {
        "entity": "dispute",
        "object": "dispute",
        "payment_id": payment["id"],
        "amount": payment["amount"],
        "currency": payment["currency"],
        "amount_deducted": 0,
        "reason_code": "goods_or_services_not_received_or_partially_received",
        "respond_by": int(time.time()) + 14 * 86400,
        "status": "open",
        "phase": "chargeback",
    }
